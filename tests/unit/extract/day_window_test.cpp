#include "extract/day_window.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>

namespace falaj::extract {
namespace {

UtcTime utc(int64_t seconds) {
  return UtcTime(std::chrono::seconds(seconds));
}

TEST(DayWindow, ADayBeginsAtMidnightInRiyadh) {
  constexpr int64_t kEvening = 1'795'381'199;  // 2026-11-22T20:59:59Z, 23:59:59 in Riyadh
  EXPECT_EQ(day_text(riyadh_day(utc(kEvening))), "2026-11-22");
  EXPECT_EQ(day_text(riyadh_day(utc(kEvening + 1))), "2026-11-23");
  EXPECT_EQ(day_text(riyadh_day(utc(kEvening + 86'400))), "2026-11-23");
  EXPECT_EQ(riyadh_day(utc(0)), 0);
  EXPECT_EQ(riyadh_day(utc(-3 * 3600)), 0);
  EXPECT_EQ(riyadh_day(utc(-3 * 3600 - 1)), -1);
  EXPECT_EQ(day_text(-1), "1969-12-31");
  EXPECT_EQ(day_text(19'782), "2024-02-29");
}

TEST(DayWindow, OnlyWholePagesWithinTenThousandRowsAreReachable) {
  EXPECT_EQ(reachable_rows(60), 9'960);  // 166 pages
  EXPECT_EQ(reachable_rows(50), 10'000);
  EXPECT_EQ(reachable_rows(30), 9'990);
  EXPECT_EQ(reachable_rows(1), 10'000);
}

TEST(DayWindow, AsManyWindowsAsRowsNeedAtTwoThirds) {
  const DayWindow year{20'000, 20'364};
  EXPECT_EQ(split_by_expectation(year, 0, 50).size(), 1U);
  EXPECT_EQ(split_by_expectation(year, 6'666, 50).size(), 1U);
  EXPECT_EQ(split_by_expectation(year, 6'667, 50).size(), 2U);
  EXPECT_EQ(split_by_expectation(year, 1'067'371, 50).size(), 161U);
  EXPECT_EQ(split_by_expectation(year, 100'000'000, 50).size(), 365U) << "at most one a day";
  EXPECT_EQ(split_by_expectation({20'000, 20'000}, 100'000, 50),
            (std::vector<DayWindow>{{20'000, 20'000}}));
}

TEST(DayWindow, WindowsCoverEveryDayOnceNewestFirst) {
  std::mt19937 random(20240410);
  for (int round = 0; round < 500; ++round) {
    const Day first = static_cast<Day>(random() % 30'000) - 5'000;
    const DayWindow whole{first, first + static_cast<Day>(random() % 5'000)};
    const int64_t total = static_cast<int64_t>(random() % 3'000'000);
    const auto windows = split_by_expectation(whole, total, 60);
    SCOPED_TRACE(fmt::format("round {}: {}..{}, {} rows", round, whole.first, whole.last, total));
    ASSERT_FALSE(windows.empty());
    ASSERT_EQ(windows.front().last, whole.last);
    ASSERT_EQ(windows.back().first, whole.first);
    int64_t shortest = windows[0].days();
    int64_t longest = shortest;
    for (size_t i = 0; i < windows.size(); ++i) {
      ASSERT_GE(windows[i].days(), 1);
      if (i > 0) {
        ASSERT_EQ(windows[i].last + 1, windows[i - 1].first);
      }
      shortest = std::min(shortest, windows[i].days());
      longest = std::max(longest, windows[i].days());
    }
    ASSERT_LE(longest - shortest, 1) << "of about equal length";
  }
}

TEST(DayWindow, HalvesCoverTheWindowNewerFirst) {
  EXPECT_EQ(halves({10, 11}), (std::vector<DayWindow>{{11, 11}, {10, 10}}));
  EXPECT_EQ(halves({10, 12}), (std::vector<DayWindow>{{12, 12}, {10, 11}}));
  EXPECT_EQ(halves({-3, 2}), (std::vector<DayWindow>{{0, 2}, {-3, -1}}));
  EXPECT_DEATH(halves({10, 10}), "one day cannot be halved");
}

}  // namespace
}  // namespace falaj::extract
