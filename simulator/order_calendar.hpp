// When a generated store's orders were made: index -> time and back, without a table of orders.
// Shape:    orders are spread over days as people in Saudi Arabia shop: Ramadan, White Friday,
//           weekends, salary days, growth; at most kOrdersPerDayMax a day. Index 0 is the oldest;
//           time never decreases with the index.
// Owns:     one number a day. Threads: safe (const).
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace falaj::simulator {

class OrderCalendar {
 public:
  static constexpr uint64_t kOrdersPerDayMax = 3000;

  // The last order is made on `last_day` (days of Riyadh since 1970).
  OrderCalendar(uint64_t orders, int64_t last_day, uint64_t seed);

  uint64_t count() const { return first_index_.back(); }
  int64_t first_day() const { return first_day_; }
  int64_t last_day() const { return first_day_ + static_cast<int64_t>(first_index_.size()) - 2; }
  // Local seconds; index < count().
  int64_t time_of(uint64_t index) const;
  // Indexes [first, second) of the orders made on the days from..to, both inclusive.
  std::pair<uint64_t, uint64_t> between_days(int64_t from, int64_t to) const;

 private:
  uint64_t seed_;
  int64_t first_day_ = 0;
  std::vector<uint64_t> first_index_;  // by day; one more than there are days
};

}  // namespace falaj::simulator
