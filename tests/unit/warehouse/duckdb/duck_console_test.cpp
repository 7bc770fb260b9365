// A console on a real lake.
#include "warehouse/duckdb/duck_console.hpp"

#include <gtest/gtest.h>

#include "support/temp_dir.hpp"
#include "warehouse/duckdb/duck_warehouse.hpp"

namespace falaj::warehouse {
namespace {

class OnLake : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    dir = std::make_unique<test::TempDir>();
    auto lake = open_lake(options());
    ASSERT_TRUE(lake.ok()) << lake.error().to_text();
    auto session = (*lake)->open_session();
    for (const char* sql : {"CREATE SCHEMA GOLD", "CREATE SCHEMA BRONZE",
                            "CREATE TABLE GOLD.gold_days (day DATE, n BIGINT, name VARCHAR)",
                            "INSERT INTO GOLD.gold_days VALUES (DATE '2024-01-31', 1, 'متجر')",
                            "INSERT INTO GOLD.gold_days VALUES (DATE '2024-02-29', 2, NULL)"}) {
      const auto done = (*session)->execute(sql);
      ASSERT_TRUE(done.ok()) << done.error().to_text();
    }
  }
  static void TearDownTestSuite() { dir.reset(); }

  static LakeOptions options() {
    LakeOptions lake;
    lake.directory = dir->path() / "lake";
    lake.threads = 1;
    lake.clock = &clock;
    return lake;
  }

  void SetUp() override {
    auto lake = options();
    lake.writable_file = dir->path() / "out.parquet";
    auto opened = open_lake_console(lake);
    ASSERT_TRUE(opened.ok()) << opened.error().to_text();
    console_ = std::move(*opened);
  }

  // Rows as "a|b", one a line; the error's text where it fails.
  std::string rows(std::string_view sql) {
    std::string text;
    const auto done = console_->run(sql, {}, [&](const auto& cells) {
      for (size_t i = 0; i < cells.size(); ++i)
        text += (i > 0 ? "|" : "") + cells[i].value_or("NULL");
      text += "\n";
      return true;
    });
    if (done.ok()) return text;
    return console_->fault() ? console_->fault()->text : done.error().to_text();
  }
  std::string faulty(std::string_view sql) {
    rows(sql);
    const auto& fault = console_->fault();
    if (!fault || !fault->at) return "";
    return std::string(sql.substr(*fault->at));
  }

  static std::unique_ptr<test::TempDir> dir;
  static SystemClock clock;
  std::unique_ptr<Console> console_;
};

std::unique_ptr<test::TempDir> OnLake::dir;
SystemClock OnLake::clock;

TEST_F(OnLake, FunctionsOfSnowflakeGiveWhatSnowflakeGives) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"DATEADD(day, -7, '2024-03-01')", "2024-02-23 00:00:00.000000"},
      {"dateadd('mon', 1, DATE '2024-01-31')", "2024-02-29 00:00:00.000000"},
      {"TIMESTAMPADD(hour, 25, '2024-01-01')", "2024-01-02 01:00:00.000000"},
      {"TIMEADD(ms, 1500, '2024-01-01')", "2024-01-01 00:00:01.500000"},
      {"DATEDIFF(day, '2024-01-01 23:59:00', '2024-01-02 00:01:00')", "1"},
      {"DATEDIFF(month, DATE '2024-01-31', DATE '2024-02-01')", "1"},
      {"DATEDIFF(year, DATE '2024-12-31', DATE '2023-01-01')", "-1"},
      {"LAST_DAY(DATE '2024-02-05')", "2024-02-29"},
      {"LAST_DAY(DATE '2024-02-05', year)", "2024-12-31"},
      {"ADD_MONTHS(DATE '2024-02-29', 1)", "2024-03-31 00:00:00.000000"},
      {"ADD_MONTHS(DATE '2024-01-15', -1)", "2023-12-15 00:00:00.000000"},
      {"TO_DATE('2024-02-05')", "2024-02-05"},
      {"TO_DATE('05/02/2024', 'DD/MM/YYYY')", "2024-02-05"},
      {"TO_CHAR(DATE '2024-02-05', 'YYYY-MM')", "2024-02"},
      {"TO_TIMESTAMP('2024-01-15 10:00:00')", "2024-01-15 10:00:00.000000"},
      {"'2024-01-15 10:00:00'::TIMESTAMP", "2024-01-15 10:00:00.000000"},
      {"IFF(1 > 2, 'a', 'b')", "b"},
      {"NVL(NULL, 3)", "3"},
      {"INITCAP('the RIYADH store')", "The Riyadh Store"},
      {"NVL2(NULL, 1, 2)", "2"},
      {"ZEROIFNULL(NULL)", "0"},
      {"'1.25'::NUMBER(9,1)", "1.3"},
      {"DATE_TRUNC(month, DATE '2024-02-05')::DATE", "2024-02-01"},
      {"CURRENT_TIMESTAMP() > '2020-01-01' AND CURRENT_TIMESTAMP(3) > '2020-01-01'", "true"},
      {"CURRENT_DATE() = CURRENT_DATE", "true"},
      {"'Abc' ILIKE 'aB%'", "true"}};
  for (const auto& [expression, value] : cases)
    EXPECT_EQ(rows("SELECT " + expression), value + "\n") << expression;
  EXPECT_EQ(rows("SELECT LISTAGG(x, '-') WITHIN GROUP (ORDER BY x DESC) FROM (VALUES ('a'), ('b')) "
                 "AS t(x)"),
            "b-a\n");
  EXPECT_EQ(rows("SELECT TOP 1 n FROM gold_days ORDER BY n DESC"), "2\n");
  EXPECT_EQ(rows("SELECT n FROM gold_days QUALIFY ROW_NUMBER() OVER (ORDER BY n DESC) = 1"), "2\n");
}

