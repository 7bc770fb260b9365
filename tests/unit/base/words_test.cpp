#include <gtest/gtest.h>

#include <unistd.h>

#include <cerrno>

#include "base/closest.hpp"
#include "base/counted.hpp"
#include "base/system_error.hpp"

namespace falaj {
namespace {

TEST(Counted, OneIsOneAndTheOthersAreMany) {
  EXPECT_EQ(counted(1, "order"), "1 order");
  EXPECT_EQ(counted(0, "order"), "0 orders");
  EXPECT_EQ(counted(1'234'567, "order"), "1,234,567 orders");
  EXPECT_EQ(counted(2, "entry", "entries"), "2 entries");
  EXPECT_EQ(with_thousands(-1234), "-1,234");
}

TEST(SystemText, SaysWhoLacksTheRights) {
  const auto who = "uid " + std::to_string(::geteuid()) + ")";
  EXPECT_NE(system_text(EACCES).find("Permission denied (falaj runs as "), std::string::npos);
  EXPECT_NE(system_text(EACCES).find(who), std::string::npos) << system_text(EACCES);
  EXPECT_EQ(system_text(ENOSPC), "No space left on device");
}

TEST(Closest, DistancesCountLettersAndSwaps) {
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("orders", "orders"), 0U);
  EXPECT_EQ(edit_distance("Orders", "ordres"), 1U);
  EXPECT_EQ(edit_distance("order", "orders"), 1U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
}

TEST(Closest, AMistakeIsToldFromAnotherWord) {
  const std::vector<std::string> known = {"run", "reconcile", "status", "store", "sql"};
  EXPECT_EQ(did_you_mean("rnu", known), "; did you mean \"run\"?");
  EXPECT_EQ(did_you_mean("reconsile", known), "; did you mean \"reconcile\"?");
  EXPECT_EQ(did_you_mean("stores", known), "; did you mean \"store\"?");
  EXPECT_EQ(did_you_mean("STATUS", known), "; did you mean \"status\"?");
  EXPECT_EQ(did_you_mean("extract", known), "");
  EXPECT_EQ(did_you_mean("xyz", known), "");
  EXPECT_EQ(did_you_mean("", known), "");
  EXPECT_EQ(did_you_mean(std::string(100'000, 'a'), known), "");
  EXPECT_EQ(did_you_mean("run", {}), "");
}

}  // namespace
}  // namespace falaj
