#include "simulator/token_book.hpp"

#include <fmt/format.h>

namespace falaj::simulator {

void TokenBook::add(size_t store, const std::string& access, const std::string& refresh,
                    int64_t now) {
  access_[access] = {.store = store, .expires = lifetime_ == 0 ? 0 : now + lifetime_};
  refresh_[refresh] = {.store = store};
}

std::optional<size_t> TokenBook::store_of(std::string_view access, int64_t now) const {
  const auto found = access_.find(access);
  if (found == access_.end() || found->second.is_revoked) return std::nullopt;
  if (found->second.expires != 0 && now >= found->second.expires) return std::nullopt;
  return found->second.store;
}

std::optional<TokenPair> TokenBook::refresh(std::string_view token, int64_t now) {
  const auto found = refresh_.find(token);
  if (found == refresh_.end()) return std::nullopt;
  const auto store = found->second.store;
  if (found->second.is_used) {
    // A store has one family here: every token that came from its first pair.
    expire(store);
    for (auto& [text, refresh] : refresh_) {
      if (refresh.store == store) refresh.is_used = true;
    }
    return std::nullopt;
  }
  found->second.is_used = true;
  const auto generation = ++generations_[store];
  TokenPair pair{.access = fmt::format("sim-access-{}-{}", store + 1, generation),
                 .refresh = fmt::format("sim-refresh-{}-{}", store + 1, generation),
                 .expires = now + (lifetime_ == 0 ? 1'209'600 : lifetime_)};
  add(store, pair.access, pair.refresh, now);
  return pair;
}

void TokenBook::expire(size_t store) {
  for (auto& [text, access] : access_) {
    if (access.store == store) access.is_revoked = true;
  }
}

}  // namespace falaj::simulator
