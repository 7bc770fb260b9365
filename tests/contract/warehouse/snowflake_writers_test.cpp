// Several writers of one Snowflake database, and what a failed upload leaves behind: on fakesnow,
// through the real driver. The other processes are this test program, started again with one of its
// disabled tests.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "base/child_process.hpp"
#include "base/ulid.hpp"
#include "support/fakesnow.hpp"
#include "support/long_tests.hpp"
#include "support/temp_dir.hpp"
#include "warehouse/snowflake/snowflake_warehouse.hpp"

namespace falaj::warehouse {
namespace {

namespace fs = std::filesystem;
using rows::ColumnType;
using std::chrono::seconds;

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::vector<TableDefinition> tables() {
  return {{.schema = "BRONZE",
           .name = "facts",
           .columns = {{{"id", ColumnType::kBigInt, true},
                        {"body", ColumnType::kText},
                        {"seq", ColumnType::kBigInt}}}},
          {.schema = "OPS",
           .name = "commits",
           .columns = {{{"seq", ColumnType::kBigInt, true}, {"writer", ColumnType::kText}}}}};
}

std::shared_ptr<rows::RowBatch> facts(int64_t first, int64_t count) {
  auto batch =
      std::make_shared<rows::RowBatch>(std::make_shared<rows::Schema>(tables()[0].columns));
  for (int64_t i = 0; i < count; ++i) {
    batch->set_number(0, first + i);
    batch->add_text(1, fmt::format("نص {}", first + i));
    batch->finish_row();
  }
  return batch;
}

struct Place {
  std::string host;
  std::string database;
  std::string directory;
  std::string writer;
  int lease_secs = 900;
  // Where one statement meets another's uncommitted row, the emulator answers HTTP 500 (Snowflake
  // waits) and the driver asks again: a busy machine needs more than one such round.
  seconds request_timeout{60};
};

// Of a test that waits for the driver to give up.
constexpr seconds kGivesUpSoon{2};

Result<std::unique_ptr<Warehouse>> open(const Place& place, Clock& clock) {
  SnowflakeOptions options;
  options.driver_path = test::snowflake_driver();
  options.account = "fakesnow";
  options.host = place.host;
  options.user = "falaj";
  options.password = Secret("fakesnow");
  options.database = place.database;
  options.staging_directory = place.directory + "/" + place.writer;
  options.request_timeout = place.request_timeout;
  options.writer = place.writer;
  options.lease = seconds(place.lease_secs);
  options.clock = &clock;
  return open_snowflake(options);
}

// Reads what the others committed, then writes on: two that do so at once would get the same number.
Status write_once(Session& session, const std::string& writer) {
  FALAJ_ASSIGN(const auto last, session.query("SELECT MAX(seq) FROM OPS.commits"));
  const int64_t seq = last.scalar_int() + 1;
  FALAJ_TRY(session.append("BRONZE.facts", {{"seq", std::to_string(seq)}}, {facts(seq * 10, 10)}));
  FALAJ_TRY(session.execute(
      fmt::format("INSERT INTO OPS.commits (seq, writer) VALUES ({}, '{}')", seq, writer)));
  return {};
}

class SnowflakeWriters : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!test::has_fakesnow()) GTEST_SKIP() << "fakesnow is not there: tools/fetch-deps fakesnow";
    place_.host = test::fakesnow_url();
    place_.directory = dir_.path().string();
    place_.database = "W" + UlidGenerator(clock_, UlidGenerator::random_seed()).next();
    warehouse_ = open_as("observer");
    ASSERT_NE(warehouse_, nullptr);
    ASSERT_TRUE(warehouse_->create_tables(tables()).ok());
    observer_ = std::move(*warehouse_->open_session());
  }
  std::unique_ptr<Warehouse> open_as(const std::string& writer) {
    Place place = place_;
    place.writer = writer;
    auto opened = open(place, clock_);
    EXPECT_TRUE(opened.ok()) << opened.error().to_text();
    return opened.ok() ? std::move(*opened) : nullptr;
  }
  ChildProcess start(const std::string& role, const std::string& writer, int lease_secs = 900) {
    ChildProcess::Options options;
    options.command = {"/proc/self/exe", "--gtest_also_run_disabled_tests",
                       "--gtest_filter=SnowflakeWriter.DISABLED_Child"};
    options.environment = {{"FALAJ_TEST_HOST", place_.host},
                           {"FALAJ_TEST_DATABASE", place_.database},
                           {"FALAJ_TEST_DIRECTORY", place_.directory},
                           {"FALAJ_TEST_ROLE", role},
                           {"FALAJ_TEST_WRITER", writer},
                           {"FALAJ_TEST_LEASE", std::to_string(lease_secs)}};
    auto child = ChildProcess::start(std::move(options));
    EXPECT_TRUE(child.ok()) << child.error().to_text();
    return std::move(*child);
  }
  static std::string wait_for(ChildProcess& child, const std::string& wanted) {
    for (;;) {
      auto line = child.read_line(seconds(120));
      if (!line.ok()) return "ended";
      if (line->starts_with(wanted)) return *line;
    }
  }
  int64_t count(const std::string& sql) {
    const auto table = observer_->query(sql);
    EXPECT_TRUE(table.ok()) << table.error().to_text();
    return table.ok() ? table->scalar_int() : -1;
  }
  std::vector<std::string> files_left() const {
    std::vector<std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(dir_.path())) {
      if (entry.is_regular_file()) files.push_back(entry.path().filename().string());
    }
    return files;
  }

  SystemClock clock_;
  const test::TempDir dir_;
  Place place_;
  std::unique_ptr<Warehouse> warehouse_;
  std::unique_ptr<Session> observer_;
};

