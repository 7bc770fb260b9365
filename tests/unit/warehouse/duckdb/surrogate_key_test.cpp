#include "warehouse/duckdb/surrogate_key.hpp"

#include <gtest/gtest.h>

#include "duck/database.hpp"

namespace falaj::warehouse {
namespace {

class SurrogateKey : public ::testing::Test {
 protected:
  void SetUp() override {
    database_.emplace(std::move(*duck::Database::open({.threads = 1})));
    connection_.emplace(std::move(*database_->connect()));
    ASSERT_TRUE(register_surrogate_key(*connection_).ok());
  }
  int64_t key(const std::string& arguments) {
    auto value = connection_->query_int64("SELECT surrogate_key(" + arguments + ")");
    EXPECT_TRUE(value.ok()) << value.error().to_text();
    return value.ok() ? value->value_or(0) : 0;
  }
  std::optional<duck::Database> database_;
  std::optional<duck::Connection> connection_;
};

// Computed with Python's hashlib from docs/decisions/0004-surrogate-keys.md, not with this code.
TEST_F(SurrogateKey, GivesTheDocumentedValues) {
  EXPECT_EQ(key("'gold_dim_customers', 7, 123"), 3949772766979846279);
  EXPECT_EQ(key("'gold_dim_customers', 7, 123, TIMESTAMP '2026-01-02 03:04:05'"),
            6030036531074648618);
  EXPECT_EQ(key("'gold_fact_orders', 7, NULL"), 3080179153248771121);
  EXPECT_EQ(key("'gold_dim_city', 7, 'الرياض'"), 8101555358386909886);
  EXPECT_EQ(key("'t', (-9223372036854775808)::BIGINT"), 7994901636138900499);
  EXPECT_EQ(key("'t', 9223372036854775807::BIGINT"), 5704921066162695611);
  EXPECT_EQ(key("'t', DATE '2026-11-23'"), 6322482237634436543);
  EXPECT_EQ(key("'t', TIMESTAMP '1969-12-31 23:59:59.5'"), 3893806302615064216);
  EXPECT_EQ(key("'t', ''"), 2889603039532634656);
  EXPECT_EQ(key("'t', 1, 2"), 3566010717780492137);
  EXPECT_EQ(key("'t', 12"), 2463744570624876464);
}

TEST_F(SurrogateKey, ANumberAndItsTextAreTheSamePart) {
  EXPECT_EQ(key("'t', 12"), key("'t', '12'"));
  EXPECT_EQ(key("'t', 12::TINYINT"), key("'t', 12::BIGINT"));
  EXPECT_EQ(key("'t', NULL::BIGINT"), key("'t', NULL::VARCHAR"));
}

TEST_F(SurrogateKey, WorksOnWholeColumnsWithNulls) {
  const auto distinct = connection_->query_int64(
      "SELECT count(DISTINCT surrogate_key('t', 7, CASE WHEN range % 10 = 0 THEN NULL ELSE range "
      "END)) FROM range(10000)");
  EXPECT_EQ(**distinct, 9001);
  EXPECT_EQ(
      **connection_->query_int64("SELECT min(surrogate_key('t', range)) >= 0 FROM range(10000)"),
      1);
}

TEST_F(SurrogateKey, RefusesWhatHasNoCanonicalText) {
  for (const char* arguments : {"'t'", "'t', 1.5::DOUBLE", "'t', 1.5::DECIMAL(4,2)", "'t', true"}) {
    auto value = connection_->query_int64(std::string("SELECT surrogate_key(") + arguments + ")");
    ASSERT_FALSE(value.ok()) << arguments;
    EXPECT_NE(value.error().message().find("surrogate_key takes"), std::string::npos);
  }
}

}  // namespace
}  // namespace falaj::warehouse
