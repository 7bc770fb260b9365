#include "warehouse/duckdb/lake_dialect.hpp"

#include <gtest/gtest.h>

#include "warehouse/duckdb/lake_statement.hpp"

namespace falaj::warehouse {
namespace {

std::string lake(std::string_view sql) {
  return to_lake_sql(sql).text();
}

TEST(LakeDialect, DatePartsAreTexts) {
  EXPECT_EQ(lake("DATEADD(day, -7, CURRENT_TIMESTAMP())"),
            "DATEADD('day', -7, CURRENT_TIMESTAMP())");
  EXPECT_EQ(lake("dateadd('DD', 1, d)"), "dateadd('day', 1, d)");
  EXPECT_EQ(lake("DATEDIFF(MONTHS, a, b)"), "DATEDIFF('month', a, b)");
  EXPECT_EQ(lake("TIMESTAMPADD(hh, 1, t) + TIMEADD(ms, 1, t)"),
            "TIMESTAMPADD('hour', 1, t) + TIMEADD('millisecond', 1, t)");
  EXPECT_EQ(lake("DATE_TRUNC(month, d), DATE_PART(dow_iso, d)"),
            "DATE_TRUNC('month', d), DATE_PART('isodow', d)");
  EXPECT_EQ(lake("LAST_DAY(f(d), year)"), "LAST_DAY(f(d), 'year')");
  EXPECT_EQ(lake("DATEADD(fortnight, 1, d)"), "DATEADD('fortnight', 1, d)");
  EXPECT_EQ(lake("DATEADD ( /* by */ day , 1, DATEADD(week, 1, d))"),
            "DATEADD ( /* by */ 'day' , 1, DATEADD('week', 1, d))");
}

TEST(LakeDialect, TextsNamesAndCommentsStay) {
  for (const char* sql :
       {"SELECT 'DATEADD(day, 1, d)', \"DATEADD(day\" -- DATEADD(day, 1, d)\n",
        "SELECT $$ t AT(OFFSET => -60) $$, day, month FROM t /* AT(OFFSET => 1) */",
        "SELECT t.dateadd(day, 1)", "SELECT last_day(d)", "SELECT at, before FROM t",
        "SELECT a - b, minus(1, 2)", "SELECT LAST_DAY(a, b)", "SELECT number(5)", ""}) {
    EXPECT_EQ(lake(sql), sql);
  }
}

TEST(LakeDialect, TimeTravel) {
  EXPECT_EQ(lake("FROM t AT(OFFSET => -3600)"),
            "FROM t AT(TIMESTAMP => now() + to_seconds(-3600))");
  EXPECT_EQ(lake("FROM t AT(OFFSET => -60*5) AS x WHERE x.a = 1"),
            "FROM t AS x AT(TIMESTAMP => now() + to_seconds(-60*5))   WHERE x.a = 1");
  EXPECT_EQ(lake("FROM t before (timestamp => '2024-01-15'::TIMESTAMP) JOIN u"),
            "FROM t AT (timestamp => CAST('2024-01-15'::TIMESTAMP AS TIMESTAMPTZ) - "
            "to_microseconds(1)) JOIN u");
  EXPECT_EQ(lake("FROM t AT (VERSION => 10) o"), "FROM t AS o AT (VERSION => 10) ");
  EXPECT_EQ(lake("FROM t AT (VERSION => 10) \"O o\""), "FROM t AS \"O o\" AT (VERSION => 10) ");
}

TEST(LakeDialect, OtherWords) {
  EXPECT_EQ(lake("SELECT 1 MINUS SELECT 2"), "SELECT 1 EXCEPT SELECT 2");
  EXPECT_EQ(lake("x::NUMBER(18,2), CAST(y AS NUMBER(3))"),
            "x::DECIMAL(18,2), CAST(y AS DECIMAL(3))");
  EXPECT_EQ(lake("LISTAGG(a, ',') WITHIN GROUP (ORDER BY b DESC) OVER ()"),
            "LISTAGG(a, ','   ORDER BY b DESC) OVER ()");
  EXPECT_EQ(lake("(SELECT TOP 3 f(a) FROM t ORDER BY b) -- end"),
            "(SELECT   f(a) FROM t ORDER BY b LIMIT 3) -- end");
  EXPECT_EQ(lake("SELECT TOP 3 a UNION SELECT 1"), "SELECT TOP 3 a UNION SELECT 1");
  EXPECT_EQ(lake("SELECT top, t.top FROM t"), "SELECT top, t.top FROM t");
  EXPECT_EQ(lake("TO_DATE(x, 'DD/MM/YYYY')"), "CAST(strptime(x, '%d/%m/%Y') AS DATE)");
  EXPECT_EQ(lake("TO_CHAR(d, 'YYYY-MM-DD HH24:MI')"),
            "CAST(strftime(d, '%Y-%m-%d %H:%M') AS VARCHAR)");
  EXPECT_EQ(lake("TO_CHAR(n, '999')"), "TO_CHAR(n, '999')");
}

TEST(LakeDialect, KnowsWhereAComplaintBelongs) {
  const std::string sql = "SELECT DATEADD(day, 1, nonsense) FROM t AT(OFFSET => -1) x";
  const auto made = to_lake_sql(sql);
  EXPECT_EQ(made.origin(made.text().find("nonsense")), sql.find("nonsense"));
  EXPECT_EQ(made.origin(made.text().find("x AT")), sql.size() - 1);
}

TEST(LakeDialect, WhatOnlyAnAccountHasIsNamed) {
  for (const char* sql :
       {"SELECT 1 FROM SNOWFLAKE.ACCOUNT_USAGE.QUERY_HISTORY", "SELECT 1 FROM account_usage.x",
        "SELECT * FROM \"SNOWFLAKE\".\"ACCOUNT_USAGE\".x",
        "SELECT * FROM t BEFORE(STATEMENT => '01a')"}) {
    ASSERT_TRUE(missing_on_lake(sql)) << sql;
  }
  for (const char* sql : {"SELECT 'SNOWFLAKE.ACCOUNT_USAGE.x'", "SELECT snowflake FROM t",
                          "SELECT * FROM t AT(OFFSET => -1)"}) {
    EXPECT_FALSE(missing_on_lake(sql)) << sql;
  }
}

std::optional<LakeStatement> read_one(std::string_view sql, const std::string& schema = "") {
  LakeRefusal refusal;
  return read_lake_statement(sql, {"SALLA_DWH", schema}, refusal);
}

std::string refusal_of(std::string_view sql) {
  LakeRefusal refusal;
  EXPECT_FALSE(read_lake_statement(sql, {"SALLA_DWH", ""}, refusal)) << sql;
  EXPECT_EQ(refusal.kind, ErrorKind::kNotAllowed) << sql;
  return refusal.advice.text;
}

TEST(LakeStatement, UseChoosesASchema) {
  EXPECT_EQ(read_one("USE DATABASE SALLA_DWH")->database, "SALLA_DWH");
  EXPECT_EQ(read_one("use salla_dwh")->schema, "");
  EXPECT_EQ(read_one("USE SCHEMA GOLD")->schema, "GOLD");
  EXPECT_EQ(read_one("USE gold")->schema, "gold");
  EXPECT_EQ(read_one("USE \"SALLA_DWH\".\"GOLD\"")->schema, "GOLD");
  EXPECT_EQ(read_one("USE WAREHOUSE x")->kind, LakeStatement::Kind::kNothing);
  EXPECT_EQ(read_one("USE ROLE x")->kind, LakeStatement::Kind::kNothing);
  EXPECT_FALSE(read_one("USE"));
  EXPECT_FALSE(read_one("USE a.b.c"));
}

TEST(LakeStatement, ShowKnowsItsScope) {
  EXPECT_EQ(read_one("SHOW TABLES")->schema, "");
  EXPECT_EQ(read_one("SHOW TABLES", "GOLD")->schema, "GOLD");
  EXPECT_EQ(read_one("SHOW TABLES IN SCHEMA silver LIKE '%x%' LIMIT 3", "GOLD")->schema, "silver");
  EXPECT_EQ(read_one("SHOW TABLES IN DATABASE SALLA_DWH", "GOLD")->schema, "");
  EXPECT_EQ(read_one("SHOW COLUMNS IN GOLD.gold_dim_date")->schema, "GOLD");
  EXPECT_FALSE(read_one("SHOW TABLES BY NAME"));
  EXPECT_FALSE(read_one("SHOW WAREHOUSES"));
  EXPECT_EQ(read_one("DESC TABLE t")->query.text(), "DESCRIBE  t");
  EXPECT_EQ(read_one("DESCRIBE t")->query.text(), "DESCRIBE t");
  EXPECT_EQ(read_one("describe select 1")->query.text(), "describe select 1");
}

TEST(LakeStatement, WhatWritesIsAnsweredWithWhatToDo) {
  EXPECT_NE(refusal_of("ALTER TABLE GOLD.x RECLUSTER").find("recluster"), std::string::npos);
  EXPECT_NE(refusal_of("ANALYZE TABLE BRONZE.x").find("statistics"), std::string::npos);
  EXPECT_NE(refusal_of("create table a as select 1").find("--parquet"), std::string::npos);
  EXPECT_NE(refusal_of("DELETE FROM x").find("bronze"), std::string::npos);
}

}  // namespace
}  // namespace falaj::warehouse
