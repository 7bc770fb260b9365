#include "stores/known_stores.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/closest.hpp"

namespace falaj::stores {

Error unknown_store(const std::string& word, const std::vector<std::string>& names) {
  return {ErrorKind::kNotFound,
          fmt::format("there is no store \"{}\" in this home{}; `falaj store list` shows them",
                      excerpt(word, 80), did_you_mean(word, names))};
}

Result<FoundStore> find_store(const std::vector<KnownName>& known, const std::string& word) {
  std::set<int64_t> of_id;
  std::set<int64_t> given;
  std::set<int64_t> own;
  std::vector<std::string> names;
  for (const auto& each : known) {
    if (std::to_string(each.store_id) == word) of_id.insert(each.store_id);
    if (each.name == word) (each.was_given ? given : own).insert(each.store_id);
    names.push_back(each.name);
    names.push_back(std::to_string(each.store_id));
  }
  const auto& found = !of_id.empty() ? of_id : !given.empty() ? given : own;
  if (found.empty() || word.empty()) return unknown_store(word, names);
  if (found.size() > 1) {
    return Error(
        ErrorKind::kUsage,
        fmt::format("{} stores are called \"{}\": give the id of the one that is meant, {}",
                    found.size(), excerpt(word, 80), fmt::join(found, " or ")));
  }
  FoundStore store{*found.begin(), ""};
  for (const auto& each : known) {
    if (each.store_id != store.store_id || each.name.empty()) continue;
    if (store.name.empty() || each.was_given) store.name = each.name;
  }
  if (store.name.empty()) store.name = std::to_string(store.store_id);
  return store;
}

}  // namespace falaj::stores
