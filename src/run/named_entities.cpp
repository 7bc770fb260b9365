#include "run/named_entities.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

namespace falaj::run {
namespace {

constexpr const char* kNamedCursor = "webhooks.named";

}  // namespace

// Lines of "stream id", those asked for again with a third word.
Result<NamedEntities> read_named(state::StateStore& state, StoreId store) {
  FALAJ_ASSIGN(const auto text, state.cursor(store, kNamedCursor));
  NamedEntities named;
  std::string_view rest = text ? std::string_view(*text) : std::string_view();
  while (!rest.empty()) {
    const auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    const auto space = line.find(' ');
    if (space == std::string_view::npos) continue;
    extract::NamedEntity entity{std::string(line.substr(0, space)), 0};
    std::from_chars(line.data() + space + 1, line.data() + line.size(), entity.id);
    if (line.ends_with(" again")) named.asked_again.push_back(entity);
    named.all.push_back(std::move(entity));
  }
  return named;
}

Status save_named(state::StateStore& state, StoreId store, const NamedEntities& named,
                  UtcTime now) {
  const std::set<extract::NamedEntity> all(named.all.begin(), named.all.end());
  const std::set<extract::NamedEntity> again(named.asked_again.begin(), named.asked_again.end());
  std::string text;
  for (const auto& entity : all) {
    text +=
        fmt::format("{} {}{}\n", entity.stream, entity.id, again.contains(entity) ? " again" : "");
  }
  return state.set_cursor(store, kNamedCursor, text, now);
}

}  // namespace falaj::run
