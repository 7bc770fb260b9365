#include "warehouse/snowflake/ddl.hpp"

#include <gtest/gtest.h>

namespace falaj::warehouse {
namespace {

using rows::ColumnType;

TableDefinition orders() {
  return {.schema = "BRONZE",
          .name = "bronze_orders",
          .columns = {{{"store_id", ColumnType::kBigInt, true},
                       {"raw_data", ColumnType::kText},
                       {"total_amount", ColumnType::kMoney},
                       {"created_at", ColumnType::kTimestamp}}},
          .comment = "it's raw"};
}

TEST(SnowflakeDdl, TablesHaveTypesClusteringRetentionAndComments) {
  EXPECT_EQ(
      snowflake::create_table_sql(orders(), 7),
      "CREATE TABLE IF NOT EXISTS \"BRONZE\".\"BRONZE_ORDERS\" (\"STORE_ID\" NUMBER(38,0) NOT "
      "NULL, \"RAW_DATA\" VARCHAR(134217728), \"TOTAL_AMOUNT\" NUMBER(18,4), \"CREATED_AT\" "
      "TIMESTAMP_NTZ(6)) CLUSTER BY (LOAD_SEQ) DATA_RETENTION_TIME_IN_DAYS = 7 COMMENT = "
      "'it’s raw'");
  const TableDefinition coverage{
      .schema = "OPS", .name = "coverage", .columns = {{{"n", ColumnType::kBigInt}}}};
  EXPECT_EQ(snowflake::create_table_sql(coverage, 7),
            "CREATE TRANSIENT TABLE IF NOT EXISTS \"OPS\".\"COVERAGE\" (\"N\" NUMBER(38,0)) "
            "DATA_RETENTION_TIME_IN_DAYS = 1");
  EXPECT_EQ(snowflake::add_column_sql(orders(), {"city", ColumnType::kText, true}),
            "ALTER TABLE \"BRONZE\".\"BRONZE_ORDERS\" ADD COLUMN IF NOT EXISTS \"CITY\" "
            "VARCHAR(134217728)");
}

TEST(SnowflakeDdl, WholeNumbersBecomeDecimalsStepByStep) {
  const rows::Column quantity{"quantity", ColumnType::kMoney};
  const auto all = snowflake::widen_column_sql(orders(), quantity, true, false);
  ASSERT_EQ(all.size(), 4U);
  EXPECT_EQ(all[0],
            "ALTER TABLE \"BRONZE\".\"BRONZE_ORDERS\" ADD COLUMN \"QUANTITY_WIDER\" NUMBER(18,4)");
  EXPECT_EQ(all[1],
            "UPDATE \"BRONZE\".\"BRONZE_ORDERS\" SET \"QUANTITY_WIDER\" = CASE WHEN \"QUANTITY\" > "
            "-100000000000000 AND \"QUANTITY\" < 100000000000000 THEN \"QUANTITY\" END WHERE "
            "\"QUANTITY_WIDER\" IS NULL");
  EXPECT_EQ(all[2], "ALTER TABLE \"BRONZE\".\"BRONZE_ORDERS\" DROP COLUMN \"QUANTITY\"");
  EXPECT_EQ(all[3],
            "ALTER TABLE \"BRONZE\".\"BRONZE_ORDERS\" RENAME COLUMN \"QUANTITY_WIDER\" TO "
            "\"QUANTITY\"");
  // Stopped before the values, and after the old column was dropped.
  EXPECT_EQ(snowflake::widen_column_sql(orders(), quantity, true, true),
            (std::vector<std::string>{all[1], all[2], all[3]}));
  EXPECT_EQ(snowflake::widen_column_sql(orders(), quantity, false, true),
            std::vector<std::string>{all[3]});
}

TEST(SnowflakeDdl, RawTextIsOfferedAsVariant) {
  EXPECT_EQ(
      snowflake::json_view_sql(orders()),
      "CREATE OR REPLACE VIEW \"BRONZE\".\"BRONZE_ORDERS_JSON\" COPY GRANTS COMMENT = 'the rows "
      "of BRONZE_ORDERS, their raw text as VARIANT' AS SELECT \"STORE_ID\", "
      "\"RAW_DATA\", \"TOTAL_AMOUNT\", \"CREATED_AT\", TRY_PARSE_JSON(\"RAW_DATA\") AS "
      "\"RAW_JSON\" FROM \"BRONZE\".\"BRONZE_ORDERS\"");
  auto gold = orders();
  gold.schema = "GOLD";
  EXPECT_EQ(snowflake::json_view_sql(gold), "");
}

TEST(SnowflakeDdl, FactsAreClusteredByDayAndCustomer) {
  const TableDefinition facts{.schema = "GOLD",
                              .name = "gold_fact_orders",
                              .columns = {{{"order_date_key", ColumnType::kBigInt},
                                           {"customer_key", ColumnType::kBigInt}}}};
  EXPECT_NE(snowflake::create_table_sql(facts, 1).find(
                ") CLUSTER BY (ORDER_DATE_KEY, CUSTOMER_KEY) DATA_RETENTION"),
            std::string::npos);
}

TEST(SnowflakeDdl, TextsAreQuoted) {
  EXPECT_EQ(snowflake::literal("a'b\\c"), "'a''b\\\\c'");
  EXPECT_EQ(snowflake::quoted("we\"ird"), "\"WE\"\"IRD\"");
}

TEST(SnowflakeDdl, TheAdministratorsScriptHasBudgetGrantsAndAutoSuspend) {
  SnowflakeOptions options;
  options.role = "loader";
  const auto script = snowflake::admin_script(options, 12, "");
  for (const char* part :
       {"CREDIT_QUOTA = 12", "AUTO_SUSPEND = 60", "ON 100 PERCENT DO SUSPEND", "TYPE = SERVICE",
        "RSA_PUBLIC_KEY = '<public key>'",
        "GRANT USAGE ON WAREHOUSE \"FALAJ_WH\" TO ROLE \"LOADER\"",
        "GRANT USAGE, CREATE SCHEMA ON DATABASE \"SALLA_DWH\" TO ROLE \"LOADER\""}) {
    EXPECT_NE(script.find(part), std::string::npos) << part;
  }
  // Not one right more.
  size_t grants = 0;
  for (size_t at = script.find("\nGRANT"); at != std::string::npos;
       at = script.find("\nGRANT", at + 1)) {
    ++grants;
  }
  EXPECT_EQ(grants, 4U);
  EXPECT_NE(snowflake::admin_script(options, 12, "MIIB").find("RSA_PUBLIC_KEY = 'MIIB'"),
            std::string::npos);
}

TEST(SnowflakeDdl, TheTablesScriptBelongsToTheRoleAndHasTheTurn) {
  SnowflakeOptions options;
  options.role = "loader";
  const auto script = snowflake::table_script(options, {orders()});
  EXPECT_NE(script.find("USE ROLE \"LOADER\";\nUSE DATABASE \"SALLA_DWH\";\n"), std::string::npos);
  EXPECT_NE(script.find("CREATE TRANSIENT TABLE IF NOT EXISTS \"OPS\".\"WRITER_TURN\""),
            std::string::npos);
  EXPECT_NE(script.find("INSERT INTO OPS.WRITER_TURN"), std::string::npos);
}

}  // namespace
}  // namespace falaj::warehouse
