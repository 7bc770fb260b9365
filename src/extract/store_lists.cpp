#include "extract/store_lists.hpp"

#include <fmt/format.h>

namespace falaj::extract {

ListSpec customers_list(int64_t page_size) {
  ListSpec list;
  list.stream = "customers";
  list.path = "/customers";
  list.bucket = "customers";
  list.from_parameter = "date_from";
  list.to_parameter = "date_to";
  list.page_size = page_size;
  list.purpose = Purpose::kDeepening;
  list.is_optional = true;
  return list;
}

ListSpec list_of(const StreamSpec& stream, int64_t page_size) {
  ListSpec list;
  list.stream = stream.name;
  list.path = stream.path;
  list.bucket = stream.bucket;
  list.from_parameter = stream.from_parameter;
  list.to_parameter = stream.to_parameter;
  list.page_size = page_size;
  list.table = &stream.table;
  return list;
}

std::vector<ListSpec> backfill_lists(const Backfill& wanted, const std::vector<StreamSpec>& streams,
                                     int64_t page_size) {
  std::vector<ListSpec> lists{customers_list(page_size)};
  for (const auto& stream : streams) {
    if (stream.from_parameter.empty() || !stream.parent.empty()) continue;
    lists.push_back(list_of(stream, page_size));
  }
  std::erase_if(lists, [&wanted](const ListSpec& list) { return !wanted.wants(list.stream); });
  for (auto& list : lists) {
    list.purpose = Purpose::kBackfill;
    list.range = wanted.days;
    list.is_optional = false;
  }
  return lists;
}

Error cannot_be_asked_by_day(const std::string& stream) {
  return Error(ErrorKind::kUsage,
               fmt::format("{0} cannot be asked for by day; `falaj catalog show {0}` tells how it "
                           "is read, and `falaj run` reads it whole",
                           stream));
}

}  // namespace falaj::extract
