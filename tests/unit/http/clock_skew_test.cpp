#include "http/clock_skew.hpp"

#include <gtest/gtest.h>

namespace falaj::http {
namespace {

using namespace std::chrono_literals;

constexpr UtcTime kNow{Micros(1'795'434'900'000'000)};  // 2026-11-23T11:55:00Z

Headers dated(const char* date) {
  Headers headers;
  headers.add("date", date);
  return headers;
}

TEST(ClockSkew, IsTheSmallestDifferenceThatAnswersShow) {
  ClockSkew skew;
  EXPECT_FALSE(skew.measured());
  skew.observe(Headers(), kNow);
  skew.observe(dated("yesterday"), kNow);
  EXPECT_FALSE(skew.measured()) << "no date, no difference";
  skew.observe(dated("Mon, 23 Nov 2026 10:55:00 GMT"), kNow);
  EXPECT_EQ(*skew.measured(), 1h) << "from a cache, maybe";
  skew.observe(dated("Mon, 23 Nov 2026 11:54:59 GMT"), kNow);
  EXPECT_EQ(*skew.measured(), 1s);
  skew.observe(dated("Mon, 23 Nov 2026 11:00:00 GMT"), kNow);
  EXPECT_EQ(*skew.measured(), 1s);
}

TEST(ClockSkew, IsSaidWithItsNumberWhenItIsLarge) {
  EXPECT_FALSE(is_worth_saying(std::nullopt));
  EXPECT_FALSE(is_worth_saying(Micros(5min)));
  EXPECT_TRUE(is_worth_saying(Micros(301s)));
  EXPECT_TRUE(is_worth_saying(Micros(-301s)));
  EXPECT_EQ(skew_text(Micros(86'400s)), "this machine's clock is 86400 s ahead of the store's");
  EXPECT_EQ(skew_text(Micros(-301s)), "this machine's clock is 301 s behind the store's");
}

}  // namespace
}  // namespace falaj::http
