#include "operate/eta.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace falaj::operate {
namespace {

using namespace std::chrono_literals;

// A client that always has a request waiting: `rate` a second until the minute's `quota` is used up.
struct Run {
  int64_t quota = 0;
  double rate = 0;
  int64_t requests = 0;
  int64_t used = 0;
  Micros now{};

  void step() {
    constexpr Micros kStep = 100ms;
    const auto window = now / 1min;
    now += kStep;
    if (now / 1min != window) used = 0;
    auto more = static_cast<int64_t>(rate / 10);
    if (quota > 0) more = std::min(more, quota - used);
    requests += more;
    used += more;
  }
};

double seconds(Micros time) {
  return std::chrono::duration<double>(time).count();
}

// How far off the estimate was at a quarter, a half and three quarters, as a part of the whole.
std::vector<double> errors(Run run, int64_t all) {
  Eta eta;
  std::vector<std::pair<double, double>> predicted;  // time of the end
  while (run.requests < all) {
    run.step();
    eta.observe({run.now, run.requests, run.quota, run.used});
    const auto quarter = static_cast<int64_t>(predicted.size()) + 1;
    if (quarter < 4 && run.requests * 4 >= all * quarter) {
      const auto left = eta.left(all - run.requests);
      predicted.emplace_back(seconds(run.now) + (left ? seconds(*left) : 1e9), 0);
    }
  }
  std::vector<double> parts;
  for (const auto& [end, unused] : predicted)
    parts.push_back(std::abs(end - seconds(run.now)) / seconds(run.now));
  return parts;
}

TEST(Eta, AQuotaIsWholeMinutesAndAPartOfOne) {
  for (const int64_t all : {3'600, 7'000, 20'000}) {
    for (const double error : errors({.quota = 360, .rate = 100}, all))
      EXPECT_LT(error, 0.1) << all;
  }
}

TEST(Eta, WithoutALimitItIsThePace) {
  for (const double error : errors({.quota = 0, .rate = 200}, 20'000)) EXPECT_LT(error, 0.02);
}

TEST(Eta, AStoreThatIsSlowerThanItsQuotaIsTakenAsSlow) {
  for (const double error : errors({.quota = 6'000, .rate = 20}, 6'000)) EXPECT_LT(error, 0.05);
}

TEST(Eta, NothingIsKnownBeforeThereIsAPace) {
  Eta eta;
  EXPECT_FALSE(eta.left(10));
  eta.observe({});
  EXPECT_FALSE(eta.left(10));
  EXPECT_EQ(eta.left(0), Micros(0));
}

}  // namespace
}  // namespace falaj::operate
