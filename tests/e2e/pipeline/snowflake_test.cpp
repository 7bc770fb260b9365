// The whole program on Snowflake, which is fakesnow through the real driver: its gold is the lake's,
// for the real dataset too, and `falaj accept` says so.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "duck/database.hpp"
#include "support/fakesnow.hpp"
#include "support/long_tests.hpp"
#include "support/programs.hpp"
#include "support/temp_dir.hpp"

namespace falaj::test {
namespace {

namespace fs = std::filesystem;

constexpr int kDataWrong = 65;

#define REQUIRE_FAKESNOW() \
  if (!has_fakesnow()) GTEST_SKIP() << "fakesnow is not there: tools/fetch-deps fakesnow"

void use_snowflake(Falaj& falaj, const std::string& database = "SALLA_DWH") {
  falaj.set_environment("FALAJ_WAREHOUSE_TYPE", "snowflake");
  falaj.set_environment("SNOWFLAKE_HOST", fakesnow_url());
  falaj.set_environment("SNOWFLAKE_ACCOUNT", "fakesnow");
  falaj.set_environment("SNOWFLAKE_USER", "falaj");
  falaj.set_environment("SNOWFLAKE_PASSWORD", "not-to-be-seen");
  falaj.set_environment("SNOWFLAKE_DATABASE", database);
  falaj.set_environment("FALAJ_SNOWFLAKE_DRIVER", snowflake_driver());
}

Json accept(const Falaj& falaj, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"accept", "--json"});
  const auto done = falaj.run(arguments);
  EXPECT_EQ(done.status, 0) << done.err << done.out;
  auto report = Json::parse(done.out);
  EXPECT_TRUE(report.ok()) << done.out;
  return report.ok() ? *report : Json();
}

// Every table is the same and none of those named is empty; the rows compared.
int64_t expect_same_tables(const Json& report, const std::vector<std::string>& filled) {
  int64_t rows = 0;
  std::vector<std::string> seen;
  for (const auto& table : report["models"]["tables"].as_array()) {
    EXPECT_EQ(table["missing"].as_int(), 0) << table.dump();
    EXPECT_EQ(table["unexpected"].as_int(), 0) << table.dump();
    EXPECT_EQ(table["rows"].as_int(), table["expected"].as_int()) << table.dump();
    rows += table["rows"].as_int();
    if (table["rows"].as_int() > 0) seen.push_back(table["table"].as_string());
  }
  for (const auto& name : filled)
    EXPECT_NE(std::find(seen.begin(), seen.end(), name), seen.end()) << name << " is empty";
  return rows;
}

const std::vector<std::string>& tables_of_a_shop() {
  static const std::vector<std::string> tables = {
      "GOLD.gold_fact_orders",  "GOLD.gold_fact_order_items", "GOLD.gold_dim_customers",
      "GOLD.gold_dim_products", "GOLD.gold_dim_date",         "GOLD.mv_daily_sales",
      "SILVER.silver_orders",   "BRONZE.bronze_orders",       "BRONZE.bronze_order_items",
      "GOLD.gold_dim_store",    "OPS.load_packages"};
  return tables;
}

// The first invoices of the real shop, as a file of their own.
std::string some_real_invoices(const TempDir& dir, int count) {
  const auto target = (dir / "invoices.parquet").string();
  auto database = duck::Database::open({});
  EXPECT_TRUE(database.ok());
  auto connection = database->connect();
  EXPECT_TRUE(connection.ok());
  const auto source = (test_data_dir() / "online_retail_ii_2009_2010.parquet").string();
  const auto made = connection->execute(fmt::format(
      "COPY (SELECT * FROM read_parquet({0}) WHERE Invoice IN (SELECT DISTINCT Invoice FROM "
      "read_parquet({0}) ORDER BY Invoice LIMIT {1})) TO {2} (FORMAT parquet)",
      duck::quote_text(source), count, duck::quote_text(target)));
  EXPECT_TRUE(made.ok()) << (made.ok() ? "" : made.error().to_text());
  return target;
}