// The body of a child process.
TEST(SnowflakeWriter, DISABLED_Child) {
  SystemClock clock;
  const Place place{.host = environment("FALAJ_TEST_HOST"),
                    .database = environment("FALAJ_TEST_DATABASE"),
                    .directory = environment("FALAJ_TEST_DIRECTORY"),
                    .writer = environment("FALAJ_TEST_WRITER"),
                    .lease_secs = std::atoi(environment("FALAJ_TEST_LEASE").c_str())};
  auto warehouse = open(place, clock);
  ASSERT_TRUE(warehouse.ok()) << warehouse.error().to_text();
  auto session = std::move(*(*warehouse)->open_session());
  if (environment("FALAJ_TEST_ROLE") == "hold") {
    ASSERT_TRUE(session->begin().ok());
    ASSERT_TRUE(write_once(*session, place.writer).ok());
    std::cout << "HOLDS" << std::endl;
    std::string line;
    std::getline(std::cin, line);
    return;
  }
  const int turns = test::is_long() ? 100 : 8;
  for (int i = 0; i < turns; ++i) {
    const Status done = in_transaction(
        *session, clock, 5, [&](Session& inside) { return write_once(inside, place.writer); });
    if (!done.ok()) std::cout << "RESULT " << done.error().to_text() << std::endl;
    if (!done.ok()) return;
  }
  std::cout << "RESULT ok" << std::endl;
}

TEST_F(SnowflakeWriters, TwoProcessesTakeTurnsAndNeitherFails) {
  auto first = start("write", "first");
  auto second = start("write", "second");
  EXPECT_EQ(wait_for(first, "RESULT"), "RESULT ok");
  EXPECT_EQ(wait_for(second, "RESULT"), "RESULT ok");
  (void)first.wait();
  (void)second.wait();
  const int64_t commits = count("SELECT COUNT(*) FROM OPS.commits");
  EXPECT_EQ(commits, test::is_long() ? 200 : 16);
  // Nobody got a number that another one had.
  EXPECT_EQ(count("SELECT MAX(seq) FROM OPS.commits"), commits);
  EXPECT_EQ(count("SELECT COUNT(DISTINCT seq) FROM OPS.commits"), commits);
  EXPECT_EQ(count("SELECT COUNT(*) FROM BRONZE.facts"), commits * 10);
  EXPECT_EQ(count("SELECT COUNT(*) FROM OPS.writer_turn WHERE holder IS NOT NULL"), 0);
  EXPECT_EQ(files_left(), std::vector<std::string>());
}

TEST_F(SnowflakeWriters, AKilledOneIsFollowedAtOnceByItsNextRunAndLaterByOthers) {
  auto killed = start("hold", "home", 3);
  ASSERT_EQ(wait_for(killed, "HOLDS"), "HOLDS");
  killed.send_signal(SIGKILL);
  (void)killed.wait();
  const auto next_run = open_as("home");
  auto session = std::move(*next_run->open_session());
  const auto before = clock_.steady_now();
  ASSERT_TRUE(session->begin().ok());
  EXPECT_LT(clock_.steady_now() - before, seconds(2));
  EXPECT_EQ(count("SELECT COUNT(*) FROM OPS.commits"), 0) << "of the killed one nothing is left";
  ASSERT_TRUE(session->rollback().ok());

  auto again = start("hold", "home", 3);
  ASSERT_EQ(wait_for(again, "HOLDS"), "HOLDS");
  again.send_signal(SIGKILL);
  (void)again.wait();
  const auto other = open_as("another home");
  auto waiting = std::move(*other->open_session());
  const Status done = in_transaction(
      *waiting, clock_, 1, [&](Session& inside) { return write_once(inside, "another home"); });
  ASSERT_TRUE(done.ok()) << done.error().to_text();
  EXPECT_EQ(count("SELECT COUNT(*) FROM BRONZE.facts"), 10);
}