TEST_F(OnLake, NamesAreFoundWithoutTheirSchemaAndInAnyCase) {
  EXPECT_EQ(rows("SELECT COUNT(*) FROM GOLD_DAYS"), "2\n");
  EXPECT_EQ(rows("SELECT \"N\" FROM salla_dwh.gold.gold_days ORDER BY n"), "1\n2\n");
  EXPECT_EQ(console_->where(), "SALLA_DWH");
  EXPECT_EQ(rows("USE SCHEMA bronze"), "");
  EXPECT_EQ(console_->where(), "SALLA_DWH.BRONZE");
  EXPECT_EQ(rows("SHOW TABLES"), "");
  EXPECT_EQ(rows("SELECT COUNT(*) FROM gold_days"), "2\n");
  EXPECT_EQ(rows("USE DATABASE SALLA_DWH"), "");
  EXPECT_EQ(rows("SHOW TABLES"), "gold_days|GOLD|TABLE|3|NULL\n");
  EXPECT_EQ(rows("SHOW TABLES LIKE 'silver%'"), "");
  EXPECT_EQ(rows("SHOW SCHEMAS"), "BRONZE|SALLA_DWH\nGOLD|SALLA_DWH\n");
  EXPECT_EQ(rows("SHOW COLUMNS IN TABLE gold_days LIMIT 1"), "gold_days|GOLD|day|DATE|true|NULL\n");
  EXPECT_EQ(rows("DESC TABLE gold_days").substr(0, 9), "day|DATE|");
  EXPECT_EQ(faulty("USE SCHEMA NOWHERE"), "NOWHERE");
  EXPECT_EQ(faulty("USE OTHER.GOLD"), "OTHER.GOLD");
}

TEST_F(OnLake, EarlierStates) {
  const auto at = [&](const std::string& clause) {
    return rows("SELECT COUNT(*) FROM gold_days " + clause);
  };
  EXPECT_EQ(at("AT (OFFSET => 0)"), "2\n");
  EXPECT_EQ(at("AT (OFFSET => -60*0) AS d WHERE d.n > 1"), "1\n");
  EXPECT_EQ(at("AT (TIMESTAMP => CURRENT_TIMESTAMP())"), "2\n");
  const auto versions = rows("SELECT MAX(snapshot_id) FROM ducklake_snapshots('SALLA_DWH')");
  const std::string newest = versions.substr(0, versions.find('\n'));
  EXPECT_EQ(at("AT (VERSION => " + newest + ")"), "2\n");
  EXPECT_EQ(at("BEFORE (VERSION => " + newest + ")"), "1\n");
  const auto time =
      rows("SELECT MAX(snapshot_time)::TIMESTAMP FROM ducklake_snapshots('SALLA_DWH')");
  const std::string last = "'" + time.substr(0, time.find('\n')) + "'::TIMESTAMP";
  EXPECT_EQ(at("AT (TIMESTAMP => " + last + ")"), "2\n");
  EXPECT_EQ(at("BEFORE (TIMESTAMP => " + last + ")"), "1\n");
  EXPECT_NE(at("AT (OFFSET => -3600)").find("The oldest state of this lake is of 20"),
            std::string::npos);
  EXPECT_EQ(faulty("SELECT * FROM gold_days BEFORE(STATEMENT => 'x')"), "STATEMENT => 'x')");
}

