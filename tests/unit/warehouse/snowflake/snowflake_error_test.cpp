#include "warehouse/snowflake/snowflake_error.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "warehouse/snowflake/adbc_abi.hpp"

namespace falaj::warehouse {
namespace {

struct Case {
  DriverVerdict verdict;
  ErrorKind kind;
};

TEST(SnowflakeError, VerdictsHaveKinds) {
  const std::vector<Case> cases = {
      {{9, 2003, "02000", "Object 'X' does not exist or not authorized."}, ErrorKind::kUsage},
      {{9, 1003, "42000", "syntax error"}, ErrorKind::kUsage},
      {{9, 100072, "22000", "NULL result in a non-nullable column"}, ErrorKind::kRowsRejected},
      {{9, 100090, "42P18", "Duplicate row detected during DML action"}, ErrorKind::kRowsRejected},
      {{9, 625, "57014",
        "Statement '01' has locked table 'T' in transaction 17 and this lock has not yet been "
        "released."},
       ErrorKind::kConflict},
      {{9, 604, "57014", "SQL execution canceled"}, ErrorKind::kCancelled},
      {{abi::kCancelled, 0, "", "context canceled"}, ErrorKind::kCancelled},
      {{9, 630, "57014", "Statement reached its statement or warehouse timeout"},
       ErrorKind::kTimeout},
      {{9, 390144, "08001", "JWT token is invalid."}, ErrorKind::kAuthFailed},
      {{9, 390189, "", "Role 'X' is not granted to this user."}, ErrorKind::kNotAllowed},
      {{9, 390422, "", "IP is not allowed to access Snowflake."}, ErrorKind::kNotAllowed},
      {{9, 390399, "", "a verdict of a later year"}, ErrorKind::kAuthFailed},
      {{9, 606, "57P03", "No active warehouse selected in the current session."},
       ErrorKind::kInvalidConfig},
      {{9, 0, "", "timeout after 2s and 1 attempts. HTTP Status: 500. Hanging?"},
       ErrorKind::kUnavailable},
      {{abi::kIo, 0, "", "connection reset by peer"}, ErrorKind::kUnavailable},
      {{9, 999999, "42501", "Insufficient privileges"}, ErrorKind::kNotAllowed},
      {{9, 0, "", "something new"}, ErrorKind::kBadResponse},
  };
  for (const auto& one : cases) EXPECT_EQ(kind_of(one.verdict), one.kind) << one.verdict.message;
}

TEST(SnowflakeError, TheTextSaysWhatWasDoneAndWhatCameBack) {
  const auto error =
      snowflake_error("running SQL", {9, 2003, "02000", "no such thing"}, "SELECT * FROM nowhere");
  EXPECT_EQ(error.to_text(), "running SQL: no such thing; SQL: SELECT * FROM nowhere");
  EXPECT_EQ(error.vendor_code, "002003");
  EXPECT_EQ(error.sql_state, "02000");
}

TEST(SnowflakeError, APanicIsKnown) {
  EXPECT_TRUE(is_poisoned("AdbcStatementExecuteQuery: Go panicked, driver is in unknown state"));
  EXPECT_FALSE(is_poisoned("do not panic"));
}

}  // namespace
}  // namespace falaj::warehouse
