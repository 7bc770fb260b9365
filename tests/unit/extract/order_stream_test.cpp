#include "extract/order_stream.hpp"

#include <gmock/gmock.h>

#include <random>

#include "unit/extract/order_stream_fixture.hpp"

namespace falaj::extract {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST_F(OrderStreamTest, TheFirstRunReadsAndDeepensEveryOrder) {
  fill(150);
  const OrderOutcome outcome = run();
  EXPECT_TRUE(outcome.is_sweep);
  EXPECT_FALSE(outcome.is_expanded);
  EXPECT_EQ(outcome.announced, 150);
  EXPECT_EQ(outcome.deepened, 150);
  EXPECT_EQ(outcome.left_to_deepen, 0);
  EXPECT_THAT(outcome.notes, IsEmpty());
  EXPECT_THAT(stale(), IsEmpty());
  EXPECT_EQ(details_asked(), 150);
  EXPECT_EQ(asked_for("/orders/items"), 150);
  // The latest change first.
  const auto first = std::find_if(source_.asked.begin(), source_.asked.end(),
                                  [](const auto& text) { return text.starts_with("/orders/"); });
  ASSERT_NE(first, source_.asked.end());
  EXPECT_EQ(*first, "/orders/150");
  EXPECT_EQ(*(first + 1), "/orders/items?order_id=150");
}

TEST_F(OrderStreamTest, AnEmptyStoreIsNoError) {
  const OrderOutcome outcome = run();
  EXPECT_EQ(outcome.announced, 0);
  EXPECT_EQ(outcome.deepened, 0);
  EXPECT_EQ(run().announced, 0);
}

TEST_F(OrderStreamTest, ARunWithoutChangesReadsTheHeadOnly) {
  fill(150);
  run();
  const OrderOutcome outcome = run();
  EXPECT_FALSE(outcome.is_sweep);
  EXPECT_EQ(outcome.changed, 0);
  // Two pages of 20 until 30 rows agree; the topmost order may have changed in its place.
  EXPECT_THAT(source_.asked, ElementsAre("/orders?page=1&per_page=20&sort_by=updated_at-desc",
                                         "/orders?page=2&per_page=20&sort_by=updated_at-desc",
                                         "/orders/150", "/orders/items?order_id=150"));
}

TEST_F(OrderStreamTest, OnlyWhatIsNewOrChangedIsDeepened) {
  fill(150);
  run();
  shop_.change(40);
  shop_.change(77);
  shop_.add(151, kToday);
  const OrderOutcome outcome = run();
  EXPECT_FALSE(outcome.is_sweep);
  EXPECT_EQ(outcome.changed, 3);
  EXPECT_THAT(stale(), IsEmpty());
  EXPECT_EQ(details_asked(), 4);
}

TEST_F(OrderStreamTest, ATopmostOrderThatChangesInItsPlaceIsNoticed) {
  fill(50);
  run();
  shop_.change(50);
  run();
  EXPECT_THAT(stale(), IsEmpty());
}

TEST_F(OrderStreamTest, ChangesOfSeveralPagesAreWalkedDownToTheJunction) {
  fill(400);
  run();
  for (int64_t id = 1; id <= 130; ++id) shop_.change((id * 37) % 400 + 1);
  const OrderOutcome outcome = run();
  EXPECT_FALSE(outcome.is_sweep);
  EXPECT_EQ(outcome.changed, 130);
  EXPECT_THAT(stale(), IsEmpty());
}

// A bulk change that works through the list leaves its orders in the order that they had.
TEST_F(OrderStreamTest, ManyOrdersThatChangeAndKeepTheirOrderAreAllRead) {
  fill(400);
  run();
  for (int64_t id = 325; id < 399; ++id) shop_.change(id);
  EXPECT_FALSE(run().is_sweep);
  EXPECT_THAT(stale(), IsEmpty());
}

// Even if it begins with the latest change: full rows say when they were changed.
TEST_F(OrderStreamTest, TheTopmostOrdersThatChangeAndKeepTheirOrderAreAllRead) {
  shop_.expanded = OrderShop::Expanded::kHonoured;
  fill(400);
  run();
  for (int64_t id = 355; id <= 400; ++id) shop_.change(id);
  const OrderOutcome outcome = run();
  EXPECT_FALSE(outcome.is_sweep);
  EXPECT_EQ(outcome.changed, 46);
  EXPECT_THAT(stale(), IsEmpty());
}

TEST_F(OrderStreamTest, ADeletedOrderIsFoundByItsAbsenceAndAskedFor) {
  fill(150);
  run();
  shop_.remove(50);
  const OrderOutcome outcome = run();
  EXPECT_TRUE(outcome.is_sweep);
  EXPECT_EQ(outcome.deleted, 1);
  EXPECT_THAT(source_.asked, Contains("/orders/50"));
  EXPECT_THAT(landed_requests(), Contains("/orders/50#gone"));
  EXPECT_THAT(stale(), IsEmpty());
  EXPECT_FALSE(run().is_sweep) << "nothing is missing any more";
}

TEST_F(OrderStreamTest, ADeletionThatIsKnownBeforeTheWalkHidesNoJunction) {
  fill(300);
  run();
  // As an event tells of it.
  for (const int64_t id : {295, 290, 285}) {
    shop_.remove(id);
    loaded_.erase(id);
  }
  shop_.change(40);
  const OrderOutcome outcome = run();
  EXPECT_FALSE(outcome.is_sweep);
  EXPECT_EQ(outcome.changed, 1);
  EXPECT_EQ(details_asked(), 2) << "the changed one, and the latest change of the run before";
  EXPECT_THAT(stale(), IsEmpty());
}

TEST_F(OrderStreamTest, ADeletionBesideANewOrderIsFoundByTheNextRunAtTheLatest) {
  fill(150);
  run();
  shop_.remove(50);
  run();
  shop_.add(151, kToday);
  shop_.remove(60);
  run();
  EXPECT_THAT(stale(), IsEmpty());
}

TEST_F(OrderStreamTest, AFullListNeedsNoDetails) {
  shop_.expanded = OrderShop::Expanded::kHonoured;
  fill(150);
  const OrderOutcome outcome = run();
  EXPECT_TRUE(outcome.is_expanded);
  EXPECT_EQ(outcome.deepened, 0);
  EXPECT_EQ(details_asked(), 0);
  EXPECT_THAT(stale(), IsEmpty());
  shop_.change(9);
  EXPECT_EQ(run().changed, 1);
  EXPECT_THAT(stale(), IsEmpty());
  EXPECT_EQ(source_.asked.size(), 2U);
}

TEST_F(OrderStreamTest, AStoreThatRefusesFullListsIsAskedForLightOnes) {
  shop_.expanded = OrderShop::Expanded::kRefused;
  fill(50);
  EXPECT_FALSE(run().is_expanded);
  EXPECT_EQ(asked_for("expanded=1"), 1);
  EXPECT_THAT(stale(), IsEmpty());
  run();
  EXPECT_EQ(asked_for("expanded=1"), 0) << "remembered";
}

TEST_F(OrderStreamTest, AStoreThatStopsAnsweringInFullIsSaidSo) {
  shop_.expanded = OrderShop::Expanded::kHonoured;
  fill(50);
  run();
  shop_.expanded = OrderShop::Expanded::kIgnored;
  shop_.change(7);
  const OrderOutcome outcome = run();
  EXPECT_FALSE(outcome.is_expanded);
  EXPECT_THAT(outcome.notes, Contains("order lists changed from expanded to light"));
  EXPECT_THAT(stale(), IsEmpty());
}

TEST_F(OrderStreamTest, SummaryOnlyLeavesTheRestForLater) {
  options_.is_summary_only = true;
  fill(50);
  const OrderOutcome outcome = run();
  EXPECT_EQ(outcome.left_to_deepen, 50);
  EXPECT_EQ(details_asked(), 0);
  options_.is_summary_only = false;
  EXPECT_EQ(run().deepened, 50);
  EXPECT_THAT(stale(), IsEmpty());
}

TEST_F(OrderStreamTest, ASpentBudgetEndsDeepeningWithWholeOrders) {
  fill(50);
  options_.is_budget_spent = [this] { return details_asked() >= 10; };
  OrderOutcome outcome = run();
  EXPECT_EQ(outcome.deepened, 10);
  EXPECT_EQ(outcome.left_to_deepen, 40);
  EXPECT_EQ(asked_for("/orders/items"), 10) << "no order without its items";
  EXPECT_EQ(stale().size(), 40U);
  options_.is_budget_spent = nullptr;
  EXPECT_GE(run().deepened, 40);
  EXPECT_THAT(stale(), IsEmpty());
}

TEST_F(OrderStreamTest, TimeThatIsUpLeavesOrdersToTheNextRun) {
  fill(50);
  const auto calm = source_.answerer;
  source_.answerer = [this, calm](const std::string& request) -> Result<Answer> {
    if (asked_for("/orders/items") < 10) return calm(request);
    Error error(ErrorKind::kCancelled, "made up by the test");
    error.vendor_code = kTimeIsUp;
    return error;
  };
  options_.is_budget_spent = [this] { return asked_for("/orders/items") >= 13; };
  const OrderOutcome outcome = run();
  EXPECT_EQ(outcome.deepened + outcome.left_to_deepen, 50);
  EXPECT_GE(outcome.left_to_deepen, 40);
  EXPECT_EQ(outcome.refused, 0) << "nothing was refused";
  options_.is_budget_spent = nullptr;
  source_.answerer = calm;
  run();
  EXPECT_THAT(stale(), IsEmpty());
}

TEST_F(OrderStreamTest, AnErrorKeepsWhatHasLandedAndTheRunIsTakenUpAgain) {
  fill(100);
  const auto calm = source_.answerer;
  source_.answerer = [this, calm](const std::string& request) -> Result<Answer> {
    if (source_.asked.size() > 80) return Error(ErrorKind::kAuthFailed, "made up by the test");
    return calm(request);
  };
  const auto failed = walk();
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().kind(), ErrorKind::kAuthFailed);
  const auto kept = landed_requests();
  EXPECT_GE(kept.size(), 75U);

