#include "simulator/riyadh_time.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>

namespace falaj::simulator {
namespace {

std::chrono::sys_days sys_day(Day day) { return std::chrono::sys_days(std::chrono::days(day)); }

void append_two(std::string& out, int value) {
  out.push_back(static_cast<char>('0' + value / 10));
  out.push_back(static_cast<char>('0' + value % 10));
}

std::optional<int> digits(std::string_view text, size_t at, size_t count) {
  if (at + count > text.size()) return std::nullopt;
  int value = 0;
  const auto [end, error] = std::from_chars(text.data() + at, text.data() + at + count, value);
  if (error != std::errc() || end != text.data() + at + count || value < 0) return std::nullopt;
  return value;
}

}  // namespace

CivilDate civil_date(Day day) {
  const std::chrono::year_month_day date(sys_day(day));
  return {static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())),
          static_cast<int>(static_cast<unsigned>(date.day()))};
}

Day day_of(const CivilDate& date) {
  const std::chrono::year_month_day civil(std::chrono::year(date.year),
                                          std::chrono::month(static_cast<unsigned>(date.month)),
                                          std::chrono::day(static_cast<unsigned>(date.day)));
  return static_cast<Day>(std::chrono::sys_days(civil).time_since_epoch().count());
}

int weekday(Day day) { return static_cast<int>(std::chrono::weekday(sys_day(day)).c_encoding()); }

void append_date(std::string& out, Day day) {
  const auto date = civil_date(day);
  append_two(out, date.year / 100);
  append_two(out, date.year % 100);
  out.push_back('-');
  append_two(out, date.month);
  out.push_back('-');
  append_two(out, date.day);
}

void append_date_time(std::string& out, RiyadhSeconds time) {
  const Day day = day_at(time);
  const int second = static_cast<int>(time - int64_t{day} * kSecondsPerDay);
  append_date(out, day);
  out.push_back(' ');
  append_two(out, second / 3600);
  out.push_back(':');
  append_two(out, second / 60 % 60);
  out.push_back(':');
  append_two(out, second % 60);
}

std::optional<Day> parse_day(std::string_view text) {
  const auto year = digits(text, 0, 4);
  const auto month = digits(text, 5, 2);
  const auto day = digits(text, 8, 2);
  if (!year || !month || !day || text[4] != '-' || text[7] != '-') return std::nullopt;
  const std::chrono::year_month_day civil(std::chrono::year(*year),
                                          std::chrono::month(static_cast<unsigned>(*month)),
                                          std::chrono::day(static_cast<unsigned>(*day)));
  if (!civil.ok()) return std::nullopt;
  return day_of({*year, *month, *day});
}

std::optional<UtcTime> parse_instant(std::string_view text) {
  const auto day = parse_day(text);
  if (!day) return std::nullopt;
  int64_t seconds = int64_t{*day} * kSecondsPerDay;
  if (text.size() > 10) {
    const auto hour = digits(text, 11, 2);
    const auto minute = digits(text, 14, 2);
    const auto second = text.size() >= 19 ? digits(text, 17, 2) : std::optional<int>(0);
    if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 59) {
      return std::nullopt;
    }
    seconds += *hour * 3600 + *minute * 60 + *second;
    const auto zone = text.size() > 19 ? text.find_first_of("+-", 19) : std::string_view::npos;
    if (zone != std::string_view::npos) {
      const auto hours = digits(text, zone + 1, 2);
      if (!hours) return std::nullopt;
      const int minutes = *hours * 60 + digits(text, zone + 4, 2).value_or(0);
      seconds -= (text[zone] == '-' ? -60 : 60) * minutes;
    }
  }
  return UtcTime(std::chrono::seconds(seconds));
}

std::string http_date(UtcTime time) {
  const int64_t seconds = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  const Day day = day_at(seconds);
  const int64_t second = seconds - int64_t{day} * kSecondsPerDay;
  const auto date = civil_date(day);
  constexpr std::array kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT",
                     kDays[static_cast<size_t>(weekday(day))], date.day,
                     kMonths[static_cast<size_t>(date.month - 1)], date.year, second / 3600,
                     second / 60 % 60, second % 60);
}

}  // namespace falaj::simulator
