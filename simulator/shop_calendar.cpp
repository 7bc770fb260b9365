#include "simulator/shop_calendar.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "simulator/randomness.hpp"

namespace falaj::simulator {
namespace {

constexpr uint32_t kOrdersPerDayMax = 3'000;
constexpr uint32_t kOrdersPerDayMean = 2'200;
constexpr int kDaysMin = 730;

// First days of Ramadan.
constexpr std::array<CivilDate, 20> kRamadans = {{
    {2014, 6, 28}, {2015, 6, 18}, {2016, 6, 6},  {2017, 5, 27}, {2018, 5, 17},
    {2019, 5, 6},  {2020, 4, 24}, {2021, 4, 13}, {2022, 4, 2},  {2023, 3, 23},
    {2024, 3, 11}, {2025, 3, 1},  {2026, 2, 18}, {2027, 2, 8},  {2028, 1, 28},
    {2029, 1, 16}, {2030, 1, 5},  {2030, 12, 26}, {2031, 12, 15}, {2032, 12, 4},
}};

// Share of a day's orders in each hour: quiet mornings, busy evenings.
constexpr std::array<int, 24> kHours = {40, 28, 18, 10, 7,  6,  9,  14, 22, 34, 42, 48,
                                        52, 54, 52, 50, 54, 58, 62, 70, 80, 86, 80, 60};

double season(Day day) {
  double weight = 1.0;
  const int of_week = weekday(day);
  if (of_week == 5) weight *= 1.25;  // Friday and Saturday are the weekend
  if (of_week == 6) weight *= 1.12;
  for (const auto& first : kRamadans) {
    const int since = day - day_of(first);
    if (since >= -7 && since < 30) weight *= since < 20 ? 1.35 : 1.6;  // before the feast most
    if (since >= 30 && since < 34) weight *= 0.6;                      // the feast itself
  }
  const auto date = civil_date(day);
  if (date.month == 11) {
    const Day month_end = day_of({date.year, 11, 30});
    const Day white_friday = month_end - (weekday(month_end) + 2) % 7;
    if (std::abs(day - white_friday) <= 3) weight *= day == white_friday ? 2.6 : 1.7;
  }
  if (date.month == 9 && date.day == 23) weight *= 1.8;  // national day
  return weight;
}

std::vector<uint32_t> spread(const std::vector<double>& weights, uint32_t orders) {
  std::vector<uint32_t> counts(weights.size(), 0);
  uint64_t left = orders;
  // What a full day cannot take goes to the others.
  while (left > 0) {
    double sum = 0;
    for (size_t i = 0; i < weights.size(); ++i) {
      if (counts[i] < kOrdersPerDayMax) sum += weights[i];
    }
    const double factor = static_cast<double>(left) / sum;
    double carry = 0;
    uint64_t given = 0;
    for (size_t i = 0; i < weights.size() && given < left; ++i) {
      if (counts[i] >= kOrdersPerDayMax) continue;
      carry += weights[i] * factor;
      const auto wish = static_cast<uint64_t>(carry + 1e-9);
      carry -= static_cast<double>(wish);
      const auto more = std::min({wish, uint64_t{kOrdersPerDayMax - counts[i]}, left - given});
      counts[i] += static_cast<uint32_t>(more);
      given += more;
    }
    if (given == 0) {
      for (size_t i = weights.size(); i > 0 && left > 0; --i) {
        if (counts[i - 1] < kOrdersPerDayMax) {
          ++counts[i - 1];
          --left;
        }
      }
      continue;
    }
    left -= given;
  }
  return counts;
}

// 0..1 of a day's orders to the second of the day.
int64_t second_of_day(double place) {
  int total = 0;
  for (const int share : kHours) total += share;
  double left = place * total;
  for (size_t hour = 0; hour < kHours.size(); ++hour) {
    if (left < kHours[hour]) {
      return static_cast<int64_t>((static_cast<double>(hour) + left / kHours[hour]) * 3600.0);
    }
    left -= kHours[hour];
  }
  return kSecondsPerDay - 1;
}

}  // namespace

ShopCalendar::ShopCalendar(uint32_t orders, Day last_day) : last_day_(last_day) {
  const int days = std::max(kDaysMin, static_cast<int>(orders / kOrdersPerDayMean) + 1);
  first_day_ = last_day - days + 1;
  std::vector<double> weights(static_cast<size_t>(days));
  for (int i = 0; i < days; ++i) {
    const double growth = 0.6 + 0.8 * i / days;
    weights[static_cast<size_t>(i)] = growth * season(first_day_ + i);
  }
  before_.assign(1, 0);
  for (const auto count : spread(weights, orders)) before_.push_back(before_.back() + count);
}

RiyadhSeconds ShopCalendar::created(uint32_t index, uint64_t seed) const {
  const auto next = std::upper_bound(before_.begin(), before_.end(), index);
  if (next == before_.end()) return int64_t{last_day_ + 1} * kSecondsPerDay;
  const auto day = static_cast<int64_t>(next - before_.begin()) - 1;
  const uint32_t first = before_[static_cast<size_t>(day)];
  const double count = *next - first;
  const double jitter = static_cast<double>(mix(seed ^ index) >> 40) / 16'777'216.0;
  return (first_day_ + day) * kSecondsPerDay + second_of_day((index - first + jitter) / count);
}

}  // namespace falaj::simulator