TEST_F(OnLake, FaultsAreAtTheWordThatWasTyped) {
  EXPECT_EQ(faulty("SELECT DATEADD(day, 1, nonsense) FROM gold_days"), "nonsense) FROM gold_days");
  EXPECT_EQ(faulty("SELECT 'متجر',\n nonsense FROM gold_days"), "nonsense FROM gold_days");
  EXPECT_EQ(faulty("SELECT n FROM gold_days AT (OFFSET => 0) x WHERE y = 1"), "y = 1");
  EXPECT_EQ(faulty("SELEC 1"), "SELEC 1");
  EXPECT_EQ(faulty("SELECT n FROM gold_dayss"), "gold_dayss");
  EXPECT_NE(console_->fault()->text.find("Did you mean"), std::string::npos);
  EXPECT_EQ(faulty("SELECT CAST(name AS INT) FROM gold_days"), "CAST(name AS INT) FROM gold_days");
  EXPECT_EQ(rows("SELECT nonsense FROM gold_days").find("\\x0a"), std::string::npos);
}

TEST_F(OnLake, NothingIsWritten) {
  for (const char* sql :
       {"DELETE FROM gold_days", "CREATE TABLE x AS SELECT 1", "ALTER TABLE gold_days RECLUSTER",
        "ANALYZE TABLE gold_days", "SET threads = 8", "ATTACH 'x' AS y", "COPY gold_days TO 'x'",
        "EXPLAIN ANALYZE COPY gold_days TO 'x'", "INSTALL httpfs"}) {
    const auto done = console_->run(sql, {}, [](const auto&) { return true; });
    ASSERT_FALSE(done.ok()) << sql;
    EXPECT_TRUE(done.error().kind() == ErrorKind::kNotAllowed) << sql << done.error().to_text();
  }
  EXPECT_NE(rows("SELECT * FROM read_csv('/etc/passwd')"), "");
  EXPECT_FALSE(console_->fault()->text.empty());
  EXPECT_EQ(rows("SELECT COUNT(*) FROM gold_days"), "2\n");
}

TEST_F(OnLake, RowsGoToAParquetFile) {
  const std::string file = dir->path() / "out.parquet";
  const auto written = console_->write_parquet(
      "SELECT day, SUM(n) AS n, name FROM gold_days GROUP BY ALL ORDER BY day -- all", file);
  ASSERT_TRUE(written.ok()) << written.error().to_text();
  EXPECT_EQ(*written, 2);
  EXPECT_EQ(rows("SELECT day, n, typeof(n), name FROM read_parquet('" + file + "')"),
            "2024-01-31|1|DECIMAL(38,0)|متجر\n2024-02-29|2|DECIMAL(38,0)|NULL\n");
  ASSERT_TRUE(console_->write_parquet("SHOW TABLES", file).ok());
  // Neither another file nor a statement that closes the parentheses around it.
  const std::string other = dir->path() / "other";
  EXPECT_FALSE(console_->write_parquet("SELECT 1", other).ok());
  EXPECT_FALSE(console_->write_parquet("SELECT 1) TO '" + other + "' --", file).ok());
  EXPECT_FALSE(std::filesystem::exists(other));
  const std::string_view wrong = "SELECT n,\n CAST(name AS INT) FROM gold_days";
  EXPECT_FALSE(console_->write_parquet(wrong, file).ok());
  ASSERT_TRUE(console_->fault() && console_->fault()->at);
  EXPECT_EQ(wrong.substr(*console_->fault()->at), "CAST(name AS INT) FROM gold_days");
}

}  // namespace
}  // namespace falaj::warehouse
