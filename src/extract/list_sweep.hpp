// Reads a whole list, however long: pages while it can be paged, else disjoint windows of days,
// newest first, halved where a window is still too long, a single day cut by status.
// Shape:    calls back for each row; returns what was announced and what was seen.
// Threads:  confined to one.
// Errors:   of the page loop; kSchemaChanged when a filter has no effect; kBadResponse when rows
//           cannot be reached.
// Facts:    salla-api.md 2.1, 2.2 (filters), 6.7 (ignored parameters answer 200)
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/count_range.hpp"
#include "decode/page_index.hpp"
#include "extract/day_window.hpp"
#include "extract/page_loop.hpp"

namespace falaj::extract {

struct ListSpec {
  std::string stream;
  std::string path;              // "/orders"
  std::string bucket = "store";  // quota that its requests draw on, as of a StreamSpec
  std::string extra_query;       // "&expanded=1"
  std::string from_parameter;    // of the day filter; empty: the list has none
  std::string to_parameter;
  std::vector<std::string> statuses;  // to cut an over-full day or list by; may be empty
  std::string status_parameter = "status[]";
  std::string oldest_first;  // "&sort_by=created_at-asc"; empty: cannot be sorted
  int64_t page_size = 60;
  const std::vector<std::string>* volatile_members = nullptr;  // see PageAsk
  const decode::TableSpec* table = nullptr;                    // see PageAsk
  bool is_optional = false;                                    // see PageAsk
  Purpose purpose = Purpose::kChanges;
  std::optional<DayWindow> range;  // only rows created on these days; needs from_parameter
  // Rows out of reach, with no filter to reach them by, are left out instead of an error.
  bool may_be_cut = false;
};

// A part of the list that was paged on its own, and the total that the store gave for it.
struct WindowTotal {
  DayWindow days{1, 0};  // empty: the whole list
  std::string status;    // empty: all
  int64_t total = 0;
};

struct SweepResult {
  int64_t announced = 0;  // the list's own total when the sweep began
  int64_t windows = 0;
  // No total changed while its pages were read, and they had no more rows than it says.
  bool is_steady = true;
  bool is_cut = false;       // not all that was announced could be reached
  int64_t out_of_parts = 0;  // rows that the list announces and its parts do not hold
  std::vector<WindowTotal> totals;
  std::vector<int64_t> ids;  // seen, sorted, each once
};

// What sweep_list() would ask for, as far as first pages tell.
struct SweepPlan {
  int64_t announced = 0;  // the list's own total
  bool is_cut = false;    // not all of it can be reached
  CountRange requests;    // those that the plan has made included
  CountRange rows;        // of all answers
  std::vector<WindowTotal> parts;
  int64_t parts_unseen = 0;  // windows whose first pages were too many to ask for
};

using OnRow = std::function<void(const decode::IndexRow&)>;

// `first`: the answer to page 1 with range_filter(), if it was asked for already.
Result<SweepResult> sweep_list(PageLoop& loop, const ListSpec& list, const OnRow& on_row,
                               std::optional<decode::PageIndex> first = std::nullopt);

// Asks only for the pages that tell how the list is cut, at most `asks_max` of them; on_row has the
// rows of those.
Result<SweepPlan> plan_sweep(PageLoop& loop, const ListSpec& list, const OnRow& on_row,
                             int64_t asks_max,
                             std::optional<decode::PageIndex> first = std::nullopt);

// "&status[]=waiting%20to%20receive%20it"
std::string status_filter(const std::string& slug, const std::string& parameter = "status[]");
// "/orders?page=2&per_page=60" + window and the list's own query.
std::string page_request(const ListSpec& list, int64_t page, const std::string& filter);
// "&from_date=2026-11-01&to_date=2026-11-23" of the list's range, or nothing.
std::string range_filter(const ListSpec& list);

}  // namespace falaj::extract
