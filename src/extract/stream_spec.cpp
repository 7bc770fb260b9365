#include "extract/stream_spec.hpp"

#include <fmt/format.h>

#include "base/counted.hpp"

namespace falaj::extract {

std::string_view to_string(Paging paging) {
  switch (paging) {
    case Paging::kPages: return "pages";
    case Paging::kOpaqueCursor: return "opaque_cursor";
    case Paging::kIntegerCursor: return "integer_cursor";
    case Paging::kNone: break;
  }
  return "none";
}

std::string_view to_string(Changes changes) {
  switch (changes) {
    case Changes::kLatestFirst: return "latest_first";
    case Changes::kNewestFirst: return "newest_first";
    case Changes::kWithParent: return "with_parent";
    case Changes::kWrittenByFalaj: return "written_by_falaj";
    case Changes::kCompare: break;
  }
  return "compare";
}

std::string cost_of(const StreamSpec& stream) {
  if (stream.path.empty()) return "nothing";
  const std::string one = stream.paging == Paging::kNone ? "1" : "1 a page of 60 rows";
  if (!stream.parent.empty()) return fmt::format("{} for each of {}", one, stream.parent);
  if (stream.changes != Changes::kNewestFirst) return one;
  return fmt::format("{}; later only of the last {}", one, counted(stream.reread_days, "day"));
}

}  // namespace falaj::extract
