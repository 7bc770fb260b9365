#include "run/eta.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace falaj::run {
namespace {

using namespace std::chrono_literals;

// A client that always has a request waiting, beside others that take their part of each minute:
// `rate` calls a second until the minute's `quota` is used up.
struct Worker {
  int64_t quota = 0;
  double rate = 0;
  double others = 0;  // requests of others for one of ours
  int64_t done = 0;
  double used = 0;
  Micros now{};

  void step() {
    constexpr Micros kStep = 100ms;
    const auto window = now / 1min;
    now += kStep;
    if (now / 1min != window) used = 0;
    auto more = rate / 10;
    if (quota > 0) more = std::min(more, (static_cast<double>(quota) - used) / (1 + others));
    more = std::floor(std::max(0.0, more));
    done += static_cast<int64_t>(more);
    used += more * (1 + others);
  }
  Eta::Seen seen() const { return {now, done, quota, static_cast<int64_t>(used)}; }
};

double seconds(Micros time) {
  return std::chrono::duration<double>(time).count();
}

// How far off the estimate was at a tenth, a quarter, a half and three quarters, as a part of the
// whole.
std::vector<double> errors(Worker run, int64_t all) {
  constexpr int64_t kPercents[] = {10, 25, 50, 75};
  Eta eta;
  std::vector<double> ends;
  while (run.done < all) {
    const auto before = run.done;
    run.step();
    // Who stands still sees nothing.
    if (run.done == before) continue;
    eta.observe(run.seen());
    while (ends.size() < std::size(kPercents) && run.done * 100 >= all * kPercents[ends.size()]) {
      const auto left = eta.left(all - run.done, run.now);
      ends.push_back(seconds(run.now) + (left ? seconds(*left) : 1e9));
    }
  }
  std::vector<double> parts;
  for (const double end : ends)
    parts.push_back(std::abs(end - seconds(run.now)) / seconds(run.now));
  return parts;
}

TEST(Eta, AQuotaIsWholeMinutesAndAPartOfOne) {
  for (const int64_t all : {3'600, 7'000, 20'000}) {
    for (const double error : errors({.quota = 360, .rate = 100}, all))
      EXPECT_LT(error, 0.1) << all;
  }
}

TEST(Eta, OthersThatShareTheQuotaTakeTheirPart) {
  for (const double others : {0.25, 1.0, 9.0}) {
    for (const int64_t all : {3'600, 20'000}) {
      for (const double error : errors({.quota = 360, .rate = 60, .others = others}, all))
        EXPECT_LT(error, 0.1) << all << " beside " << others;
    }
  }
}

// A run that begins late in a minute, and whose first tenth is less than a minute's quota.
TEST(Eta, IsRightBeforeAWholeMinuteWasSeen) {
  for (const auto offset : {0s, 20s, 50s}) {
    Worker run{.quota = 6'000, .rate = 400, .others = 1};
    run.now = offset;
    Eta eta;
    while (run.done < 1'000) {
      run.step();
      eta.observe(run.seen());
    }
    const auto left = eta.left(30'000 - run.done, run.now);
    ASSERT_TRUE(left);
    while (run.done < 30'000) {
      eta.observe(run.seen());
      run.step();
    }
    const auto whole = seconds(run.now - offset);
    EXPECT_LT(std::abs(seconds(*left) - whole) / whole, 0.15) << seconds(offset);
  }
}

TEST(Eta, FollowsOthersThatComeLater) {
  Worker run{.quota = 360, .rate = 60};
  Eta eta;
  const auto go = [&](Micros time) {
    for (const auto end = run.now + time; run.now < end;) {
      const auto before = run.done;
      run.step();
      if (run.done != before) eta.observe(run.seen());
    }
  };
  go(3min + 1s);
  run.others = 1;
  go(4min);
  const auto left = eta.left(3'600, run.now);
  ASSERT_TRUE(left);
  EXPECT_NEAR(seconds(*left), 20 * 60, 2 * 60);
}

TEST(Eta, WithoutALimitItIsThePace) {
  for (const double error : errors({.quota = 0, .rate = 200}, 20'000)) EXPECT_LT(error, 0.02);
}

TEST(Eta, AStoreThatIsSlowerThanItsQuotaIsTakenAsSlow) {
  for (const double error : errors({.quota = 6'000, .rate = 20}, 6'000)) EXPECT_LT(error, 0.05);
}

// The pace of long ago says nothing: a store that answers at a quarter of its speed since.
TEST(Eta, FollowsAPaceThatChanges) {
  Worker run{.quota = 0, .rate = 400};
  Eta eta;
  const auto go = [&](Micros time) {
    for (const auto end = run.now + time; run.now < end;) {
      run.step();
      eta.observe(run.seen());
    }
  };
  go(10min);
  run.rate = 100;
  go(6min);
  const auto left = eta.left(60'000, run.now);
  ASSERT_TRUE(left);
  EXPECT_NEAR(seconds(*left), 600, 30);
}

TEST(Eta, NothingIsKnownBeforeThereIsAPace) {
  Eta eta;
  EXPECT_FALSE(eta.left(10, Micros(0)));
  eta.observe({});
  EXPECT_FALSE(eta.left(10, Micros(0)));
  EXPECT_EQ(eta.left(0, Micros(0)), Micros(0));
}

}  // namespace
}  // namespace falaj::run
