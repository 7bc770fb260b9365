#include "base/result.hpp"

#include <gtest/gtest.h>

namespace falaj {
namespace {

Result<int> half(int value) {
  if (value % 2 != 0) return Error(ErrorKind::kUsage, fmt::format("odd: {}", value));
  return value / 2;
}

Result<int> quarter(int value) {
  FALAJ_ASSIGN(const int once, half(value).while_doing("halving"));
  return half(once);
}

TEST(Result, PassesValuesAndErrorsOn) {
  EXPECT_EQ(quarter(8).value(), 2);
  const auto failed = quarter(3);
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().kind(), ErrorKind::kUsage);
  EXPECT_EQ(failed.error().to_text(), "odd: 3 (while halving)");
}

TEST(ResultDeathTest, ValueOfAFailureIsABug) {
  EXPECT_DEATH((void)half(1).value(), "odd: 1");
}

TEST(Error, ExcerptEscapesWhatATerminalWouldObey) {
  EXPECT_EQ(excerpt("a\x1b[0m\xff ش"), "a\\x1b[0m\\xff ش");
  EXPECT_EQ(excerpt("abcdef", 3), "abc...");
}

TEST(Error, ExitCodesFollowTheContract) {
  EXPECT_EQ(exit_code(ErrorKind::kRowsRejected), 65);
  EXPECT_EQ(exit_code(ErrorKind::kStorageFailed), 74);
  EXPECT_EQ(exit_code(ErrorKind::kConflict), 75);
  EXPECT_EQ(exit_code(ErrorKind::kBadResponse), 76);
  EXPECT_EQ(exit_code(ErrorKind::kAuthFailed), 77);
  EXPECT_EQ(exit_code(ErrorKind::kInvalidConfig), 78);
  EXPECT_EQ(exit_code(ErrorKind::kNothingToDo), 99);
}

}  // namespace
}  // namespace falaj
