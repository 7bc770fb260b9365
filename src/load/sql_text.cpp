#include "load/sql_text.hpp"

#include <fmt/format.h>

#include <chrono>

namespace falaj::load {

std::string text_literal(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'') quoted += '\'';
    quoted += c;
  }
  return quoted + "'";
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

std::string timestamp_literal(UtcTime time) {
  return "TIMESTAMP '" + timestamp_text(time.time_since_epoch().count()) + "'";
}

}  // namespace falaj::load
