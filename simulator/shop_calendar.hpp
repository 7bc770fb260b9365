// How a shop's orders spread over its days: growth, weekends, Ramadan, White Friday, and the hours
// of a day.
// Facts:    at most 3,000 orders a day; Ramadan by the Umm al-Qura calendar.
// Threads:  const after construction.
#pragma once

#include <cstdint>
#include <vector>

#include "simulator/riyadh_time.hpp"

namespace falaj::simulator {

class ShopCalendar {
 public:
  // `orders` of the days up to and including `last_day`.
  ShopCalendar(uint32_t orders, Day last_day);

  Day first_day() const { return first_day_; }
  Day last_day() const { return last_day_; }
  // When the order of that index was created; does not fall as the index grows.
  RiyadhSeconds created(uint32_t index, uint64_t seed) const;

 private:
  Day first_day_ = 0;
  Day last_day_ = 0;
  std::vector<uint32_t> before_;  // orders before each day; one more entry than days
};

}  // namespace falaj::simulator
