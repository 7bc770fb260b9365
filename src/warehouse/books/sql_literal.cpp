#include "warehouse/books/sql_literal.hpp"

#include <fmt/format.h>

#include <chrono>

namespace falaj::warehouse {

std::string text_literal(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'') quoted += '\'';
    quoted += c;
  }
  return quoted + "'";
}

std::string text_list(const std::vector<std::string>& texts) {
  std::string list;
  for (const auto& text : texts) list += (list.empty() ? "" : ", ") + text_literal(text);
  return list;
}

std::string timestamp_text(int64_t micros_since_1970) {
  const UtcTime time{Micros{micros_since_1970}};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{time - day};
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}.{:06}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     clock.subseconds().count());
}

int64_t parse_timestamp(std::string_view text) {
  constexpr size_t kLength = 26;
  if (text.size() != kLength) return 0;
  const auto number = [&](size_t first, size_t digits) {
    int64_t value = 0;
    for (size_t i = first; i < first + digits; ++i) value = value * 10 + (text[i] - '0');
    return value;
  };
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(number(0, 4))),
                                         std::chrono::month(static_cast<unsigned>(number(5, 2))),
                                         std::chrono::day(static_cast<unsigned>(number(8, 2)))};
  const int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  const int64_t seconds = ((days * 24 + number(11, 2)) * 60 + number(14, 2)) * 60 + number(17, 2);
  return seconds * 1'000'000 + number(20, 6);
}

std::string timestamp_literal(UtcTime time) {
  return "TIMESTAMP '" + timestamp_text(time.time_since_epoch().count()) + "'";
}

}  // namespace falaj::warehouse
