// A plan of a store's orders says what the run after it asks for.
#include "extract/order_plan.hpp"

#include <gmock/gmock.h>

#include <random>

#include "unit/extract/order_stream_fixture.hpp"

namespace falaj::extract {
namespace {

class OrderPlanTest : public OrderStreamTest {
 protected:
  // Runs and compares with what was said; the plan.
  OrderPlan look_and_run(PlanLimits limits = {}) {
    const auto plan = look(limits);
    run();
    const auto lists = asked_for("page=");
    const auto calls = details_asked();
    expect_within(plan.list_requests, lists, "list pages");
    expect_within(plan.to_deepen + plan.to_confirm, calls, "calls for one order");
    expect_within(plan.to_deepen, asked_for("/orders/items"), "items");
    return plan;
  }

  static void expect_within(const CountRange& range, int64_t count, const std::string& what) {
    EXPECT_GE(count, range.least) << what;
    if (range.most) {
      EXPECT_LE(count, *range.most) << what;
    }
  }
};

TEST_F(OrderPlanTest, AFirstRunIsKnownExactly) {
  fill(150);
  const auto plan = look_and_run();
  EXPECT_EQ(plan.list_requests, CountRange::exactly(4 + 1 + 8 + 1));
  EXPECT_EQ(plan.to_deepen, CountRange::exactly(150));
  EXPECT_EQ(plan.to_confirm, CountRange::exactly(0));
  EXPECT_TRUE(plan.is_first);
}

TEST_F(OrderPlanTest, AnEmptyStoreTakesWhatTheListTakes) {
  EXPECT_EQ(look_and_run().to_deepen, CountRange::exactly(0));
}

TEST_F(OrderPlanTest, ChangesAreCountedDownToTheJunction) {
  fill(150);
  run();
  for (const int64_t id : {3, 70, 9}) shop_.change(id);
  const auto plan = look_and_run();
  EXPECT_FALSE(plan.is_sweep);
  EXPECT_EQ(plan.list_requests, CountRange::exactly(2));
  EXPECT_EQ(plan.to_deepen, CountRange::exactly(4)) << "and the topmost of the last run";
}

TEST_F(OrderPlanTest, OrdersWhoseTurnItIsAreCounted) {
  options_.reread_days = 10;
  fill(100);
  run();
  clock_.advance(std::chrono::hours(24));
  const auto plan = look_and_run();
  EXPECT_EQ(plan.again, 10);
  EXPECT_EQ(plan.to_deepen, CountRange::exactly(11)) << "and the topmost of the last run";
}

TEST_F(OrderPlanTest, TheBacklogOfListRowsIsCounted) {
  options_.is_summary_only = true;
  fill(100);
  EXPECT_EQ(look_and_run().to_deepen, CountRange::exactly(0));
  options_.is_summary_only = false;
  const auto plan = look_and_run();
  EXPECT_EQ(plan.backlog, 100);
  EXPECT_EQ(plan.to_deepen, CountRange::exactly(100));
}

TEST_F(OrderPlanTest, WhatIsGoneIsAskedAfter) {
  fill(150);
  run();
  shop_.remove(20);
  shop_.remove(21);
  const auto plan = look_and_run();
  EXPECT_TRUE(plan.is_sweep);
  EXPECT_EQ(plan.to_confirm, CountRange::exactly(2));
  EXPECT_FALSE(plan.to_deepen.is_exact()) << "rows that were not looked at may have changed";
}

TEST_F(OrderPlanTest, MoreChangesThanItLooksAtAreALeast) {
  fill(300);
  run();
  for (int64_t id = 1; id <= 200; ++id) shop_.change(id);
  const auto plan = look_and_run({2, 60});
  EXPECT_TRUE(plan.is_walk_cut);
  EXPECT_EQ(plan.list_requests, CountRange::at_least(2));
  EXPECT_EQ(plan.to_deepen, CountRange::at_least(40));
  EXPECT_EQ(plan.to_confirm, CountRange::at_least(0)) << "it may end in reading the whole list";
}

TEST_F(OrderPlanTest, ABackfillCountsTheOrdersOfItsDays) {
  options_.is_summary_only = true;
  fill(300);
  run();
  options_.is_summary_only = false;
  options_.range = DayWindow{kToday - 9, kToday - 5};
  auto plan = look_and_run();
  EXPECT_EQ(plan.to_deepen, CountRange::exactly(50));
  EXPECT_EQ(plan.announced, 50);
  options_.range = DayWindow{kToday - 12, kToday - 5};
  shop_.change_silently(215);
  plan = look_and_run();
  EXPECT_EQ(plan.to_deepen.least, 30);
  EXPECT_EQ(plan.to_deepen.most, 30 + 30) << "of 50 deep ones its first page shows 20";
}

TEST_F(OrderPlanTest, FullRowsNeedNoCalls) {
  shop_.expanded = OrderShop::Expanded::kHonoured;
  fill(150);
  auto plan = look_and_run();
  EXPECT_EQ(plan.to_deepen, CountRange::exactly(0));
  EXPECT_EQ(plan.touched, CountRange::exactly(150));
  shop_.change(7);
  plan = look_and_run();
  EXPECT_EQ(plan.to_deepen, CountRange::exactly(0));
}

TEST_F(OrderPlanTest, AStoreThatRefusesFullRowsIsAskedTwice) {
  shop_.expanded = OrderShop::Expanded::kRefused;
  fill(150);
  look_and_run();
}

// Only so many windows are looked at: the rest counts as its rows.
TEST_F(OrderPlanTest, WindowsBeyondTheLimitAreALeast) {
  options_.is_summary_only = true;
  for (int64_t i = 1; i <= 25'000; ++i) shop_.add(i, kToday - i % 700);
  const auto whole = look({12, 60});
  EXPECT_TRUE(whole.list_requests.is_exact());
  const auto part = look({12, 4});
  EXPECT_FALSE(part.list_requests.is_exact());
  EXPECT_GT(part.sweep.parts_unseen, 0);
  run();
  expect_within(whole.list_requests, asked_for("page="), "whole");
  expect_within(part.list_requests, asked_for("page="), "part");
}

TEST_F(OrderPlanTest, WhateverHasHappenedThePlanHoldsIt) {
  for (uint32_t seed = 4; seed <= 6; ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    std::mt19937 random(seed);
    const auto pick = [&random](size_t below) { return static_cast<int64_t>(random() % below); };
    shop_ = OrderShop();
    if (seed % 3 == 0) shop_.expanded = OrderShop::Expanded::kHonoured;
    loaded_.clear();
    texts_.clear();
    int64_t last_id = 0;
    for (int round = 0; round < 12; ++round) {
      const int64_t kind = round == 0 ? 0 : pick(5);
      if (kind == 0) {
        for (int64_t n = round == 0 ? 250 : pick(60); n > 0; --n) shop_.add(++last_id, kToday);
      } else if (kind == 1) {
        for (int64_t n = pick(20); n > 0; --n) shop_.remove(1 + pick(static_cast<size_t>(last_id)));
      } else if (kind == 2 || kind == 3) {
        for (int64_t n = pick(80); n > 0; --n) shop_.change(1 + pick(static_cast<size_t>(last_id)));
      }
      options_.is_summary_only = round == 0 || pick(4) == 0;
      look_and_run();
      ASSERT_FALSE(HasFailure()) << "in round " << round << ", kind " << kind;
    }
  }
}

}  // namespace
}  // namespace falaj::extract