  start(run_);
  source_.answerer = calm;
  const auto resumed = walk();
  ASSERT_TRUE(resumed.ok()) << resumed.error().to_text();
  for (const std::string& request : kept) {
    // Whether the list stood still during the sweep is asked again.
    const int64_t allowed = request == "/orders?page=1&per_page=20&sort_by=updated_at-desc" ? 1 : 0;
    EXPECT_LE(source_.times_asked(request), allowed) << request;
  }
  EXPECT_THAT(stale(), IsEmpty());
  EXPECT_EQ(landed_requests().size(), kept.size() + source_.asked.size());
}

TEST_F(OrderStreamTest, ARunThatIsNotRememberedIsMadeUpFor) {
  fill(100);
  run();
  for (int64_t id = 1; id <= 50; ++id) shop_.change(id);
  start("lost");
  const auto calm = source_.answerer;
  source_.answerer = [this, calm](const std::string& request) -> Result<Answer> {
    if (source_.asked.size() > 30) return Error(ErrorKind::kUnavailable, "made up by the test");
    return calm(request);
  };
  ASSERT_FALSE(walk().ok());
  EXPECT_THAT(stale(), Not(IsEmpty()));
  source_.answerer = calm;
  run();
  EXPECT_THAT(stale(), IsEmpty());
}

