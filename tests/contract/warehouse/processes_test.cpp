// Several processes on one lake: two that write and two that read meet no error and no half
// commit, and a writer that is killed leaves whole commits only.
// The processes are this test program, started again with one of its disabled tests.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <random>
#include <sstream>
#include <thread>

#include "base/child_process.hpp"
#include "support/long_tests.hpp"
#include "support/temp_dir.hpp"
#include "warehouse/contract/quirks.hpp"
#include "warehouse/duckdb/duck_warehouse.hpp"

namespace falaj::warehouse {
namespace {

using rows::ColumnType;
using Deadline = std::chrono::steady_clock::time_point;

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::vector<TableDefinition> tables() {
  return {{.schema = "BRONZE",
           .name = "facts",
           .columns = {{{"id", ColumnType::kBigInt, true}, {"body", ColumnType::kText}}}},
          {.schema = "OPS",
           .name = "commits",
           .columns = {{{"seq", ColumnType::kBigInt, true}, {"writer", ColumnType::kText}}}},
          {.schema = "OPS",
           .name = "totals",
           .columns = {{{"fact_count", ColumnType::kBigInt}, {"fact_sum", ColumnType::kBigInt}}}}};
}

LakeOptions lake_options(const std::string& directory, Clock& clock) {
  LakeOptions options;
  options.directory = directory;
  options.threads = 1;
  options.memory_limit_bytes = 512U << 20U;
  options.commits_between_maintenance = 100;
  options.commits_between_log_resets = 25;
  options.clock = &clock;
  return options;
}

Status create(Warehouse& warehouse) {
  FALAJ_TRY(warehouse.create_tables(tables()));
  FALAJ_ASSIGN(auto session, warehouse.open_session());
  FALAJ_TRY(session->execute("INSERT INTO OPS.totals VALUES (0, 0)"));
  return {};
}

// Data, the number of the commit and the totals that must agree with the data.
Status write_once(Session& session, const std::string& writer, int64_t rows) {
  FALAJ_ASSIGN(const auto last, session.query("SELECT MAX(seq) FROM OPS.commits"));
  const int64_t seq = last.scalar_int() + 1;
  FALAJ_TRY(
      session.execute(fmt::format("INSERT INTO BRONZE.facts SELECT {0} * 1000 + range, "
                                  "'text of ' || range FROM range({1})",
                                  seq, rows)));
  FALAJ_TRY(session.execute(fmt::format("INSERT INTO OPS.commits VALUES ({}, '{}')", seq, writer)));
  FALAJ_TRY(session.execute(
      fmt::format("UPDATE OPS.totals SET fact_count = fact_count + {0}, fact_sum = fact_sum + {1}",
                  rows, rows * seq * 1000 + rows * (rows - 1) / 2)));
  return {};
}

// One statement, so one snapshot: 0 when everything agrees.
constexpr const char* kDisagreement =
    "SELECT CAST((SELECT count(*) FROM BRONZE.facts) - fact_count AS VARCHAR) || ' ' || "
    "CAST((SELECT COALESCE(sum(id), 0) FROM BRONZE.facts) - fact_sum AS VARCHAR) || ' ' || "
    "CAST((SELECT count(*) - COALESCE(max(seq), 0) FROM OPS.commits) AS VARCHAR) FROM OPS.totals";

struct Outcome {
  int64_t done = 0;
  int64_t failed = 0;
  std::string first_error;
  double slowest_ms = 0;

