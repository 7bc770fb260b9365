#include "simulator/sim_clock.hpp"

#include <fmt/format.h>

#include <array>

#include "simulator/civil_time.hpp"

namespace falaj::simulator {

UtcTime SimClock::now() const {
  const std::chrono::duration<double, std::micro> elapsed =
      std::chrono::steady_clock::now() - began_;
  return start_ + Micros(static_cast<Micros::rep>(elapsed.count() * time_scale_));
}

const std::string& SimClock::http_date() {
  const auto second = std::chrono::floor<std::chrono::seconds>(now()).time_since_epoch().count();
  if (second == dated_second_) return date_;
  dated_second_ = second;
  const auto day = second / kDaySeconds;
  const auto date = civil_date(day);
  const auto rest = second - day * kDaySeconds;
  constexpr std::array kDays = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
  constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  date_ = fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT", kDays[static_cast<size_t>(day % 7)],
                      date.day, kMonths[date.month - 1], date.year, rest / 3600, rest / 60 % 60,
                      rest % 60);
  return date_;
}

}  // namespace falaj::simulator
