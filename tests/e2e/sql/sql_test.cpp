// `falaj sql` on the lake of one run: the statements of the operations guide as they are written
// there, forms of output, and the shell behind a pseudo-terminal.
#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>

#include "support/programs.hpp"
#include "support/temp_dir.hpp"

namespace falaj::test {
namespace {

namespace fs = std::filesystem;

// Blocks of the guide that make sense on a lake, word for word.
const std::vector<std::string> kGuide = {
    R"(USE DATABASE SALLA_DWH;

-- Check latest load times
SELECT 
    'Bronze Orders' as layer,
    MAX(loaded_at) as last_load,
    COUNT(*) as record_count
FROM BRONZE.bronze_orders
UNION ALL
SELECT 
    'Silver Orders',
    MAX(processed_at),
    COUNT(*)
FROM SILVER.silver_orders
UNION ALL
SELECT 
    'Gold Fact Orders',
    MAX(loaded_at),
    COUNT(*)
FROM GOLD.gold_fact_orders;
)",
    R"(-- Check for null customer IDs in orders
SELECT COUNT(*) as null_customer_orders
FROM SILVER.silver_orders
WHERE customer_id IS NULL;

-- Check for duplicate orders
SELECT order_id, COUNT(*) as duplicate_count
FROM SILVER.silver_orders
GROUP BY order_id
HAVING COUNT(*) > 1;

-- Verify date dimension coverage
SELECT 
    MIN(full_date) as earliest_date,
    MAX(full_date) as latest_date,
    COUNT(*) as total_dates
FROM GOLD.gold_dim_date;
)",
    "SELECT COUNT(*) as cnt FROM BRONZE.bronze_orders",
    R"(-- Test Time Travel functionality
SELECT * FROM BRONZE.bronze_orders
AT(OFFSET => -3600);  -- 1 hour ago

-- Test Fail-safe (within 7 days)
SELECT * FROM BRONZE.bronze_orders
BEFORE(TIMESTAMP => DATEADD(day, -1, CURRENT_TIMESTAMP()));
)",
    R"(SELECT 
    d.full_date,
    SUM(f.total_amount) as daily_revenue,
    COUNT(DISTINCT f.order_id) as order_count
FROM GOLD.gold_fact_orders f
JOIN GOLD.gold_dim_date d ON f.order_date_key = d.date_key
GROUP BY d.full_date;
)",
    R"(SELECT * FROM BRONZE.bronze_orders
WHERE loaded_at < DATEADD(day, -90, CURRENT_TIMESTAMP());)"};

// Blocks that only an account can do, and a word of what is said instead.
struct Refused {
  std::string sql;
  int status;
  std::string advice;
};
const std::vector<Refused> kRefused = {
    {R"(-- Check warehouse credit usage
SELECT 
    WAREHOUSE_NAME,
    SUM(CREDITS_USED) as total_credits,
    DATE_TRUNC('day', START_TIME) as day
FROM SNOWFLAKE.ACCOUNT_USAGE.WAREHOUSE_METERING_HISTORY
WHERE START_TIME >= DATEADD(day, -7, CURRENT_TIMESTAMP())
GROUP BY WAREHOUSE_NAME, DATE_TRUNC('day', START_TIME)
ORDER BY day DESC;
)",
     64, "falaj status"},
    {R"(SELECT QUERY_TEXT FROM SNOWFLAKE.ACCOUNT_USAGE.QUERY_HISTORY
WHERE EXECUTION_TIME > 10000  -- Queries taking > 10 seconds
LIMIT 20;)",
     64, "falaj status"},
    {"-- Reclustering for better query performance\n"
     "ALTER TABLE GOLD.gold_fact_orders RECLUSTER;\nALTER TABLE GOLD.gold_dim_customers RECLUSTER;",
     77, "nothing to recluster"},
    {"ALTER TABLE GOLD.gold_fact_orders \nCLUSTER BY (order_date_key, customer_key);", 77,
     "nothing to recluster"},
    {"ANALYZE TABLE BRONZE.bronze_orders;", 77, "statistics"},
    {"CREATE TABLE BRONZE.bronze_orders_archive AS\nSELECT * FROM BRONZE.bronze_orders\n"
     "WHERE loaded_at < DATEADD(day, -90, CURRENT_TIMESTAMP());",
     77, "--parquet"},
    {"DELETE FROM BRONZE.bronze_orders\nWHERE loaded_at < DATEADD(day, -90, CURRENT_TIMESTAMP());",
     77, "bronze"},
    {"CREATE MATERIALIZED VIEW GOLD.mv_daily_sales AS\nSELECT 1;", 77, "models"},
    {"CREATE OR REPLACE TABLE BRONZE.bronze_orders AS\nSELECT * FROM BRONZE.bronze_orders\n"
     "AT(TIMESTAMP => '2024-01-15 10:00:00'::TIMESTAMP);",
     77, "models"},
    {"INSERT INTO BRONZE.bronze_orders\nSELECT * FROM BRONZE.bronze_orders\n"
     "BEFORE(STATEMENT => '<statement_id>');",
     77, "falaj run"},
    {"SELECT * FROM BRONZE.bronze_orders\nBEFORE(STATEMENT => '<statement_id>');", 64,
     "ids of statements"}};