  void note(const Status& status, Deadline start) {
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
    slowest_ms = std::max(slowest_ms, took.count());
    if (status.ok()) {
      ++done;
      return;
    }
    if (failed++ == 0) first_error = status.error().to_text();
  }
};

Outcome write_until(Warehouse& warehouse, Clock& clock, const std::string& name, Deadline end) {
  Outcome outcome;
  auto session = warehouse.open_session();
  if (!session.ok()) return {0, 1, session.error().to_text()};
  while (std::chrono::steady_clock::now() < end) {
    const auto start = std::chrono::steady_clock::now();
    const int64_t rows = outcome.done % 3 == 0 ? 200 : 4;
    outcome.note(in_transaction(**session, clock, 20,
                                [&](Session& inside) { return write_once(inside, name, rows); }),
                 start);
    if (outcome.done % 20 == 19) {
      const Status kept = warehouse.maintain();
      if (!kept.ok()) outcome.note(kept, start);
    }
  }
  return outcome;
}

Outcome read_until(Warehouse& warehouse, Deadline end) {
  Outcome outcome;
  auto session = warehouse.open_session();
  if (!session.ok()) return {0, 1, session.error().to_text()};
  while (std::chrono::steady_clock::now() < end) {
    const auto start = std::chrono::steady_clock::now();
    const auto found = (*session)->query(kDisagreement);
    Status status;
    if (!found.ok()) {
      status = found.error();
    } else if (found->rows[0][0] != "0 0 0") {
      status = Error(ErrorKind::kRowsRejected, "half a commit was seen: " + *found->rows[0][0]);
    }
    outcome.note(status, start);
  }
  return outcome;
}

// The body of a child process; prints "RESULT done failed slowest_ms first_error".
TEST(WarehouseProcess, DISABLED_Child) {
  SystemClock clock;
  auto options = lake_options(environment("FALAJ_TEST_LAKE"), clock);
  const std::string role = environment("FALAJ_TEST_ROLE");
  options.is_read_only = role[0] == 'r';
  auto warehouse = open_lake(options);
  ASSERT_TRUE(warehouse.ok()) << warehouse.error().to_text();
  std::cout << "READY" << std::endl;
  const auto end = std::chrono::steady_clock::now() +
                   std::chrono::seconds(std::stoi(environment("FALAJ_TEST_SECONDS")));
  const Outcome outcome = options.is_read_only ? read_until(**warehouse, end)
                                               : write_until(**warehouse, clock, role, end);
  std::cout << "RESULT " << outcome.done << ' ' << outcome.failed << ' ' << outcome.slowest_ms
            << ' ' << outcome.first_error << std::endl;
}

ChildProcess start_child(const std::string& lake, const std::string& role, int seconds) {
  ChildProcess::Options options;
  options.command = {"/proc/self/exe", "--gtest_also_run_disabled_tests",
                     "--gtest_filter=WarehouseProcess.DISABLED_Child"};
  options.environment = {{"FALAJ_TEST_LAKE", lake},
                         {"FALAJ_TEST_ROLE", role},
                         {"FALAJ_TEST_SECONDS", std::to_string(seconds)}};
  auto child = ChildProcess::start(std::move(options));
  EXPECT_TRUE(child.ok()) << child.error().to_text();
  return std::move(*child);
}

bool wait_for_line(ChildProcess& child, const std::string& wanted, std::string& line) {
  for (;;) {
    auto next = child.read_line(std::chrono::seconds(180));
    if (!next.ok()) return false;
    if (next->starts_with(wanted)) {
      line = *next;
      return true;
    }
  }
}

TEST(WarehouseProcesses, TwoWritersAndTwoReadersMeetNoError) {
  const test::TempDir dir;
  const std::string lake = (dir / "lake").string();
  SystemClock clock;
  {
    auto warehouse = open_lake(lake_options(lake, clock));
    ASSERT_TRUE(warehouse.ok()) << warehouse.error().to_text();
    ASSERT_TRUE(create(**warehouse).ok());
  }
  const int seconds = test::is_long() ? 60 : 4;
  std::vector<std::string> roles = {"writer1", "writer2", "reader1", "reader2"};
  std::vector<ChildProcess> children;
  for (const auto& role : roles) children.push_back(start_child(lake, role, seconds));
  int64_t commits = 0;
  for (size_t i = 0; i < children.size(); ++i) {
    std::string line;
    ASSERT_TRUE(wait_for_line(children[i], "RESULT", line)) << roles[i];
    std::istringstream words(line);
    std::string word;
    Outcome outcome;
    words >> word >> outcome.done >> outcome.failed >> outcome.slowest_ms;
    std::getline(words, outcome.first_error);
    std::cout << roles[i] << ": " << outcome.done << " done, " << outcome.failed
              << " failed, slowest " << outcome.slowest_ms << " ms" << outcome.first_error << '\n';
    EXPECT_GT(outcome.done, 0) << roles[i];
    EXPECT_EQ(outcome.failed, 0) << roles[i] << outcome.first_error;
    if (roles[i][0] == 'w') commits += outcome.done;
    (void)children[i].wait();
  }
  auto options = lake_options(lake, clock);
  options.is_read_only = true;
  auto warehouse = open_lake(options);
  ASSERT_TRUE(warehouse.ok());
  auto session = std::move(*(*warehouse)->open_session());
  EXPECT_EQ(session->query("SELECT count(*) FROM OPS.commits")->scalar_int(), commits);
  EXPECT_EQ(session->query(kDisagreement)->rows[0][0], "0 0 0");
}

// The keeper holds the catalog's log open; left alone it would grow with every commit.
TEST(WarehouseProcesses, TheCatalogsLogStaysSmallAndGoesAtTheEnd) {
  const test::TempDir dir;
  const std::string log = (dir / "lake" / "catalog.sqlite-wal").string();
  SystemClock clock;
  auto options = lake_options((dir / "lake").string(), clock);
  options.commits_between_log_resets = 5;
  auto warehouse = std::move(*open_lake(options));
  ASSERT_TRUE(create(*warehouse).ok());
  uintmax_t largest = 0;
  for (int i = 0; i < 20; ++i) {
    auto session = std::move(*warehouse->open_session());
    ASSERT_TRUE(in_transaction(*session, clock, 5, [&](Session& inside) {
                  return write_once(inside, "w", 4);
                }).ok());
    if (std::filesystem::exists(log)) largest = std::max(largest, std::filesystem::file_size(log));
  }
  std::cout << "largest log " << largest << " bytes\n";
  EXPECT_LT(largest, 400'000U);
  warehouse.reset();
  EXPECT_FALSE(std::filesystem::exists(log));
}

TEST(WarehouseProcesses, AKilledWriterLeavesWholeCommits) {
  const test::TempDir dir;
  const std::string lake = (dir / "lake").string();
  SystemClock clock;
  {
    auto warehouse = open_lake(lake_options(lake, clock));
    ASSERT_TRUE(warehouse.ok());
    ASSERT_TRUE(create(**warehouse).ok());
  }
  auto options = lake_options(lake, clock);
  options.is_read_only = true;
  auto warehouse = open_lake(options);
  ASSERT_TRUE(warehouse.ok());
  auto session = std::move(*(*warehouse)->open_session());
  constexpr uint64_t kSeed = 20261123;
  std::cout << "seed " << kSeed << '\n';
  std::mt19937_64 random(kSeed);
  const int kills = test::is_long() ? 50 : 8;
  int64_t last = 0;
  // On a busy machine the first writers may die before their first commit.
  for (int i = 0; i < kills || (last == 0 && i < 100); ++i) {
    auto child = start_child(lake, "writer", 60);
    std::string line;
    ASSERT_TRUE(wait_for_line(child, "READY", line));
    std::this_thread::sleep_for(std::chrono::milliseconds(20 + random() % 400));
    child.send_signal(SIGKILL);
    (void)child.wait();
    const auto found = session->query(kDisagreement);
    ASSERT_TRUE(found.ok()) << found.error().to_text();
    ASSERT_EQ(found->rows[0][0], "0 0 0") << "kill " << i;
    const int64_t commits = session->query("SELECT count(*) FROM OPS.commits")->scalar_int();
    EXPECT_GE(commits, last);
    last = commits;
  }
  EXPECT_GT(last, 0);
}

// What makes the file the fallback and not the default.
TEST(WarehouseProcesses, ADuckDbFileBelongsToOneProcess) {
  const test::TempDir dir;
  SystemClock clock;
  LakeOptions options = lake_options((dir / "file").string(), clock);
  auto held = open_duckdb_file(options);
  ASSERT_TRUE(held.ok());
  ChildProcess::Options child_options;
  child_options.command = {"/proc/self/exe", "--gtest_also_run_disabled_tests",
                           "--gtest_filter=WarehouseProcess.DISABLED_OpenFile"};
  child_options.environment = {{"FALAJ_TEST_LAKE", options.directory}};
  auto child = ChildProcess::start(std::move(child_options));
  ASSERT_TRUE(child.ok());
  std::string line;
  ASSERT_TRUE(wait_for_line(*child, "OPENED", line));
  EXPECT_EQ(line == "OPENED conflict",
            contract::duckdb_file_quirks().has(contract::Quirk::kSingleProcess))
      << line;
  (void)child->wait();
}

TEST(WarehouseProcess, DISABLED_OpenFile) {
  SystemClock clock;
  auto opened = open_duckdb_file(lake_options(environment("FALAJ_TEST_LAKE"), clock));
  const bool conflicts = !opened.ok() && opened.error().kind() == ErrorKind::kConflict;
  std::cout << "OPENED "
            << (opened.ok() ? "ok"
                : conflicts ? "conflict"
                            : opened.error().to_text())
            << std::endl;
}

}  // namespace
}  // namespace falaj::warehouse
