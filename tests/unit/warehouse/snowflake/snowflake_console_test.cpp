#include "warehouse/snowflake/snowflake_console.hpp"

#include <gtest/gtest.h>

namespace falaj::warehouse {
namespace {

TEST(SnowflakeFault, IsReadFromWhatTheAccountSays) {
  const std::string statement = "SELECT 'متجر',\n  forgotten\nFROM t";
  const Error error(ErrorKind::kUsage,
                    "running SQL: [Snowflake] 000904 (42000): SQL compilation error: error line 2 at "
                    "position 2\\x0ainvalid identifier 'FORGOTTEN'; SQL: SELECT 1");
  const auto fault = snowflake_fault(error, statement);
  EXPECT_EQ(fault.text,
            "running SQL: [Snowflake] 000904 (42000): SQL compilation error: error line 2 at position "
            "2\ninvalid identifier 'FORGOTTEN'");
  ASSERT_TRUE(fault.at);
  EXPECT_EQ(statement.substr(*fault.at, 9), "forgotten");
  // Positions are characters.
  const Error first(ErrorKind::kUsage, "syntax error line 1 at position 13 unexpected ','.");
  EXPECT_EQ(statement.substr(*snowflake_fault(first, statement).at, 1), ",");
  EXPECT_FALSE(snowflake_fault(Error(ErrorKind::kUsage, "no place"), statement).at);
  EXPECT_FALSE(snowflake_fault(Error(ErrorKind::kUsage, "line x at position 2"), statement).at);
}

}  // namespace
}  // namespace falaj::warehouse
