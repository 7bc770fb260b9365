#include "simulator/civil_time.hpp"

#include <array>
#include <charconv>

namespace falaj::simulator {
namespace {

std::optional<int> parse_digits(std::string_view text, size_t at, size_t count) {
  if (at + count > text.size()) return std::nullopt;
  int value = 0;
  const char* begin = text.data() + at;
  const auto [end, error] = std::from_chars(begin, begin + count, value);
  if (error != std::errc() || end != begin + count || value < 0) return std::nullopt;
  return value;
}

void put_two(char* to, int64_t value) {
  to[0] = static_cast<char>('0' + value / 10);
  to[1] = static_cast<char>('0' + value % 10);
}

void put_date(char* to, int64_t day) {
  const auto date = civil_date(day);
  put_two(to, date.year / 100);
  put_two(to + 2, date.year % 100);
  to[4] = '-';
  put_two(to + 5, date.month);
  to[7] = '-';
  put_two(to + 8, date.day);
}

}  // namespace

Date civil_date(int64_t day) {
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(day))};
  return {static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
          static_cast<unsigned>(date.day())};
}

int64_t day_number(Date date) {
  const std::chrono::sys_days days{std::chrono::year(date.year) / std::chrono::month(date.month) /
                                   std::chrono::day(date.day)};
  return days.time_since_epoch().count();
}

int64_t local_seconds(UtcTime time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count() + kRiyadhOffset;
}

UtcTime utc_time(int64_t seconds) {
  return UtcTime(std::chrono::seconds(seconds - kRiyadhOffset));
}

HijriDay hijri_day(int64_t day) {
  const int64_t julian = day + 2440588;
  int64_t l = julian - 1948440 + 10632;
  const int64_t n = (l - 1) / 10631;
  l = l - 10631 * n + 354;
  const int64_t j = ((10985 - l) / 5316) * ((50 * l) / 17719) + (l / 5670) * ((43 * l) / 15238);
  l = l - ((30 - j) / 15) * ((17719 * j) / 50) - (j / 16) * ((15238 * j) / 43) + 29;
  const int64_t month = (24 * l) / 709;
  return {static_cast<int>(month), static_cast<int>(l - (709 * month) / 24)};
}

void append_date(std::string& out, int64_t day) {
  std::array<char, 10> text;
  put_date(text.data(), day);
  out.append(text.data(), text.size());
}

void append_date_time(std::string& out, int64_t seconds) {
  // Rows of a page are of the same few days.
  thread_local int64_t known_day = -1;
  thread_local std::array<char, 19> text = {};
  auto day = seconds / kDaySeconds;
  if (seconds % kDaySeconds < 0) --day;
  if (day != known_day) {
    put_date(text.data(), day);
    text[10] = ' ';
    text[13] = text[16] = ':';
    known_day = day;
  }
  const auto rest = seconds - day * kDaySeconds;
  put_two(text.data() + 11, rest / 3600);
  put_two(text.data() + 14, rest / 60 % 60);
  put_two(text.data() + 17, rest % 60);
  out.append(text.data(), text.size());
}

std::optional<int64_t> parse_day(std::string_view text) {
  const auto year = parse_digits(text, 0, 4);
  const auto month = parse_digits(text, 5, 2);
  const auto day = parse_digits(text, 8, 2);
  if (!year || !month || !day || text[4] != '-' || text[7] != '-') return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  if (text.size() > 10 && text[10] != 'T' && text[10] != ' ') return std::nullopt;
  return std::chrono::sys_days(date).time_since_epoch().count();
}

std::optional<UtcTime> parse_time(std::string_view text) {
  const auto day = parse_day(text);
  if (!day) return std::nullopt;
  int64_t seconds = *day * kDaySeconds;
  if (text.size() > 10) {
    const auto hours = parse_digits(text, 11, 2);
    const auto minutes = parse_digits(text, 14, 2);
    const auto rest = text.size() >= 19 ? parse_digits(text, 17, 2) : std::optional<int>(0);
    if (!hours || !minutes || !rest) return std::nullopt;
    seconds += *hours * 3600 + *minutes * 60 + *rest;
  }
  const bool is_utc = text.back() == 'Z';
  return UtcTime(std::chrono::seconds(is_utc ? seconds : seconds - kRiyadhOffset));
}

}  // namespace falaj::simulator
