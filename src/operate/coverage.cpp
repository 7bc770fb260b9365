#include "operate/coverage.hpp"

#include "operate/report_shapes.hpp"

namespace falaj::operate {

const Described<Coverage>& coverage_shape() {
  const auto day = [](std::string Coverage::*member) {
    return [member](const Coverage& row) {
      const auto& text = row.*member;
      return text.empty() ? std::nullopt : std::optional(text);
    };
  };
  static const auto kShape =
      Described<Coverage>("coverage")
          .field("store_id", &Coverage::store_id, "the store")
          .field("stream", &Coverage::stream, "what kind of record")
          .field("depth", &Coverage::depth,
                 "summary, details, items, full, or unknown: announced and not yet listed")
          .field("entities", &Coverage::entities, "how many are known at this depth", "rows")
          .day("oldest_day", day(&Coverage::oldest_day), "first day of them")
          .day("newest_day", day(&Coverage::newest_day), "last day of them")
          .time("as_of", &Coverage::as_of, "when this was counted");
  return kShape;
}

Json to_json(const std::vector<Coverage>& coverage) {
  return coverage_shape().to_json(coverage);
}

}  // namespace falaj::operate
