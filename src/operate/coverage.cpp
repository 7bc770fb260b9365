#include "operate/coverage.hpp"

namespace falaj::operate {

Json to_json(const std::vector<Coverage>& coverage) {
  Json::Array rows;
  for (const auto& each : coverage) {
    Json row;
    row.set("store_id", each.store_id);
    row.set("stream", each.stream);
    row.set("depth", each.depth);
    row.set("entities", each.entities);
    row.set("oldest_day", each.oldest_day.empty() ? Json() : Json(each.oldest_day));
    row.set("newest_day", each.newest_day.empty() ? Json() : Json(each.newest_day));
    row.set("as_of", each.as_of);
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace falaj::operate
