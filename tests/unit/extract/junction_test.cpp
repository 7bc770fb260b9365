#include "extract/junction.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace falaj::extract {
namespace {

// first, first + 1, ...: a remembered order of ids, or a stretch of it.
std::vector<int64_t> ids(int64_t first, size_t count) {
  std::vector<int64_t> list(count);
  std::iota(list.begin(), list.end(), first);
  return list;
}

std::vector<int64_t> operator+(std::vector<int64_t> a, const std::vector<int64_t>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

TEST(Junction, NothingChangedJoinsAtTheTop) {
  EXPECT_EQ(find_junction(ids(1, 60), ids(1, 500)), 0U);
  EXPECT_EQ(find_junction(ids(1, kJunctionRows), ids(1, 500)), 0U);
}

TEST(Junction, TooFewRowsAreNoJunction) {
  EXPECT_EQ(find_junction(ids(1, kJunctionRows - 1), ids(1, 500)), std::nullopt);
  EXPECT_EQ(find_junction({}, ids(1, 500)), std::nullopt);
}

TEST(Junction, NewAndChangedRowsAreAboveIt) {
  const auto walked =
      ids(9'000, 7) + std::vector<int64_t>{33, 4} + ids(1, 3) + ids(5, 28) + ids(34, 20);
  EXPECT_EQ(find_junction(walked, ids(1, 500)), 9U);
}

TEST(Junction, RowsThatTheStoreHasDeletedAreNoBreak) {
  const auto walked = ids(1, 10) + ids(15, 10) + ids(40, 20);
  EXPECT_EQ(find_junction(walked, ids(1, 500), {.gone = 19}), 0U);
  EXPECT_EQ(find_junction(walked, ids(1, 500), {.gone = 18}), std::nullopt);
}

// One after the other, orders were changed without a change of their order.
TEST(Junction, RowsThatKeepTheirOrderButLeaveOthersOutAreAboveIt) {
  EXPECT_EQ(find_junction(ids(2, 100), ids(1, 500)), std::nullopt);
  EXPECT_EQ(find_junction(ids(101, 100) + ids(1, 20), ids(1, 500)), std::nullopt);
  EXPECT_EQ(find_junction(ids(101, 100) + ids(1, 30), ids(1, 500)), 100U);
  EXPECT_EQ(find_junction(ids(101, 100) + ids(1, 100) + ids(201, 30), ids(1, 500)), 100U);
}

TEST(Junction, RowsKnownToHaveChangedAreAboveIt) {
  EXPECT_EQ(find_junction(ids(1, 60), ids(1, 500), {.from = 20}), 20U);
  EXPECT_EQ(find_junction(ids(1, 60), ids(1, 500), {.from = 40}), std::nullopt);
}

TEST(Junction, AWalkBeyondTheRememberedIdsIsStillJoined) {
  EXPECT_EQ(find_junction(ids(900, 5) + ids(1, 80) + ids(2'000, 300), ids(1, 80)), 5U);
}

TEST(Junction, RowsInAnotherOrderAreNotJoined) {
  auto walked = ids(100, 60);
  std::reverse(walked.begin(), walked.end());
  EXPECT_EQ(find_junction(walked, ids(1, 500)), std::nullopt);
}

TEST(Junction, AtTheEndOfTheListAShortRunWillDo) {
  EXPECT_EQ(find_junction(std::vector<int64_t>{9, 8} + ids(1, 5), ids(1, 5), {.is_end = true}), 2U);
  EXPECT_EQ(find_junction({9, 8, 7}, ids(1, 5), {.is_end = true}), 3U) << "all of it is new";
  EXPECT_EQ(find_junction({}, {}, {.is_end = true}), 0U);
}

TEST(Junction, TheMergedOrderHasEachIdOnceAndNoMoreThanTheLimit) {
  const std::vector<int64_t> walked = {90, 4, 1, 2, 3};
  EXPECT_EQ(merged_order(walked, 2, ids(1, 6), 100), (std::vector<int64_t>{90, 4, 1, 2, 3, 5, 6}));
  EXPECT_EQ(merged_order(walked, 2, ids(1, 6), 4), (std::vector<int64_t>{90, 4, 1, 2}));
  EXPECT_EQ(merged_order(walked, 5, {}, 3), (std::vector<int64_t>{90, 4, 1}));
  EXPECT_TRUE(merged_order({}, 0, {}, 10).empty());
}

}  // namespace
}  // namespace falaj::extract
