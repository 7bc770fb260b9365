#include "warehouse/snowflake/dialect.hpp"

#include <gtest/gtest.h>

#include "base/sha256.hpp"
#include "duck/database.hpp"

namespace falaj::warehouse {
namespace {

// DuckDB computes the expression; it is given Snowflake's name of a function.
class Dialect : public ::testing::Test {
 protected:
  Dialect() : connection_(*duck::Database::open({})->connect()) {
    EXPECT_TRUE(connection_.execute("CREATE MACRO sha2(text, bits) AS sha256(text)").ok());
  }
  int64_t key(const std::string& call) {
    const auto value = connection_.query_int64("SELECT " + to_snowflake(call));
    EXPECT_TRUE(value.ok()) << (value.ok() ? "" : value.error().to_text());
    return value.ok() ? value->value_or(-1) : -1;
  }
  duck::Connection connection_;
};

int64_t expected(std::string_view bytes) {
  return first_63_bits(sha256(bytes));
}

TEST_F(Dialect, KeysAreTheFirst63BitsOfTheDigest) {
  using namespace std::string_view_literals;
  EXPECT_EQ(key("surrogate_key('t', 7)"), expected("t\x1f"
                                                   "7"sv));
  EXPECT_EQ(key("surrogate_key('t', -7, 'x')"), expected("t\x1f-7\x1fx"sv));
  EXPECT_EQ(key("surrogate_key('t', NULL, 'x')"), expected("t\x1f\0\x1fx"sv));
  EXPECT_EQ(key("surrogate_key('t', 'مدى')"), expected("t\x1fمدى"sv));
  EXPECT_EQ(key("SURROGATE_KEY('t', CONCAT('a', ',', '(b'), 'it''s')"), expected("t\x1f"
                                                                                 "a,(b\x1fit's"sv));
  // Among them digests whose first bit is set and must be cleared.
  for (int i = 0; i < 40; ++i) {
    const auto text = std::to_string(i);
    EXPECT_EQ(key("surrogate_key('many', " + text + ")"), expected("many\x1f" + text));
  }
}

TEST_F(Dialect, NothingElseIsTouched) {
  for (const char* sql :
       {"SELECT 'surrogate_key(1, 2)' FROM t", "SELECT my_surrogate_key(1) FROM t",
        "SELECT a -- surrogate_key('t', 1)\nFROM t", "SELECT \"surrogate_key(\" FROM t",
        "SELECT /* surrogate_key('t', 1) */ 1", "", "SELECT 'open"}) {
    EXPECT_EQ(to_snowflake(sql), sql);
  }
  EXPECT_EQ(
      to_snowflake("SELECT surrogate_key('t', surrogate_key('u', 1)), 2").find("surrogate_key"),
      std::string::npos);
}

TEST(DialectReads, WhatAReaderMayRun) {
  for (const char* sql : {"SELECT 1", " (select 1)", "-- why\nWITH a AS (SELECT 1) SELECT 1",
                          "/* x */ SHOW TABLES", "DESC TABLE t", "explain select 1", "VALUES (1)",
                          "USE DATABASE SALLA_DWH", "USE SCHEMA GOLD", "USE WAREHOUSE W"}) {
    EXPECT_TRUE(is_read(sql)) << sql;
  }
  for (const char* sql : {"DELETE FROM t", "INSERT INTO t SELECT 1", "COPY INTO t FROM @s",
                          "CALL p()", "", "-- SELECT", "USE ROLE ACCOUNTADMIN", "PUT 'x' @s",
                          "SELECTED", "GET @s 'file:///tmp'", "EXECUTE IMMEDIATE 'x'"}) {
    EXPECT_FALSE(is_read(sql)) << sql;
  }
}

}  // namespace
}  // namespace falaj::warehouse
