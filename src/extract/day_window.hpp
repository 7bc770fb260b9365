// Ranges of whole days: how a list that is too long to be paged is cut into lists that are not.
// Units:    a Day is days since 1970 in the store's zone (Asia/Riyadh, UTC+3, no summer time).
// Threads:  values.
// Facts:    salla-api.md 2.1 (nothing past page x per_page = 10,000), 2.2 (dates are whole days,
//           both ends inclusive)
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"

namespace falaj::extract {

using Day = int64_t;

Day riyadh_day(UtcTime time);
// "2026-11-23"
std::string day_text(Day day);
// Of that form alone; nothing if it is no day of the calendar.
std::optional<Day> parse_day(const std::string& text);

struct DayWindow {
  Day first = 0;
  Day last = 0;  // inclusive
  int64_t days() const { return last - first + 1; }
  bool contains(Day day) const { return first <= day && day <= last; }
  friend bool operator==(const DayWindow&, const DayWindow&) = default;
};

// Rows of one list that can be reached: whole pages only (166 pages of 60).
constexpr int64_t reachable_rows(int64_t page_size) {
  return 10'000 / page_size * page_size;
}

// Cuts `whole` into windows of about equal length, newest first, so that `total` rows spread evenly
// would fill each to two thirds of what can be reached; at least one, at most one a day.
std::vector<DayWindow> split_by_expectation(DayWindow whole, int64_t total, int64_t page_size);

// The two halves, newer first; requires more than one day.
std::vector<DayWindow> halves(DayWindow window);

}  // namespace falaj::extract
