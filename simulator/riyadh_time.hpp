// Days and seconds as a store in Riyadh writes them (UTC+3, no summer time).
// Units:    RiyadhSeconds: seconds since 1970-01-01 00:00:00 of the wall clock in Riyadh;
//           Day: days since 1970-01-01.
// Threads:  pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace falaj::simulator {

using RiyadhSeconds = int64_t;
using Day = int32_t;

constexpr int64_t kSecondsPerDay = 86'400;
constexpr int64_t kRiyadhOffset = 3 * 3'600;

struct CivilDate {
  int year = 1970;
  int month = 1;
  int day = 1;
};

CivilDate civil_date(Day day);
Day day_of(const CivilDate& date);
inline Day day_at(RiyadhSeconds time) {
  return static_cast<Day>((time >= 0 ? time : time - kSecondsPerDay + 1) / kSecondsPerDay);
}
// 0 = Sunday.
int weekday(Day day);

inline RiyadhSeconds to_riyadh(UtcTime time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count() + kRiyadhOffset;
}

// "2026-01-31 14:05:09" appended.
void append_date_time(std::string& out, RiyadhSeconds time);
// "2026-01-31" appended.
void append_date(std::string& out, Day day);

// "YYYY-MM-DD", whatever follows it; nothing if it is no date.
std::optional<Day> parse_day(std::string_view text);
// "2026-01-31T14:05:09Z", "...+03:00", "2026-01-31 14:05:09" or "2026-01-31"; UTC unless it says
// otherwise.
std::optional<UtcTime> parse_instant(std::string_view text);
// "Mon, 23 Nov 2026 09:45:00 GMT".
std::string http_date(UtcTime time);

}  // namespace falaj::simulator
