#include "extract/reread_round.hpp"

#include <gtest/gtest.h>

#include <map>

namespace falaj::extract {
namespace {

using std::chrono::days;
using std::chrono::hours;

constexpr UtcTime kStart{Micros(1'795'000'000'000'000)};

std::vector<KnownOrder> orders_of(int64_t count) {
  std::vector<KnownOrder> orders;
  for (int64_t id = 1; id <= count; ++id) orders.push_back({7 * id, 0, true, 0, 0});
  return orders;
}

TEST(RereadRound, BeginsNow) {
  for (const auto* remembered : {"", "x", "5", "5 x", "-"}) {
    RereadRound round(std::string(remembered), 30, kStart);
    EXPECT_TRUE(round.due(orders_of(100)).empty()) << remembered;
  }
  RereadRound round(std::nullopt, 30, kStart);
  EXPECT_TRUE(round.due(orders_of(100)).empty());
  EXPECT_TRUE(round.due({}).empty());
}

// However often runs come, each order comes once in a round, and no part of a turn is lost.
TEST(RereadRound, EachOrderComesOnceInSoManyDays) {
  for (const auto& [count, every] : {std::pair<int64_t, Micros>(1'000, hours(24)),
                                     {1'000, hours(7)},
                                     {7, hours(24)},
                                     {1, hours(1)},
                                     {50'000, hours(24)}}) {
    const auto orders = orders_of(count);
    std::optional<std::string> remembered;
    std::map<int64_t, int> read;
    for (UtcTime now = kStart; now <= kStart + days(60); now += every) {
      RereadRound round(remembered, 30, now);
      const auto due = round.due(orders);
      for (const auto id : due) ++read[id];
      remembered = round.after(due.size());
    }
    EXPECT_GE(read.size(), static_cast<size_t>(count));
    for (const auto& [id, times] : read) EXPECT_TRUE(times == 1 || times == 2) << id;
  }
}

TEST(RereadRound, ARoundOfADayIsReadEachNight) {
  const auto first = RereadRound(std::nullopt, 1, kStart).after(0);
  RereadRound round(first, 1, kStart + days(1));
  EXPECT_EQ(round.due(orders_of(50)).size(), 50U);
}

TEST(RereadRound, GoesOnWhereItWasLeft) {
  const auto orders = orders_of(30);
  const auto first = RereadRound(std::nullopt, 30, kStart).after(0);
  RereadRound second(first, 30, kStart + days(4));
  EXPECT_EQ(second.due(orders), (std::vector<int64_t>{7, 14, 21, 28}));
  RereadRound third(second.after(1), 30, kStart + days(4));
  EXPECT_EQ(third.due(orders), (std::vector<int64_t>{14, 21, 28})) << "one was read";
  RereadRound last("203 " + std::to_string((kStart + days(1)).time_since_epoch().count()), 30,
                   kStart + days(4));
  EXPECT_EQ(last.due(orders), (std::vector<int64_t>{210, 7, 14})) << "and from the beginning";
}

TEST(RereadRound, LeavesOutWhatIsNotDeepAndReadsAQuarterAtMost) {
  auto orders = orders_of(40);
  for (size_t i = 0; i < orders.size(); i += 2) orders[i].is_deep = false;
  const auto first = RereadRound(std::nullopt, 20, kStart).after(0);
  RereadRound round(first, 20, kStart + days(200));
  EXPECT_EQ(round.due(orders), (std::vector<int64_t>{14, 28, 42, 56, 70}));
  RereadRound back(first, 20, kStart - days(3));
  EXPECT_TRUE(back.due(orders).empty());
}

}  // namespace
}  // namespace falaj::extract
