#include "simulator/order_calendar.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "simulator/civil_time.hpp"
#include "simulator/random_stream.hpp"

namespace falaj::simulator {
namespace {

// Weekday of a day number: 0 = Sunday. 1970-01-01 was a Thursday.
int weekday(int64_t day) {
  return static_cast<int>(((day + 4) % 7 + 7) % 7);
}

double season(int64_t day) {
  double weight = 1.0;
  const auto hijri = hijri_day(day);
  if (hijri.month == 9) weight *= hijri.day >= 20 ? 1.9 : 1.45;
  if (hijri.month == 10 && hijri.day <= 4) weight *= 0.55;
  if (hijri.month == 12 && hijri.day >= 8 && hijri.day <= 13) weight *= 0.7;
  const auto date = civil_date(day);
  // White Friday: the last one of November, felt from Wednesday to Monday.
  if (date.month == 11 && date.day >= 20) {
    for (int64_t around = day - 4; around <= day + 3; ++around) {
      const auto friday = civil_date(around);
      if (weekday(around) == 5 && friday.month == 11 && friday.day >= 24) {
        weight *= around == day ? 3.0 : 1.9;
      }
    }
  }
  if (date.month == 9 && date.day >= 21 && date.day <= 24) weight *= 1.6;  // National Day
  if (date.month == 2 && date.day >= 21 && date.day <= 23) weight *= 1.4;  // Founding Day
  if (date.day >= 27 && date.day <= 29) weight *= 1.2;                     // salaries
  constexpr std::array kWeekdays = {1.0, 1.0, 1.02, 1.05, 1.15, 0.8, 1.1};
  return weight * kWeekdays[static_cast<size_t>(weekday(day))];
}

// The share of a day's orders made before each hour: late evenings are busiest.
constexpr std::array<double, 25> kHours = {
    0.000, 0.060, 0.100, 0.125, 0.140, 0.150, 0.158, 0.168, 0.182, 0.204, 0.235, 0.272, 0.312,
    0.355, 0.400, 0.445, 0.490, 0.535, 0.582, 0.632, 0.690, 0.760, 0.838, 0.920, 1.000};

int64_t second_of_day(double share) {
  const auto next = std::upper_bound(kHours.begin() + 1, kHours.end() - 1, share);
  const auto hour = next - kHours.begin() - 1;
  const double within = (share - *(next - 1)) / (*next - *(next - 1));
  return std::min<int64_t>(kDaySeconds - 1,
                           static_cast<int64_t>((static_cast<double>(hour) + within) * 3600.0));
}

size_t days_for(uint64_t orders) {
  // Small stores are young; large ones old enough to stay below the limit a day.
  const uint64_t days = std::clamp<uint64_t>(orders / 8, 30, 730);
  return static_cast<size_t>(std::max(days, orders / 1800 + 1));
}

}  // namespace

OrderCalendar::OrderCalendar(uint64_t orders, int64_t last_day, uint64_t seed) : seed_(seed) {
  const size_t days = days_for(orders);
  first_day_ = last_day - static_cast<int64_t>(days) + 1;
  std::vector<double> weights(days);
  for (size_t i = 0; i < days; ++i) {
    const double growth = 0.6 + 0.8 * static_cast<double>(i) / static_cast<double>(days);
    RandomStream random(seed, 0xDA4, i);
    weights[i] =
        season(first_day_ + static_cast<int64_t>(i)) * growth * (0.9 + 0.2 * random.unit());
  }
  constexpr auto kMost = static_cast<double>(kOrdersPerDayMax - 1);
  double low = 0;
  double high = static_cast<double>(orders) + 1;
  for (int step = 0; step < 100; ++step) {
    const double scale = (low + high) / 2;
    double sum = 0;
    for (const double weight : weights) sum += std::min(kMost, weight * scale);
    (sum < static_cast<double>(orders) ? low : high) = scale;
  }
  first_index_.reserve(days + 1);
  first_index_.push_back(0);
  double sum = 0;
  for (const double weight : weights) {
    sum += std::min(kMost, weight * high);
    first_index_.push_back(std::min(orders, static_cast<uint64_t>(std::llround(sum))));
  }
  first_index_.back() = orders;
}

int64_t OrderCalendar::time_of(uint64_t index) const {
  // Neighbours are asked for one after the other.
  thread_local size_t hint = 0;
  size_t day = hint;
  if (day + 1 >= first_index_.size() || index < first_index_[day] ||
      index >= first_index_[day + 1]) {
    const auto next = std::upper_bound(first_index_.begin(), first_index_.end(), index);
    day = static_cast<size_t>(next - first_index_.begin()) - 1;
    hint = day;
  }
  const uint64_t position = index - first_index_[day];
  const uint64_t count = first_index_[day + 1] - first_index_[day];
  RandomStream random(seed_, 0x71E, index);
  const double share = (static_cast<double>(position) + random.unit()) / static_cast<double>(count);
  return (first_day_ + static_cast<int64_t>(day)) * kDaySeconds + second_of_day(share);
}

std::pair<uint64_t, uint64_t> OrderCalendar::between_days(int64_t from, int64_t to) const {
  const auto days = static_cast<int64_t>(first_index_.size()) - 1;
  const auto first = std::clamp<int64_t>(from - first_day_, 0, days);
  const auto last = std::clamp<int64_t>(to - first_day_ + 1, first, days);
  return {first_index_[static_cast<size_t>(first)], first_index_[static_cast<size_t>(last)]};
}

}  // namespace falaj::simulator