TEST_F(OrderStreamTest, AListThatMovesUnderASweepIsSweptAgain) {
  fill(150);
  const auto calm = source_.answerer;
  source_.answerer = [this, calm](const std::string& request) -> Result<Answer> {
    if (source_.asked.size() == 12) shop_.remove(100);
    return calm(request);
  };
  EXPECT_THAT(run().notes, Contains(HasSubstr("the next run sweeps it again")));
  source_.answerer = calm;
  EXPECT_TRUE(run().is_sweep);
  EXPECT_THAT(stale(), IsEmpty());
  EXPECT_FALSE(run().is_sweep);
}

TEST_F(OrderStreamTest, AnOrderThatVanishesWhileItIsDeepenedIsRecordedOnce) {
  fill(50);
  const auto calm = source_.answerer;
  source_.answerer = [this, calm](const std::string& request) -> Result<Answer> {
    if (request == "/orders/30") shop_.remove(30);
    return calm(request);
  };
  EXPECT_EQ(run().deleted, 1);
  const auto kept = landed_requests();
  EXPECT_EQ(std::count(kept.begin(), kept.end(), "/orders/30#gone"), 1);
  EXPECT_THAT(stale(), IsEmpty());
}

TEST_F(OrderStreamTest, RefusedItemsAreCountedAndTriedAgain) {
  fill(50);
  const auto calm = source_.answerer;
  source_.answerer = [calm](const std::string& request) -> Result<Answer> {
    if (request == "/orders/items?order_id=30") return refused();
    return calm(request);
  };
  const OrderOutcome outcome = run();
  EXPECT_EQ(outcome.refused, 1);
  EXPECT_THAT(outcome.notes, Contains(HasSubstr("1 details or items calls were refused")));
  EXPECT_THAT(stale(), ElementsAre(30));
  source_.answerer = calm;
  run();
  EXPECT_THAT(stale(), IsEmpty());
}