class Sql : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    dir = std::make_unique<TempDir>();
    SimStore store({"--seed", "5", "--orders", "60", "--customers", "20", "--products", "10",
                    "--plan", "unlimited", "--orders-shape", "light"});
    falaj = std::make_unique<Falaj>((*dir / "home").string(), store.base_url());
    falaj->leave_out_other_lists();
    falaj->run_ok();
    // The lake of two days ago: what time travel of an hour and of a day asks for.
    auto aged = ChildProcess::start(
        {.command = {"/usr/bin/python3", "-c",
                     "import sqlite3, sys\n"
                     "lake = sqlite3.connect(sys.argv[1])\n"
                     "lake.execute(\"UPDATE ducklake_snapshot SET snapshot_time = "
                     "datetime(substr(snapshot_time, 1, 19), '-2 days') || '.000000+00'\")\n"
                     "lake.commit()",
                     (*dir / "home/lake/catalog.sqlite").string()}});
    ASSERT_TRUE(aged.ok());
    ASSERT_EQ(aged->wait().status, 0);
  }
  static void TearDownTestSuite() {
    falaj.reset();
    dir.reset();
  }

  static std::unique_ptr<TempDir> dir;
  static std::unique_ptr<Falaj> falaj;
};

std::unique_ptr<TempDir> Sql::dir;
std::unique_ptr<Falaj> Sql::falaj;

TEST_F(Sql, TheGuidesStatementsRunAsTheyAreWritten) {
  for (const auto& block : kGuide) {
    const auto finished = falaj->run({"sql", block});
    EXPECT_EQ(finished.status, 0) << block << finished.err;
    EXPECT_NE(finished.out.find(" row"), std::string::npos) << block;
  }
  for (const auto& refused : kRefused) {
    const auto finished = falaj->run({"sql", refused.sql});
    EXPECT_EQ(finished.status, refused.status) << refused.sql << finished.err;
    EXPECT_NE(finished.err.find(refused.advice), std::string::npos) << finished.err;
    EXPECT_NE(finished.err.find("\nLINE "), std::string::npos) << finished.err;
  }
  EXPECT_NE(falaj->value("SELECT COUNT(*) FROM bronze_orders AT(OFFSET => -3600)"), "0");
}

TEST_F(Sql, SeveralStatementsOfAFileAreOneDocument) {
  const auto file = (*dir / "report.sql").string();
  std::ofstream(file)
      << "USE SCHEMA GOLD;\nSELECT 1 AS a;\nSELECT COUNT(*) AS n FROM mv_daily_sales";
  const auto json = falaj->run({"sql", "--json", "-f", file});
  ASSERT_EQ(json.status, 0) << json.err;
  const auto document = Json::parse(json.out);
  ASSERT_TRUE(document.ok()) << json.out;
  EXPECT_EQ(document->as_array().size(), 2U);
  EXPECT_GT(document->as_array()[1].as_array()[0]["n"].as_int(), 0);
  EXPECT_EQ(falaj->run({"sql", "--csv", "-f", file}).status, 64);
  std::ofstream(file) << "SELECT 1;\n\nSELECT 'متجر',\n  forgotten\nFROM gold_dim_date;\n";
  const auto wrong = falaj->run({"sql", "-f", file});
  EXPECT_EQ(wrong.status, 64);
  EXPECT_NE(wrong.out.find("(1 row)"), std::string::npos);
  EXPECT_NE(wrong.err.find("running statement 2 of 2 of " + file), std::string::npos) << wrong.err;
  EXPECT_NE(wrong.err.find("\n\nLINE 4:   forgotten\n          ^\n"), std::string::npos)
      << wrong.err;
  EXPECT_EQ(wrong.err.find("SQL: "), std::string::npos) << "the query is there once";
}

TEST_F(Sql, AParquetFileIsWholeOrNotThere) {
  const auto file = (*dir / "orders.parquet").string();
  const auto query = "SELECT * FROM gold_fact_orders";
  EXPECT_EQ(falaj->run({"sql", "--parquet", file, query}).status, 0);
  const auto size = fs::file_size(file);
  EXPECT_GT(size, 1000U);
  EXPECT_EQ(falaj->run({"sql", "--parquet", file, "SELECT nonsense"}).status, 64);
  EXPECT_EQ(fs::file_size(file), size) << "a failure leaves what was there";
  EXPECT_EQ(falaj->run({"sql", "--parquet", (*dir / "no/such/f").string(), query}).status, 74);
  EXPECT_EQ(falaj->run({"sql", "--parquet", "/dev/null", query}).status, 64);
  const auto small = (*dir / "small").string();
  fs::create_directories(small);
  auto child = falaj->start_apart(
      "mount -t tmpfs -o size=16k none '" + small +
          "' && { \"$0\" \"$@\"; ended=$?; test -z \"$(ls -A '" + small +
          "')\" || ended=1; exit $ended; }",
      {"sql", "--parquet", small + "/x.parquet", "SELECT * FROM bronze_orders, range(40)"});
  ASSERT_TRUE(child.ok());
  const int status = child->wait().status;
  const auto err = read_text_file(falaj->stderr_path());
  if (err.find("unshare failed") != std::string::npos) GTEST_SKIP() << "no user namespaces here";
  EXPECT_EQ(status, 74) << err;
}