// What the lake has landed and modelled is replayed in an empty lake and in Snowflake at the same
// instants: table by table, row by row, column by column, keys and commit numbers included.
TEST(Snowflake, GoldOfTheRealOrdersIsTheLakes) {
  REQUIRE_FAKESNOW();
  FALAJ_REQUIRE_TEST_DATA();
  const TempDir dir;
  SimStore store({"--dataset", some_real_invoices(dir, is_long() ? 100'000 : 700), "--plan",
                  "unlimited", "--orders-shape", "light"});
  Falaj falaj((dir / "home").string(), store.base_url());
  falaj.run_ok();
  const auto orders = falaj.value("SELECT COUNT(*) FROM GOLD.gold_fact_orders");
  const auto items = falaj.value("SELECT COUNT(*) FROM GOLD.gold_fact_order_items");
  use_snowflake(falaj);
  const auto report = accept(falaj, {"--part", "models", "--landing", falaj.home() + "/landing"});
  EXPECT_TRUE(report["accepted"].as_bool()) << report["verdict"].as_string();
  EXPECT_GT(expect_same_tables(report, tables_of_a_shop()), 20'000);
  for (const auto& table : report["models"]["tables"].as_array()) {
    const auto name = table["table"].as_string();
    const auto rows = std::to_string(table["rows"].as_int());
    EXPECT_TRUE(name != "GOLD.gold_fact_orders" || rows == orders) << rows << " and " << orders;
    EXPECT_TRUE(name != "GOLD.gold_fact_order_items" || rows == items) << rows << " and " << items;
  }
}

TEST(Snowflake, GoldIsTheLakesAlsoAfterChanges) {
  REQUIRE_FAKESNOW();
  const TempDir dir;
  SimStore store({"--orders", "60", "--customers", "30", "--products", "12", "--seed", "5"});
  Falaj falaj((dir / "home").string(), store.base_url());
  falaj.run_ok();
  store.post("/_sim/mutate", R"({"create": 4, "change": 9, "delete": 2, "seed": 5})");
  falaj.run_ok();
  store.post("/_sim/mutate", R"({"create": 1, "change": 5, "delete": 1, "seed": 6})");
  falaj.run_ok();
  use_snowflake(falaj);
  const auto report = accept(falaj, {"--part", "models", "--landing", falaj.home() + "/landing"});
  EXPECT_TRUE(report["accepted"].as_bool()) << report["verdict"].as_string();
  EXPECT_EQ(report["models"]["rounds"].as_array().size(), 3U);
  EXPECT_GT(expect_same_tables(report, tables_of_a_shop()), 1000);
}

// The revenue by month that the demo ends with.
std::vector<std::string> months_of(const std::string& out) {
  std::vector<std::string> months;
  std::istringstream lines(out.substr(std::min(out.find("Revenue by month"), out.size())));
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with("20")) months.push_back(line);
  return months;
}

TEST(Snowflake, TheDemoEndsWithTheSameTableAsOnTheLake) {
  REQUIRE_FAKESNOW();
  const TempDir dir;
  const std::vector<std::string> demo = {"demo", "--orders", "100"};
  const Falaj lake((dir / "lake").string(), "");
  const auto on_lake = lake.run(demo);
  ASSERT_EQ(on_lake.status, 0) << on_lake.err;
  Falaj snowflake((dir / "snowflake").string(), "");
  use_snowflake(snowflake, "DEMO");
  const auto on_snowflake = snowflake.run(demo);
  ASSERT_EQ(on_snowflake.status, 0) << on_snowflake.err << on_snowflake.out;
  EXPECT_GE(months_of(on_lake.out).size(), 2U) << on_lake.out;
  EXPECT_EQ(months_of(on_snowflake.out), months_of(on_lake.out));
  EXPECT_NE(on_snowflake.out.find("The same again: 0 rows loaded, 0 models touched"),
            std::string::npos)
      << on_snowflake.out;
  EXPECT_NE(on_snowflake.out.find("Snowflake was asked "), std::string::npos) << on_snowflake.out;
  EXPECT_FALSE(fs::exists(snowflake.home() + "/lake/catalog.sqlite"));
}

TEST(Snowflake, AcceptShowsTheModelsAndMeasuresAndLeavesNothing) {
  REQUIRE_FAKESNOW();
  const TempDir dir;
  Falaj falaj((dir / "home").string(), "");
  use_snowflake(falaj);
  const auto report = accept(falaj, {"--part", "models", "--part", "measures"});
  EXPECT_TRUE(report["accepted"].as_bool()) << report["verdict"].as_string();
  expect_same_tables(report, tables_of_a_shop());
  EXPECT_EQ(report["models"]["rounds"].as_array().size(), 3U);
  EXPECT_GT(report["models"]["rounds"].as_array()[0]["statements"].as_int(), 50);
  EXPECT_GT(report["models"]["rounds"].as_array()[2]["rows_quarantined"].as_int(), 0)
      << "the hard cases are in the fixtures";
  EXPECT_GE(report["measures"].as_array().size(), 5U);
  const auto text = read_text_file(report["report"].as_string());
  EXPECT_NE(text.find("# Acceptance of fakesnow"), std::string::npos) << text;
  EXPECT_NE(text.find("| GOLD.gold_fact_orders |"), std::string::npos) << text;
  EXPECT_NE(text.find("credits on an XSMALL"), std::string::npos) << text;
  EXPECT_EQ(text.find("not-to-be-seen"), std::string::npos);
  // Of the scratch database nothing is left but its name, which fakesnow cannot drop.
  use_snowflake(falaj, report["database"].as_string());
  const auto left = falaj.run({"sql", "--csv",
                               "SELECT COUNT(*) FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA "
                               "IN ('BRONZE', 'SILVER', 'GOLD')"});
  EXPECT_NE(left.out.find("\n0"), std::string::npos) << left.out << left.err;
  for (const auto& entry : fs::directory_iterator(falaj.home()))
    EXPECT_FALSE(entry.is_directory() && entry.path().filename().string().starts_with("accept-"));
}

TEST(Snowflake, AcceptOfTheLakeRunsWithoutAnyAccount) {
  const TempDir dir;
  const Falaj falaj((dir / "home").string(), "");
  const auto report = accept(falaj, {"--warehouse", "lake"});
  EXPECT_TRUE(report["accepted"].as_bool()) << report["verdict"].as_string();
  EXPECT_EQ(report["contract"]["failed"].as_int(), 0);
  EXPECT_GT(report["contract"]["cases"].as_int(), 35);
  EXPECT_GT(expect_same_tables(report, tables_of_a_shop()), 1000);
}

// A fact that is not as the packages have it is found: a landing and fixtures differ.
TEST(Snowflake, AcceptRefusesALandingThatIsNone) {
  const TempDir dir;
  const Falaj falaj((dir / "home").string(), "");
  const auto done = falaj.run({"accept", "--warehouse", "lake", "--landing", "/nowhere"});
  EXPECT_EQ(done.status, 64);
  EXPECT_NE(done.err.find("/nowhere is no landing folder"), std::string::npos) << done.err;
  fs::create_directories(dir / "empty");
  const auto empty = falaj.run(
      {"accept", "--warehouse", "lake", "--part", "models", "--landing", (dir / "empty").string()});
  EXPECT_EQ(empty.status, kDataWrong) << "equal emptiness proves nothing";
}

}  // namespace
}  // namespace falaj::test
