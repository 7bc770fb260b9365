// Riyadh's calendar: UTC+3 all year, so that a local time is a plain number.
// Units:    local seconds and days since 1970-01-01 00:00 in Riyadh.
// Threads:  functions without state.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace falaj::simulator {

constexpr int64_t kRiyadhOffset = 3 * 3600;
constexpr int64_t kDaySeconds = 86400;

struct Date {
  int year = 1970;
  unsigned month = 1;
  unsigned day = 1;
};

Date civil_date(int64_t day);
int64_t day_number(Date date);
int64_t local_seconds(UtcTime time);
UtcTime utc_time(int64_t local_seconds);

// Month and day of the tabular Islamic calendar: within a day of the real one, which is enough for
// when people shop.
struct HijriDay {
  int month = 1;
  int day = 1;
};
HijriDay hijri_day(int64_t day);

// Appends "YYYY-MM-DD" or "YYYY-MM-DD HH:MM:SS".
void append_date(std::string& out, int64_t day);
void append_date_time(std::string& out, int64_t local_seconds);

// The day of "YYYY-MM-DD", whatever follows (a time of day is accepted and ignored).
std::optional<int64_t> parse_day(std::string_view text);
// "2026-11-23T09:45:00Z", or local to Riyadh without the Z; a date alone is its midnight.
std::optional<UtcTime> parse_time(std::string_view text);

}  // namespace falaj::simulator