TEST_F(OrderStreamTest, AStoreThatGivesFewerRowsAPageIsFollowed) {
  shop_.per_page_max = 15;
  fill(400);
  run();
  EXPECT_THAT(stale(), IsEmpty());
  for (int64_t id = 390; id > 10; --id) shop_.change(id);
  run();
  EXPECT_THAT(stale(), IsEmpty());
}

// ---- stores that do not keep to the rules

TEST_F(OrderStreamTest, AStoreThatIgnoresTheSortingIsSweptByEveryRun) {
  shop_.ignores_sort = true;
  fill(150);
  EXPECT_THAT(run().notes, Contains(HasSubstr("does not sort its orders by change")));
  shop_.change(20);
  const OrderOutcome outcome = run();
  EXPECT_TRUE(outcome.is_sweep);
  EXPECT_THAT(stale(), IsEmpty());
  EXPECT_EQ(details_asked(), 1);
  shop_.ignores_sort = false;
  EXPECT_TRUE(run().is_sweep) << "the last run said so";
  EXPECT_FALSE(run().is_sweep) << "it sorts again";
  shop_.change(30);
  EXPECT_FALSE(run().is_sweep);
  EXPECT_THAT(stale(), IsEmpty());
}

TEST_F(OrderStreamTest, AFullListThatStopsBeingSortedIsNoticedByItsRows) {
  shop_.expanded = OrderShop::Expanded::kHonoured;
  fill(150);
  shop_.change(100);
  run();
  shop_.ignores_sort = true;
  shop_.change(20);
  EXPECT_TRUE(run().is_sweep);
  EXPECT_THAT(stale(), IsEmpty());
}

// Rows shift up when one above them goes, past the page that is asked for next.
TEST_F(OrderStreamTest, ARowThatSlipsPastTheWalkIsFound) {
  for (const bool is_full : {false, true}) {
    SCOPED_TRACE(is_full ? "full" : "light");
    shop_ = OrderShop();
    shop_.expanded = is_full ? OrderShop::Expanded::kHonoured : OrderShop::Expanded::kIgnored;
    loaded_.clear();
    texts_.clear();
    fill(200);
    run();
    for (int64_t id = 150; id > 121; --id) shop_.change(id);
    const auto calm = source_.answerer;
    source_.answerer = [this, calm](const std::string& request) -> Result<Answer> {
      if (request.find("page=2") != std::string::npos &&
          request.find("sort_by") != std::string::npos)
        shop_.remove(122);
      return calm(request);
    };
    run();
    source_.answerer = calm;
    run();
    EXPECT_THAT(stale(), IsEmpty());
  }
}

TEST_F(OrderStreamTest, AStoreThatDeletesAllTheTimeIsCaughtUpWithOnceItIsQuiet) {
  fill(300);
  run();
  for (int64_t id = 100; id < 160; ++id) shop_.change(id);
  int64_t next_gone = 1;
  const auto calm = source_.answerer;
  source_.answerer = [&, calm](const std::string& request) -> Result<Answer> {
    if (request.find("sort_by") != std::string::npos) shop_.remove(159 - next_gone++);
    return calm(request);
  };
  run();
  source_.answerer = calm;
  run();
  EXPECT_THAT(stale(), IsEmpty());
}

TEST_F(OrderStreamTest, ChangesThatDoNotSortAnOrderHigherAreFoundByASweep) {
  fill(150);
  run();
  shop_.change_silently(9);
  EXPECT_FALSE(run().is_sweep);
  EXPECT_THAT(stale(), ElementsAre(9));
  options_.is_reconciling = true;
  EXPECT_TRUE(run().is_sweep);
  EXPECT_THAT(stale(), IsEmpty());
}

TEST_F(OrderStreamTest, OrdersThatAreAnnouncedAndNeverListedDoNotMakeEveryRunASweep) {
  fill(150);
  shop_.announced_too_many = 3;
  run();
  EXPECT_THAT(run().notes, Contains("the store announces 153 orders and lists 150"));
  EXPECT_FALSE(run().is_sweep);
  shop_.remove(20);
  EXPECT_TRUE(run().is_sweep) << "one is missing";
  EXPECT_THAT(stale(), IsEmpty());
  EXPECT_FALSE(run().is_sweep);
}

