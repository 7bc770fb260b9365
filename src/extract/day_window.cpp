#include "extract/day_window.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "base/check.hpp"

namespace falaj::extract {

Day riyadh_day(UtcTime time) {
  constexpr auto kRiyadhOffset = std::chrono::hours(3);
  return std::chrono::floor<std::chrono::days>(time + kRiyadhOffset).time_since_epoch().count();
}

std::string day_text(Day day) {
  const UtcTime midnight{std::chrono::days(day)};
  return to_iso8601(midnight).substr(0, 10);
}

std::optional<Day> parse_day(const std::string& text) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  if (std::sscanf(text.c_str(), "%4d-%2u-%2u", &year, &month, &day) != 3) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(day)};
  if (!date.ok()) return std::nullopt;
  const Day number = std::chrono::sys_days(date).time_since_epoch().count();
  return day_text(number) == text ? std::optional(number) : std::nullopt;
}

std::vector<DayWindow> split_by_expectation(DayWindow whole, int64_t total, int64_t page_size) {
  const int64_t wanted = reachable_rows(page_size) * 2 / 3;
  const int64_t count = std::clamp<int64_t>((total + wanted - 1) / wanted, 1, whole.days());
  std::vector<DayWindow> windows;
  Day last = whole.last;
  for (int64_t i = count; i > 0; --i) {
    const Day first = whole.first + whole.days() * (i - 1) / count;
    windows.push_back({first, last});
    last = first - 1;
  }
  return windows;
}

std::vector<DayWindow> halves(DayWindow window) {
  FALAJ_CHECK(window.days() > 1, "one day cannot be halved: {}", window.first);
  const Day middle = window.first + (window.days() - 1) / 2;
  return {{middle + 1, window.last}, {window.first, middle}};
}

}  // namespace falaj::extract
