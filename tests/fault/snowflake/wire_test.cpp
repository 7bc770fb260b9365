// What falaj does with single answers of the wire: how often it asks, under which identity, what it
// takes for done, and what it tells.
#include <gtest/gtest.h>

#include <thread>

#include "fault/snowflake/load_on_stub.hpp"

namespace falaj::test {
namespace {

using namespace std::chrono_literals;

constexpr auto kPatient = 60s;
// The driver waits a second at least before it tries again: with this it gives up at once.
constexpr auto kImpatient = 1s;

class Wire : public ::testing::Test {
 protected:
  void SetUp() override {
    FALAJ_REQUIRE_DRIVER();
    account_.open(kPatient);
    ASSERT_TRUE(account_.create_tables().ok());
    stub_.forget_statements();
  }

  // The one statement that has `part`.
  StubStatement statement_with(const std::string& part) {
    StubStatement found;
    int count = 0;
    for (const auto& statement : stub_.statements()) {
      if (statement.sql.find(part) == std::string::npos) continue;
      found = statement;
      ++count;
    }
    EXPECT_EQ(count, 1) << part;
    return found;
  }

  std::vector<StubStatement> all_with(const std::string& part) {
    std::vector<StubStatement> found;
    for (const auto& statement : stub_.statements()) {
      if (statement.sql.find(part) != std::string::npos) found.push_back(statement);
    }
    return found;
  }

