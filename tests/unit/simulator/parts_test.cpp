// The simulator's parts: ids, calendar, amounts, sources.
#include <gtest/gtest.h>

#include <set>

#include "simulator/civil_time.hpp"
#include "simulator/generated_source.hpp"
#include "simulator/id_permutation.hpp"
#include "simulator/json_out.hpp"
#include "simulator/order_calendar.hpp"
#include "simulator/quota.hpp"

namespace falaj::simulator {
namespace {

TEST(IdPermutation, IsOneToOneAndNotInOrder) {
  const IdPermutation ids(7, 1, true);
  std::set<int64_t> seen;
  int ascending = 0;
  int64_t last = 0;
  for (uint64_t index = 0; index < 20'000; ++index) {
    const auto id = ids.to_id(index);
    EXPECT_GT(id, 0);
    EXPECT_LT(id, int64_t{1} << 31U);
    EXPECT_EQ(ids.to_index(id), index);
    seen.insert(id);
    ascending += id > last ? 1 : 0;
    last = id;
  }
  EXPECT_EQ(seen.size(), 20'000U);
  EXPECT_LT(ascending, 19'000);
  EXPECT_GT(ids.to_index(-5), 1U << 30U);
  const IdPermutation plain(7, 1, false);
  EXPECT_EQ(plain.to_id(0), 1);
  EXPECT_EQ(plain.to_index(12), 11U);
}

TEST(OrderCalendar, SpreadsOrdersOverDaysInOrder) {
  const auto last_day = day_number({2026, 11, 22});
  for (const uint64_t orders : {0U, 1U, 150U, 5'000U, 60'000U}) {
    const OrderCalendar calendar(orders, last_day, 3);
    EXPECT_EQ(calendar.count(), orders);
    EXPECT_EQ(calendar.last_day(), last_day);
    int64_t last = 0;
    for (uint64_t index = 0; index < orders; ++index) {
      const auto time = calendar.time_of(index);
      EXPECT_GE(time, last);
      last = time;
    }
    uint64_t sum = 0;
    for (auto day = calendar.first_day(); day <= last_day; ++day) {
      const auto [first, second] = calendar.between_days(day, day);
      for (const auto index : {first, second - 1}) {
        if (first == second) continue;
        EXPECT_EQ(calendar.time_of(index) / kDaySeconds, day);
      }
      sum += second - first;
    }
    EXPECT_EQ(sum, orders);
  }
}

TEST(OrderCalendar, TenMillionOrdersStayBelowThreeThousandADay) {
  const auto last_day = day_number({2026, 11, 22});
  const OrderCalendar calendar(10'000'000, last_day, 3);
  uint64_t most = 0;
  for (auto day = calendar.first_day(); day <= last_day; ++day) {
    const auto [first, second] = calendar.between_days(day, day);
    most = std::max(most, second - first);
  }
  EXPECT_LE(most, OrderCalendar::kOrdersPerDayMax);
  EXPECT_EQ(calendar.count(), 10'000'000U);
  EXPECT_GT(last_day - 20 * 365, day_number({2000, 1, 1}));
  EXPECT_GT(calendar.first_day(), last_day - 20 * 365);
}

TEST(OrderCalendar, RamadanAndWhiteFridayAreBusy) {
  const auto last_day = day_number({2026, 11, 29});
  const OrderCalendar calendar(100'000, last_day, 3);
  const auto orders_on = [&calendar](Date date) {
    const auto day = day_number(date);
    const auto [first, second] = calendar.between_days(day, day);
    return second - first;
  };
  EXPECT_GT(orders_on({2026, 11, 27}), 2 * orders_on({2026, 11, 13}));
  EXPECT_GT(orders_on({2026, 3, 10}), orders_on({2026, 2, 3}) * 5 / 4) << "Ramadan 1447";
}

TEST(GeneratedSource, TenMillionOrdersAreMadeOnDemand) {
  const auto source = make_generated_source({.seed = 9,
                                             .orders = 10'000'000,
                                             .customers = 2'000'000,
                                             .products = 100,
                                             .last_day = day_number({2026, 11, 22})});
  OrderFacts order;
  OrderFacts again;
  for (const uint64_t index : {uint64_t{0}, uint64_t{4'999'999}, uint64_t{9'999'999}}) {
    source->order(index, std::nullopt, order);
    source->order((index + 1) % 10'000'000, std::nullopt, again);
    source->order(index, std::nullopt, again);
    EXPECT_EQ(order.id, again.id);
    EXPECT_EQ(order.total, again.total);
    EXPECT_EQ(source->order_index(order.id), index);
    ASSERT_TRUE(order.customer.has_value());
    EXPECT_LE(source->customer_time(*order.customer), order.created) << "customers come first";
    EXPECT_EQ(source->order_by_reference(order.reference), index);
  }
}

TEST(JsonOut, WritesExactAmountsAndEscapes) {
  EXPECT_EQ(amount_text(130'400), "13.04");
  EXPECT_EQ(amount_text(2'500'000), "250");
  EXPECT_EQ(amount_text(10), "0.001");
  EXPECT_EQ(amount_text(-5), "-0.0005");
  EXPECT_EQ(amount_text(-53'594'3600), "-53594.36");
  EXPECT_EQ(two_decimals(15'000), "1.50");
  EXPECT_EQ(two_decimals(0), "0.00");
  EXPECT_EQ(round_to_cents(12'350), 12'400);
  EXPECT_EQ(round_to_cents(-12'350), -12'400);
  EXPECT_EQ(round_to_cents(12'349), 12'300);
  JsonOut out;
  out.text("a\"b\\c\n").raw(",").date(0);
  EXPECT_EQ(out.buffer(),
            R"("a\"b\\c\u000a",{"date":"1970-01-01 00:00:00.000000","timezone_type":3,)"
            R"("timezone":"Asia/Riyadh"})");
}

TEST(CivilTime, ReadsDaysAndTimes) {
  EXPECT_EQ(parse_day("2026-11-23"), day_number({2026, 11, 23}));
  EXPECT_EQ(parse_day("2026-11-23T10:00:00"), day_number({2026, 11, 23}));
  for (const auto* bad : {"", "2026-13-01", "2026-02-30", "26-1-1", "2026/11/23", "2026-11-23x"}) {
    EXPECT_FALSE(parse_day(bad)) << bad;
  }
  EXPECT_EQ(local_seconds(*parse_time("2026-11-23T21:00:00Z")) / kDaySeconds,
            day_number({2026, 11, 24}));
  EXPECT_EQ(parse_time("2026-11-24"), parse_time("2026-11-23T21:00:00Z"));
  EXPECT_EQ(hijri_day(day_number({2026, 2, 25})).month, 9);
}

TEST(Quota, WindowIsFixed) {
  Quota quota(2, std::chrono::seconds(60), true);
  const auto start = *parse_time("2026-11-23T10:00:00Z");
  EXPECT_EQ(quota.look(start).remaining, 1);
  EXPECT_EQ(quota.look(start).reset, start.time_since_epoch() / std::chrono::seconds(1) + 60);
  quota.take(start);
  quota.take(start);
  EXPECT_FALSE(quota.look(start).is_allowed);
  EXPECT_TRUE(quota.look(start + std::chrono::seconds(1)).is_allowed);
  EXPECT_EQ(quota.look(start + std::chrono::seconds(60)).remaining, 1);
}

TEST(Quota, KnowsWhatItCouldHaveGranted) {
  using std::chrono::seconds;
  const auto start = *parse_time("2026-11-23T10:00:20Z");
  for (const bool has_tail : {false, true}) {
    Quota quota(10, seconds(60), has_tail);
    EXPECT_EQ(quota.grantable(), 0);
    for (int i = 0; i < 3; ++i) quota.take(start);
    EXPECT_EQ(quota.grantable(), 3) << "the client may not have wanted more";
    // Two windows on: the first could have given all, the one between too.
    quota.take(start + seconds(100));
    EXPECT_EQ(quota.granted(), 4);
    EXPECT_EQ(quota.grantable(), has_tail ? 10 + 39 + 10 + 59 + 1 : 10 + 10 + 1);
    quota.clear_counts();
    EXPECT_EQ(quota.grantable(), 0);
    EXPECT_EQ(quota.look(start + seconds(100)).remaining, 8) << "counting is not the limit";
  }
}

}  // namespace
}  // namespace falaj::simulator
