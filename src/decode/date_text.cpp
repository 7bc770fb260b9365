#include "decode/date_text.hpp"

#include <array>

#include "calendar/offset_text.hpp"
#include "calendar/zone_rules.hpp"

namespace falaj::decode {
namespace {

constexpr int32_t kHour = 3600;
constexpr int64_t kMicros = 1'000'000;
constexpr std::string_view kRiyadh = "Asia/Riyadh";

// Each thread remembers its zones: dates are read millions of times.
const calendar::ZoneRules* zone_of(std::string_view name) {
  thread_local calendar::ZoneMemory memory;
  return memory.find(name.empty() ? kRiyadh : name);
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Takes exactly `digits` digits off the front.
bool take(std::string_view& text, size_t digits, int& value) {
  if (text.size() < digits) return false;
  value = 0;
  for (size_t i = 0; i < digits; ++i) {
    if (!is_digit(text[i])) return false;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(digits);
  return true;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

bool is_leap(int year) {
  return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int days_in_month(int year, int month) {
  constexpr std::array<int, 12> kDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : kDays[static_cast<size_t>(month - 1)];
}

// Howard Hinnant's days_from_civil.
int64_t days_from_civil(int year, int month, int day) {
  const int y = year - (month <= 2 ? 1 : 0);
  const int era = (y >= 0 ? y : y - 399) / 400;
  const int year_of_era = y - era * 400;
  const int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return static_cast<int64_t>(era) * 146097 + day_of_era - 719468;
}

// The time after a date, "HH:MM[:SS[.f...]]"; false if it is none.
bool read_time(std::string_view& text, int64_t& micros) {
  int hour = 0;
  int minute = 0;
  int second = 0;
  if (!take(text, 2, hour) || !take(text, ':') || !take(text, 2, minute)) return false;
  if (take(text, ':') && !take(text, 2, second)) return false;
  if (hour > 23 || minute > 59 || second > 60) return false;
  micros = (hour * int64_t{kHour} + minute * 60 + second) * kMicros;
  if (take(text, '.')) {
    int64_t unit = kMicros / 10;
    if (text.empty() || !is_digit(text.front())) return false;
    while (!text.empty() && is_digit(text.front())) {
      micros += unit * (text.front() - '0');
      unit /= 10;
      text.remove_prefix(1);
    }
  }
  return true;
}

// "Sun Jun 26 2022 12:21:48 GMT+0300", as JavaScript writes it: the envelopes of webhooks.
DateParse parse_named_date(std::string_view text, DateText& date) {
  constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  if (text.size() < 15 || text[3] != ' ' || text[7] != ' ') return DateParse::kNotADate;
  const size_t month = kMonths.find(text.substr(4, 3));
  text.remove_prefix(8);
  int day = 0;
  int year = 0;
  if (month == std::string_view::npos || month % 3 != 0 || !take(text, 2, day) ||
      !take(text, ' ') || !take(text, 4, year)) {
    return DateParse::kNotADate;
  }
  const int number = static_cast<int>(month / 3) + 1;
  if (year < 1 || day < 1 || day > days_in_month(year, number)) return DateParse::kNotADate;
  date.local_micros = days_from_civil(year, number, day) * 24 * kHour * kMicros;
  int64_t time = 0;
  if (!take(text, ' ') || !read_time(text, time)) return DateParse::kNotADate;
  date.local_micros += time;
  take(text, ' ');
  if (text.starts_with("GMT") || text.starts_with("UTC")) text.remove_prefix(3);
  // "(Arabian Standard Time)" may follow.
  text = text.substr(0, text.find(" ("));
  int32_t offset = 0;
  if (!text.empty() && !calendar::read_offset(text, offset)) return DateParse::kNotADate;
  date.offset_secs = offset;
  return DateParse::kOk;
}

}  // namespace

DateParse parse_date(std::string_view text, DateText& date) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  date = DateText();
  if (text.starts_with("0000-00-00") || text.starts_with("-0001-11-30")) return DateParse::kNoDate;
  if (text == "null" || text == "{}" || text == "[]") return DateParse::kNoDate;
  if (!text.empty() && !is_digit(text.front())) return parse_named_date(text, date);
  int year = 0;
  int month = 0;
  int day = 0;
  if (!take(text, 4, year) || !take(text, '-') || !take(text, 2, month) || !take(text, '-') ||
      !take(text, 2, day)) {
    return DateParse::kNotADate;
  }
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month)) {
    return DateParse::kNotADate;
  }
  date.local_micros = days_from_civil(year, month, day) * 24 * kHour * kMicros;
  if (text.empty()) return DateParse::kOk;
  if (take(text, 'T')) {
    take(text, ':');
  } else if (!take(text, ' ')) {
    return DateParse::kNotADate;
  }
  int64_t time = 0;
  if (!read_time(text, time)) return DateParse::kNotADate;
  date.local_micros += time;
  take(text, ' ');
  if (text.empty()) return DateParse::kOk;
  if (text == "Z" || text == "UTC") {
    date.offset_secs = 0;
    return DateParse::kOk;
  }
  int32_t offset = 0;
  if (calendar::read_offset(text, offset)) {
    date.offset_secs = offset;
  } else if (zone_of(text) != nullptr) {
    date.zone = text;
  } else {
    return DateParse::kNotADate;
  }
  return DateParse::kOk;
}

int64_t utc_micros(const DateText& date, std::string_view zone) {
  if (date.offset_secs) return date.local_micros - int64_t{*date.offset_secs} * kMicros;
  const auto* rules = zone_of(date.zone.empty() ? zone : date.zone);
  if (rules == nullptr) rules = zone_of(kRiyadh);
  return rules == nullptr ? date.local_micros - 3 * kHour * kMicros
                          : rules->utc_micros(date.local_micros);
}

bool is_known_zone(std::string_view zone) {
  return zone.empty() || zone_of(zone) != nullptr;
}

}  // namespace falaj::decode
