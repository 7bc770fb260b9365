#include "operate/waits.hpp"

#include <gtest/gtest.h>

namespace falaj::operate {
namespace {

using namespace std::chrono_literals;

UtcTime start() {
  return UtcTime(Micros(1'800'000'000'000'000));
}

TEST(Waits, AWaitCountsDownAndIsGoneWhenItIsOver) {
  ManualClock clock(start());
  {
    const ShownWait quota(&clock, {WaitFor::kQuota, "riyadh", "", 42s, false});
    ASSERT_EQ(waits_now().size(), 1U);
    EXPECT_EQ(to_text(waits_now()), "waiting 42 s for the quota of riyadh");
    clock.advance(2500ms);
    EXPECT_EQ(to_text(waits_now()), "waiting 40 s for the quota of riyadh");
    clock.advance(60s);
    EXPECT_EQ(to_text(waits_now()), "waiting 0 s for the quota of riyadh");
  }
  EXPECT_TRUE(waits_now().empty());
}

TEST(Waits, WhatIsOverInAMomentIsNotWorthAWord) {
  ManualClock clock(start());
  const ShownWait quota(&clock, {WaitFor::kQuota, "riyadh", "", 20ms, false});
  EXPECT_TRUE(waits_now().empty());
  // Patience is no length: the lock may come free at once.
  const ShownWait lock(&clock, {WaitFor::kLock, "/h/lake/catalog.lock", "", 600s, true});
  EXPECT_TRUE(waits_now().empty());
  clock.advance(1s);
  ASSERT_EQ(waits_now().size(), 2U);
  EXPECT_EQ(to_text(waits_now()[1]), "9 min 59 s at the most for the lock catalog.lock");
}

TEST(Waits, EachKindSaysWhatItIsFor) {
  const auto text = [](WaitFor what, const char* subject, const char* cause) {
    return to_text(to_view({Wait{what, subject, cause, {}, false}, 0s, 90s}));
  };
  EXPECT_EQ(text(WaitFor::kQuota, "", "HTTP 429"),
            "1 min 30 s for the quota of the store (HTTP 429)");
  EXPECT_EQ(text(WaitFor::kCustomersQuota, "riyadh", ""),
            "1 min 30 s for the quota of customers' requests of riyadh");
  EXPECT_EQ(text(WaitFor::kRetry, "riyadh", "HTTP 503"),
            "1 min 30 s to ask riyadh again (HTTP 503)");
  EXPECT_EQ(text(WaitFor::kWriterTurn, "Snowflake", "home-7 has it"),
            "1 min 30 s for the turn to write to Snowflake (home-7 has it)");
  EXPECT_EQ(text(WaitFor::kConflict, "the warehouse", "try 3 of 20"),
            "1 min 30 s to write to the warehouse again (try 3 of 20)");
  EXPECT_EQ(to_text(to_view({Wait{WaitFor::kLock, "/h/a.lock", "", {}, false}, 7s, {}})),
            "since 7 s for the lock a.lock");
}

TEST(Waits, OfSeveralTheOneThatEndsFirstIsNamed) {
  ManualClock clock(start());
  const ShownWait late(&clock, {WaitFor::kQuota, "riyadh", "", 50s, false});
  const ShownWait soon(&clock, {WaitFor::kRetry, "jeddah", "HTTP 503", 8s, false});
  EXPECT_EQ(to_text(waits_now()), "2 stores wait, the next one 8 s to ask jeddah again (HTTP 503)");
  EXPECT_EQ(to_text(waits_of(to_json(waits_now()))), to_text(waits_now()));
}

// One line when it begins and one each half a minute, of the clock that is handed in.
TEST(Waits, ALogHasALineAtOnceAndThenEvery30Seconds) {
  ManualClock clock(start());
  WaitLog log;
  const auto line = [&] { return log.line(waits_now(), clock.steady_now()); };
  EXPECT_FALSE(line());
  const ShownWait quota(&clock, {WaitFor::kQuota, "riyadh", "", 70s, false});
  std::vector<std::string> lines;
  for (int second = 0; second < 70; ++second, clock.advance(1s)) {
    if (const auto said = line()) lines.push_back(*said);
  }
  EXPECT_EQ(lines, (std::vector<std::string>{"waiting 1 min 10 s for the quota of riyadh",
                                             "waiting 40 s for the quota of riyadh",
                                             "waiting 10 s for the quota of riyadh"}));
}

TEST(Waits, ALogSaysNothingOfShortWaitsAndOfALockOnlyWhenItTakesLong) {
  ManualClock clock(start());
  WaitLog log;
  for (int i = 0; i < 100; ++i) {
    const ShownWait quota(&clock, {WaitFor::kQuota, "riyadh", "", 1s, false});
    EXPECT_FALSE(log.line(waits_now(), clock.steady_now())) << i;
    clock.advance(1s);
  }
  const ShownWait lock(&clock, {WaitFor::kLock, "/h/lake/catalog.lock", "", 600s, true});
  for (int second = 0; second < 5; ++second, clock.advance(1s))
    EXPECT_FALSE(log.line(waits_now(), clock.steady_now()));
  EXPECT_EQ(log.line(waits_now(), clock.steady_now()),
            "waiting 9 min 55 s at the most for the lock catalog.lock");
}

// Many stores whose quotas end one after another are no reason for a line each.
TEST(Waits, ManyWaitsOfOneKindShareTheirLines) {
  ManualClock clock(start());
  WaitLog log;
  int lines = 0;
  for (int i = 0; i < 60; ++i) {
    const ShownWait quota(&clock, {WaitFor::kQuota, "store " + std::to_string(i), "", 10s, false});
    if (log.line(waits_now(), clock.steady_now())) ++lines;
    clock.advance(1s);
  }
  EXPECT_EQ(lines, 2);
}

}  // namespace
}  // namespace falaj::operate