// A program behind a terminal of 80 columns.
class Terminal {
 public:
  Terminal(const std::string& home, const std::string& state) {
    winsize size{24, 80, 0, 0};
    pid_ = ::forkpty(&fd_, nullptr, nullptr, &size);
    if (pid_ != 0) return;
    ::setenv("TERM", "xterm", 1);
    ::setenv("LC_ALL", "C", 1);  // the shell's texts are UTF-8 whatever it says
    ::setenv("XDG_STATE_HOME", state.c_str(), 1);
    const auto program = program_path("falaj");
    ::execl(program.c_str(), "falaj", "sql", "--home", home.c_str(), nullptr);
    ::_exit(127);
  }
  ~Terminal() {
    if (pid_ > 0 && !has_ended_) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
    }
    ::close(fd_);
  }

  void type(const std::string& text) {
    EXPECT_EQ(::write(fd_, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  // What is shown from here on, up to and with `text`; "" if the program ends before.
  std::string expect(const std::string& text, const std::string& nudge = "") {
    for (int quiet = 0; quiet < 600;) {
      const auto found = shown_.find(text);
      if (found != std::string::npos) {
        auto seen = shown_.substr(0, found + text.size());
        shown_.erase(0, found + text.size());
        return seen;
      }
      pollfd waiting{fd_, POLLIN, 0};
      if (::poll(&waiting, 1, 100) == 0) {
        ++quiet;
        if (!nudge.empty()) type(nudge);
        continue;
      }
      char bytes[4096];
      const auto got = ::read(fd_, bytes, sizeof bytes);
      if (got <= 0) break;
      shown_.append(bytes, static_cast<size_t>(got));
    }
    ADD_FAILURE() << "wanted: " << text << "\nshown: " << shown_;
    return "";
  }
  int wait() {
    int status = 0;
    ::waitpid(pid_, &status, 0);
    has_ended_ = true;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
  }

 private:
  pid_t pid_ = -1;
  int fd_ = -1;
  bool has_ended_ = false;
  std::string shown_;
};

TEST_F(Sql, AtATerminalItIsAShell) {
  const auto state = (*dir / "state").string();
  Terminal terminal(falaj->home(), state);
  terminal.expect("SALLA_DWH> ");
  terminal.type("SELECT COUNT(*) + 41000 AS n\n");
  terminal.expect("SALLA_DWH-> ");
  terminal.type("FROM gold_dim_store;\n");
  terminal.expect("4100");
  terminal.expect("SALLA_DWH> ");
  // Without the Tab there is no such table.
  terminal.type("SELECT 'متجر' AS s FROM gold_dim_sto\tLIMIT 1;\n");
  EXPECT_NE(terminal.expect("(1 row)").find("متجر"), std::string::npos);
  terminal.expect("SALLA_DWH> ");
  // Too wide for 80 columns.
  terminal.type("SELECT * FROM gold_dim_date LIMIT 1;\n");
  terminal.expect("-[ row 1 ]");
  terminal.expect("SALLA_DWH> ");
  terminal.type("USE SCHEMA GOLD;\n");
  terminal.expect("SALLA_DWH.GOLD> ");
  terminal.type("\\dt\n");
  terminal.expect("gold_fact_orders");
  terminal.expect("SALLA_DWH.GOLD> ");
  terminal.type("SELECT forgotten;\n");
  terminal.expect("LINE 1: SELECT forgotten;");
  terminal.expect("SALLA_DWH.GOLD> ");
  // Ctrl-C stops the query and leaves the shell; it is pressed until the query has begun.
  terminal.type(
      "SELECT COUNT(*) FROM range(1000000) a, range(100000000) b WHERE a.range + b.range = 3;\n");
  terminal.expect("INTERRUPT", "\x03");
  terminal.expect("SALLA_DWH.GOLD> ");
  terminal.type("SELECT 40000 + 2;\n");
  terminal.expect("40002");
  terminal.type("\\q\n");
  EXPECT_EQ(terminal.wait(), 0);
  const auto history = state + "/falaj/sql_history";
  struct stat info {};
  ASSERT_EQ(::stat(history.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
  const auto kept = read_text_file(history);
  EXPECT_NE(kept.find("SELECT COUNT(*) + 41000 AS n FROM gold_dim_store;\n"), std::string::npos)
      << kept;
}

}  // namespace
}  // namespace falaj::test