  LoadOnStub account_;
  SnowflakeStub& stub_ = account_.stub;
};

TEST_F(Wire, AnExpiredSessionIsRenewedInTheTransaction) {
  stub_.script({.fault = StubFault::kSessionExpired, .part = "INTO OPS.load_packages"});
  const auto loaded = account_.load();
  ASSERT_TRUE(loaded.ok()) << loaded.error().to_text();
  account_.expect_complete();
  EXPECT_EQ(stub_.counts().renewals, 1);
  const auto books = statement_with("INTO OPS.load_packages");
  EXPECT_EQ(books.tries, 2);
  EXPECT_EQ(books.runs, 1);
  EXPECT_EQ(statement_with("COMMIT").session, books.session);
}

TEST_F(Wire, AStormIsRiddenOutUnderOneRequestId) {
  auto session = account_.session();
  stub_.script({.fault = StubFault::kUnavailable, .part = "INSERT INTO OPS.commits"});
  const auto done = session->execute(
      "INSERT INTO OPS.commits (seq, kind, run_id, committed_at) VALUES (1, 'load', 'R', NULL)");
  ASSERT_TRUE(done.ok()) << done.error().to_text();
  EXPECT_EQ(*done, 1);
  const auto statement = statement_with("INSERT INTO OPS.commits");
  EXPECT_EQ(statement.tries, 2);
  EXPECT_EQ(statement.runs, 1);
  EXPECT_TRUE(statement.has_retry_count);
}

TEST_F(Wire, ARefusalIsNotAskedForAgain) {
  auto session = account_.session();
  stub_.script({.fault = StubFault::kRefused, .part = "INSERT INTO OPS.commits"});
  const auto done = session->execute(
      "INSERT INTO OPS.commits (seq, kind, run_id, committed_at) VALUES (1, 'load', 'R', NULL)");
  ASSERT_FALSE(done.ok());
  EXPECT_EQ(statement_with("INSERT INTO OPS.commits").tries, 1);
  EXPECT_EQ(done.error().vendor_code, "300002");
}

TEST_F(Wire, TheDriverAsksForTheSameCommitAgain) {
  stub_.script({.fault = StubFault::kLostAnswer, .part = "COMMIT"});
  const auto loaded = account_.load();
  ASSERT_TRUE(loaded.ok()) << loaded.error().to_text();
  account_.expect_complete();
  const auto commit = statement_with("COMMIT");
  EXPECT_EQ(commit.tries, 2);
  EXPECT_EQ(commit.runs, 1);
}

// It was done, and nobody said so: the books are looked up, in a session of its own, and nothing is
// written a second time.
TEST_F(Wire, ACommitWithoutAnAnswerIsLookedUp) {
  account_.open(kImpatient);
  stub_.script({.fault = StubFault::kLostForEver, .part = "COMMIT"});
  const auto loaded = account_.load();
  ASSERT_TRUE(loaded.ok()) << loaded.error().to_text();
  EXPECT_EQ(loaded->packages_loaded, 3);
  account_.expect_complete();
  const auto books = statement_with("INSERT INTO OPS.load_packages");
  const auto lookups = all_with("SELECT DISTINCT package_id FROM OPS.load_packages");
  ASSERT_FALSE(lookups.empty());
  EXPECT_NE(lookups.back().session, books.session);
  EXPECT_GT(lookups.back().number, books.number);
  EXPECT_EQ(all_with("COMMIT").size(), 2U) << "the second one ends the look-up's transaction";
}

TEST_F(Wire, ACommitThatDidNotArriveIsDoneAgain) {
  account_.open(kImpatient);
  stub_.script({.fault = StubFault::kNeverAvailable, .part = "COMMIT"});
  const auto loaded = account_.load();
  ASSERT_TRUE(loaded.ok()) << loaded.error().to_text();
  EXPECT_EQ(loaded->packages_loaded, 3);
  account_.expect_complete();
  EXPECT_EQ(all_with("INSERT INTO OPS.load_packages").size(), 2U);
}

TEST_F(Wire, AnUnknownOutcomeSaysSo) {
  account_.open(kImpatient);
  auto session = account_.session();
  ASSERT_TRUE(session->begin().ok());
  stub_.script({.fault = StubFault::kLostForEver, .part = "COMMIT"});
  const Status committed = session->commit();
  ASSERT_FALSE(committed.ok());
  EXPECT_EQ(committed.error().kind(), ErrorKind::kOutcomeUnknown);
  // The session signs in again and goes on.
  EXPECT_TRUE(session->begin().ok());
  EXPECT_TRUE(session->commit().ok());
  EXPECT_EQ(stub_.counts().logins - stub_.counts().logouts, 1);
}

TEST_F(Wire, ARejectedFileIsNamedAndNothingOfTheBatchStays) {
  stub_.script({.fault = StubFault::kRejectedFile, .part = "COPY INTO"});
  const auto loaded = account_.load();
  ASSERT_FALSE(loaded.ok());
  EXPECT_EQ(loaded.error().kind(), ErrorKind::kRowsRejected);
  EXPECT_NE(loaded.error().message().find("_u1_0.parquet: status LOAD_FAILED"), std::string::npos)
      << loaded.error().message();
  EXPECT_EQ(stub_.value("SELECT count(*) FROM OPS.load_packages"), "0");
  ASSERT_TRUE(account_.load().ok());
  account_.expect_complete();
}

TEST_F(Wire, ACopyThatCountsAnotherNumberOfRowsIsRefused) {
  stub_.script({.fault = StubFault::kWrongCount, .part = "COPY INTO"});
  const auto loaded = account_.load();
  ASSERT_FALSE(loaded.ok());
  EXPECT_EQ(loaded.error().kind(), ErrorKind::kRowsRejected);
}

class Rows : public Wire {
 protected:
  // 20 numbers, the rows of a query that meets `fault`.
  Result<warehouse::Table> ask(StubFault fault) {
    auto session = account_.session();
    stub_.script({.fault = fault, .part = "range(20)"});
    return session->query("SELECT range AS n, 'row ' || range AS text FROM range(20) ORDER BY 1");
  }
  void expect_all(const Result<warehouse::Table>& found) {
    ASSERT_TRUE(found.ok()) << found.error().to_text();
    ASSERT_EQ(found->rows.size(), 20U);
    EXPECT_EQ(found->rows[0][1], "row 0");
    EXPECT_EQ(found->rows[19][0], "19");
    EXPECT_EQ(found->rows[19][1], "row 19");
  }
  void expect_error(const Result<warehouse::Table>& found) {
    ASSERT_FALSE(found.ok()) << found->rows.size() << " rows";
  }
};

TEST_F(Rows, ThatComeLaterAreWaitedFor) {
  expect_all(ask(StubFault::kAsynchronous));
}

TEST_F(Rows, InSeveralChunksAreRead) {
  expect_all(ask(StubFault::kChunks));
}

TEST_F(Rows, ThatAreCutInTheMiddleAreAnError) {
  expect_error(ask(StubFault::kCutAnswer));
}

TEST_F(Rows, WhoseLastChunkIsCutAreAnError) {
  expect_error(ask(StubFault::kCutChunk));
}

TEST_F(Rows, FewerThanAnnouncedAreAnError) {
  const auto found = ask(StubFault::kWrongCount);
  expect_error(found);
  EXPECT_EQ(found.error().kind(), ErrorKind::kBadResponse);
  EXPECT_NE(found.error().message().find("a result of 21 rows ended after 20"), std::string::npos)
      << found.error().message();
}

TEST_F(Wire, CancelStopsTheStatementInTheAccount) {
  auto session = account_.session();
  stub_.script({.fault = StubFault::kSlow, .part = "range(7)"});
  std::thread other([&] {
    stub_.wait_for(1);
    session->cancel();
  });
  const auto found = session->query("SELECT * FROM range(7)");
  other.join();
  ASSERT_FALSE(found.ok());
  EXPECT_EQ(found.error().kind(), ErrorKind::kCancelled);
  EXPECT_EQ(stub_.counts().aborts, 1);
  EXPECT_EQ(stub_.aborted(), std::vector{statement_with("range(7)").request_id});
  // The session is of use afterwards.
  EXPECT_TRUE(session->query("SELECT 1").ok());
}

TEST_F(Wire, EveryStatementTellsWhatItIsFor) {
  ASSERT_TRUE(account_.load().ok());
  expect_good_statements(stub_);
  const auto books = Json::parse(statement_with("INSERT INTO OPS.load_packages").tag);
  ASSERT_TRUE(books.ok());
  EXPECT_EQ(books->dump(), R"({"app":"falaj","dag":"run","run":"R1","task":"load","store":"7"})");
}

}  // namespace
}  // namespace falaj::test
