#include "simulator/token_book.hpp"

#include <fmt/format.h>

namespace falaj::simulator {
namespace {

constexpr int64_t kCodeSeconds = 600;
constexpr int64_t kUsualLifetime = 1'209'600;

}  // namespace

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

TokenPair TokenBook::issue(size_t store, const std::string& scope, int64_t now) {
  const auto generation = ++generations_[store];
  TokenPair pair{.access = fmt::format("sim-access-{}-{}", store + 1, generation),
                 .refresh = fmt::format("sim-refresh-{}-{}", store + 1, generation),
                 .expires = now + (lifetime_ == 0 ? kUsualLifetime : lifetime_),
                 .scope = scope};
  add(store, pair.access, pair.refresh, now);
  refresh_[pair.refresh].scope = scope;
  return pair;
}

std::optional<TokenPair> TokenBook::refresh(std::string_view token, int64_t now) {
  const auto found = refresh_.find(token);
  if (found == refresh_.end()) {
    ++unknown_;
    return std::nullopt;
  }
  const auto store = found->second.store;
  if (found->second.is_used) {
    ++counts_[store].reused;
    revoke(store);
    return std::nullopt;
  }
  found->second.is_used = true;
  ++counts_[store].refreshed;
  return issue(store, found->second.scope, now);
}

std::string TokenBook::issue_code(size_t store, const std::string& redirect_uri,
                                  const std::string& scope, int64_t now) {
  auto code = fmt::format("sim-code-{}-{}", store + 1, codes_.size() + 1);
  codes_[code] = {
      .store = store, .redirect_uri = redirect_uri, .scope = scope, .expires = now + kCodeSeconds};
  return code;
}

std::optional<TokenPair> TokenBook::exchange(std::string_view code, std::string_view redirect_uri,
                                             int64_t now) {
  const auto found = codes_.find(code);
  if (found == codes_.end()) {
    ++unknown_;
    return std::nullopt;
  }
  auto& known = found->second;
  if (known.is_used) {
    ++counts_[known.store].reused;
    revoke(known.store);
    return std::nullopt;
  }
  if (now >= known.expires || redirect_uri != known.redirect_uri) return std::nullopt;
  known.is_used = true;
  ++counts_[known.store].exchanged;
  return issue(known.store, known.scope, now);
}

void TokenBook::expire(size_t store) {
  for (auto& [text, access] : access_) {
    if (access.store == store) access.is_revoked = true;
  }
}

// A store has one family here: every token that came from its first pair.
void TokenBook::revoke(size_t store) {
  expire(store);
  for (auto& [text, refresh] : refresh_) {
    if (refresh.store == store) refresh.is_used = true;
  }
}

TokenCounts TokenBook::counts(size_t store) const {
  const auto found = counts_.find(store);
  auto counts = found == counts_.end() ? TokenCounts{} : found->second;
  counts.unknown = unknown_;
  return counts;
}

}  // namespace falaj::simulator