// The emulator refuses to update a row that another session has changed since BEGIN with HTTP 500,
// where Snowflake updates no row: noticed it is either way, and before COMMIT.
TEST_F(SnowflakeWriters, ALostLeaseIsNoticedBeforeCommit) {
  place_.request_timeout = kGivesUpSoon;
  const auto slow = open_as("slow");
  auto session = std::move(*slow->open_session());
  ASSERT_TRUE(session->begin().ok());
  ASSERT_TRUE(write_once(*session, "slow").ok());
  ASSERT_TRUE(observer_
                  ->execute("UPDATE OPS.writer_turn SET held_until = TIMESTAMP '2020-01-01 "
                            "00:00:00' WHERE slot = 'turn'")
                  .ok());
  const auto quick = open_as("quick");
  auto other = std::move(*quick->open_session());
  ASSERT_TRUE(in_transaction(*other, clock_, 1, [&](Session& inside) {
                return write_once(inside, "quick");
              }).ok());
  const Status lost = session->commit();
  ASSERT_FALSE(lost.ok());
  EXPECT_NE(lost.error().kind(), ErrorKind::kOutcomeUnknown) << lost.error().to_text();
  (void)session->rollback();
  EXPECT_EQ(count("SELECT COUNT(*) FROM OPS.commits"), 1);
  EXPECT_EQ(count("SELECT COUNT(*) FROM BRONZE.facts"), 10);
}

TEST_F(SnowflakeWriters, NoFileStaysBehindAFailedCopy) {
  place_.request_timeout = kGivesUpSoon;
  const auto impatient = open_as("impatient");
  auto session = std::move(*impatient->open_session());
  auto batch =
      std::make_shared<rows::RowBatch>(std::make_shared<rows::Schema>(tables()[0].columns));
  batch->add_text(1, "a row without its required id");
  batch->finish_row();
  ASSERT_TRUE(session->begin().ok());
  Status done = session->append("BRONZE.facts", {}, {batch});
  if (done.ok()) done = session->commit();
  ASSERT_FALSE(done.ok());
  EXPECT_NE(done.error().to_text().find("adding rows to BRONZE.facts"), std::string::npos)
      << done.error().to_text();
  (void)session->rollback();
  EXPECT_EQ(files_left(), std::vector<std::string>());
  // And the session goes on.
  ASSERT_TRUE(in_transaction(*session, clock_, 1, [&](Session& inside) {
                return write_once(inside, "impatient");
              }).ok());
  EXPECT_EQ(count("SELECT COUNT(*) FROM BRONZE.facts"), 10);
}

TEST_F(SnowflakeWriters, NoFileStaysBehindAFailedPutOrAKill) {
  ChildProcess::Options options;
  options.command = test::fakesnow_command();
  options.stderr_file = "/dev/null";
  auto server = ChildProcess::start(std::move(options));
  ASSERT_TRUE(server.ok());
  const auto line = server->read_line(seconds(120));
  ASSERT_TRUE(line.ok());
  Place place = place_;
  place.host = line->substr(line->rfind(' ') + 1);
  place.writer = "put";
  place.request_timeout = kGivesUpSoon;
  // What a killed process left.
  fs::create_directories(place.directory + "/put");
  std::ofstream(place.directory + "/put/left_u1_0.parquet") << "half a file";
  auto opened = open(place, clock_);
  ASSERT_TRUE(opened.ok()) << opened.error().to_text();
  ASSERT_TRUE((*opened)->create_tables(tables()).ok());
  auto session = std::move(*(*opened)->open_session());
  ASSERT_TRUE(in_transaction(*session, clock_, 1, [&](Session& inside) {
                return write_once(inside, "put");
              }).ok());
  EXPECT_EQ(files_left(), std::vector<std::string>());
  ASSERT_TRUE(session->begin().ok());
  ASSERT_TRUE(session->append("BRONZE.facts", {}, {facts(1, 1000)}).ok());
  server->send_signal(SIGKILL);
  (void)server->wait();
  const Status done = session->commit();
  ASSERT_FALSE(done.ok());
  EXPECT_EQ(done.error().kind(), ErrorKind::kUnavailable) << done.error().to_text();
  EXPECT_EQ(files_left(), std::vector<std::string>());
  (void)session->rollback();
}

}  // namespace
}  // namespace falaj::warehouse
