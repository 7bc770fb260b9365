#include "http/clock_skew.hpp"

#include <fmt/format.h>

#include "http/announced_limit.hpp"

namespace falaj::http {

void ClockSkew::observe(const Headers& headers, UtcTime received_at) {
  const auto date = announced_date(headers);
  if (!date) return;
  const Micros skew = received_at.time_since_epoch() - Micros(*date);
  const auto size = [](Micros value) { return value < Micros(0) ? -value : value; };
  if (!smallest_ || size(skew) < size(*smallest_)) smallest_ = skew;
}

bool is_worth_saying(std::optional<Micros> skew) {
  return skew && (*skew > kWorthSaying || *skew < -kWorthSaying);
}

std::string skew_text(Micros skew) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(skew).count();
  return fmt::format("this machine's clock is {} s {} the store's",
                     seconds < 0 ? -seconds : seconds, seconds < 0 ? "behind" : "ahead of");
}

}  // namespace falaj::http