TEST_F(OrderStreamTest, ASweepForReconciliationBringsTheStoresOwnTotals) {
  options_.statuses = {"canceled", "completed", "waiting to receive it"};
  for (int64_t id = 1; id <= 70; ++id)
    shop_.add(id, kToday, id % 7 == 0 ? "canceled" : "completed");
  options_.is_reconciling = true;
  const OrderOutcome outcome = run();
  std::map<std::string, int64_t> totals;
  for (const auto& total : outcome.totals) totals[total.status] = total.total;
  EXPECT_EQ(totals[""], 70);
  EXPECT_EQ(totals["canceled"], 10);
  EXPECT_EQ(totals["completed"], 60);
  EXPECT_EQ(asked_for("status[]=waiting%20to%20receive%20it"), 1);
}

// ---- what is deepened when

TEST_F(OrderStreamTest, ChangedOrdersComeFirstThenTheNewestWeekAndInItTheMostValuable) {
  options_.is_summary_only = true;
  fill(300);  // ten a day
  shop_.set_value(292, 900);
  shop_.set_value(5, 5'000);
  run();
  shop_.change(10);
  options_.is_summary_only = false;
  run();
  std::vector<std::string> details;
  for (const auto& request : source_.asked) {
    if (request.starts_with("/orders/") && !request.starts_with("/orders/items"))
      details.push_back(request);
  }
  ASSERT_GT(details.size(), 290U);
  EXPECT_EQ(details[0], "/orders/10");
  const auto place = [&](const char* request) {
    return std::find(details.begin(), details.end(), request) - details.begin();
  };
  EXPECT_LT(place("/orders/292"), place("/orders/291"));
  EXPECT_LT(place("/orders/292"), place("/orders/5"));
  EXPECT_LT(place("/orders/5"), place("/orders/6"));
}

TEST_F(OrderStreamTest, NamedOrdersAreAskedForOnceAndFirst) {
  fill(50);
  run();
  shop_.change(44);
  options_.named = {12, 44, 777};
  source_.asked.clear();
  const auto outcome = run();
  // And 50, the latest change of the last run: it may have changed again before 44 did.
  EXPECT_EQ(details_asked(), 4) << ::testing::PrintToString(source_.asked);
  EXPECT_EQ(asked_for("/orders/12"), 1);
  EXPECT_EQ(asked_for("/orders/44"), 1);
  EXPECT_EQ(outcome.deleted, 1) << "777 is not there";
  EXPECT_TRUE(outcome.named_left.empty());
  options_.is_summary_only = true;
  EXPECT_THAT(run().named_left, ::testing::UnorderedElementsAre(12, 44, 777));
}

TEST_F(OrderStreamTest, AChangeThatASpentBudgetLeftOverIsNamedToTheNextRun) {
  fill(50);
  run();
  shop_.change(20);
  shop_.change(30);
  options_.is_budget_spent = [this] { return asked_for("/orders/items") >= 1; };
  source_.asked.clear();
  options_.named = run().named_left;
  EXPECT_FALSE(options_.named.empty());
  std::sort(options_.named.begin(), options_.named.end());
  options_.is_budget_spent = nullptr;
  EXPECT_THAT(run().named_left, IsEmpty());
  EXPECT_THAT(stale(), IsEmpty());
}

TEST_F(OrderStreamTest, AChangeWhoseDetailsWereRefusedIsNamedToTheNextRun) {
  fill(50);
  run();
  shop_.change_hidden(20);
  shop_.change(20);
  const auto calm = source_.answerer;
  source_.answerer = [calm](const std::string& request) -> Result<Answer> {
    if (request == "/orders/20") return refused();
    return calm(request);
  };
  options_.named = run().named_left;
  EXPECT_THAT(options_.named, ElementsAre(20));
  source_.answerer = calm;
  EXPECT_THAT(run().named_left, IsEmpty());
  EXPECT_THAT(stale(), IsEmpty());
}

// ---- what no list tells of

TEST_F(OrderStreamTest, EachOrderIsReadAgainOnceInARound) {
  options_.reread_days = 10;
  fill(100);
  run();
  source_.asked.clear();
  run();
  EXPECT_LE(details_asked(), 1) << "no time has passed; the latest change is looked at";
  for (int64_t id = 1; id < 100; ++id) shop_.change_hidden(id);
  for (int day = 1; day <= 10; ++day) {
    clock_.advance(std::chrono::hours(24));
    run();
    EXPECT_EQ(stale().size(), static_cast<size_t>(std::max(0, 99 - 10 * day))) << "day " << day;
  }
}

TEST_F(OrderStreamTest, ARoundWaitsForEverythingElseAndGoesOnWhereItWasStopped) {
  options_.reread_days = 10;
  fill(100);
  run();
  for (int64_t id = 1; id < 100; ++id) shop_.change_hidden(id);
  clock_.advance(std::chrono::hours(24));
  shop_.change(3);
  options_.is_budget_spent = [this] { return asked_for("/orders/items") >= 5; };
  source_.asked.clear();
  const auto outcome = run();
  EXPECT_EQ(outcome.left_to_deepen, 0) << "nothing is missing of those that are left";
  EXPECT_THAT(outcome.named_left, IsEmpty());
  const auto place = [&](const char* request) {
    return std::find(source_.asked.begin(), source_.asked.end(), request) - source_.asked.begin();
  };
  EXPECT_LT(place("/orders/3"), place("/orders/1")) << ::testing::PrintToString(source_.asked);
  EXPECT_EQ(std::count(source_.asked.begin(), source_.asked.end(), "/orders/3"), 1);
  options_.is_budget_spent = nullptr;
  run();
  // What the first of the two left, the second has read: ten in a day.
  EXPECT_EQ(stale().size(), 89U);
}

TEST_F(OrderStreamTest, ALongPauseDoesNotMakeARunReadEverythingAgain) {
  options_.reread_days = 10;
  fill(100);
  run();
  clock_.advance(std::chrono::hours(24 * 100));
  source_.asked.clear();
  run();
  EXPECT_EQ(details_asked(), 25 + 1);
}

TEST_F(OrderStreamTest, FullListsNeedNoRound) {
  shop_.expanded = OrderShop::Expanded::kHonoured;
  options_.reread_days = 10;
  fill(100);
  run();
  shop_.change_hidden(40);
  clock_.advance(std::chrono::hours(24 * 5));
  source_.asked.clear();
  options_.is_reconciling = true;
  run();
  EXPECT_EQ(details_asked(), 0);
  EXPECT_THAT(stale(), IsEmpty());
}

TEST_F(OrderStreamTest, ABackfillReadsTheOrdersOfItsDaysAndNoOthers) {
  options_.is_summary_only = true;
  fill(300);
  run();
  options_.is_summary_only = false;
  options_.range = DayWindow{kToday - 9, kToday - 5};
  shop_.change_silently(245);
  shop_.remove(230);
  const OrderOutcome outcome = run();
  EXPECT_EQ(outcome.announced, 49);
  EXPECT_EQ(outcome.deepened, 49);
  EXPECT_EQ(outcome.deleted, 1);
  EXPECT_EQ(stale().size(), 250U);
  options_.range.reset();
  EXPECT_FALSE(run().is_sweep) << "a backfill leaves the walk's memory as it was";
}

// Any history of a store: after each quiet run its newest state is known.
TEST_F(OrderStreamTest, WhateverHappensBetweenRunsIsKnownAfterTheNext) {
  for (uint32_t seed = 1; seed <= 4; ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    std::mt19937 random(seed);
    const auto pick = [&random](size_t below) { return static_cast<int64_t>(random() % below); };
    shop_ = OrderShop();
    if (seed % 2 == 0) shop_.expanded = OrderShop::Expanded::kHonoured;
    loaded_.clear();
    texts_.clear();
    int64_t last_id = 0;
    for (int round = 0; round < 12; ++round) {
      const int64_t kind = round == 0 ? 0 : pick(6);
      if (kind == 0) {
        for (int64_t n = round == 0 ? 250 : pick(60); n > 0; --n) shop_.add(++last_id, kToday);
      } else if (kind == 1) {
        for (int64_t n = pick(20); n > 0; --n) shop_.remove(1 + pick(static_cast<size_t>(last_id)));
      } else if (kind == 2 || kind == 3) {
        const int64_t first = 1 + pick(static_cast<size_t>(last_id));
        const int64_t last = first + pick(120);
        for (int64_t i = first; i <= last; ++i) shop_.change(kind == 2 ? i : first + last - i);
        // A light list does not tell such a change of its topmost orders from no change.
        if (kind == 2 && shop_.expanded != OrderShop::Expanded::kHonoured) shop_.change(first);
      } else if (kind == 4) {
        for (int64_t n = pick(80); n > 0; --n) shop_.change(1 + pick(static_cast<size_t>(last_id)));
      }
      run();
      ASSERT_THAT(stale(), IsEmpty()) << "after round " << round << ", kind " << kind;
    }
  }
}

}  // namespace
}  // namespace falaj::extract
