#include "warehouse/snowflake/writer_turn.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "duck/database.hpp"

namespace falaj::warehouse {
namespace {

using std::chrono::seconds;

// The rows are in a DuckDB, which is given Snowflake's names.
class SnowflakeWriterTurn : public ::testing::Test {
 protected:
  SnowflakeWriterTurn() : database_(*duck::Database::open({})), connection_(*database_.connect()) {
    run("CREATE SCHEMA OPS");
    run("CREATE TYPE TIMESTAMP_NTZ AS TIMESTAMP");
    run("CREATE MACRO DATEADD(part, n, t) AS t + to_seconds(n)");
    run("CREATE TABLE OPS.WRITER_TURN (SLOT VARCHAR, HOLDER VARCHAR, TURN BIGINT, TAKEN_AT "
        "TIMESTAMP, HELD_UNTIL TIMESTAMP)");
    run(WriterTurn::fill_sql());
  }
  int64_t run(const std::string& sql) {
    const auto changed = connection_.execute(sql);
    EXPECT_TRUE(changed.ok()) << (changed.ok() ? "" : changed.error().to_text());
    return changed.ok() ? *changed : -1;
  }
  WriterTurn writer(const std::string& name, int lease_secs = 900) {
    return {name, seconds(lease_secs), clock_};
  }
  // `before` is called before each statement.
  WriterTurn::Statements statements(std::function<void(const std::string&)> before = {}) {
    return {.execute = [this, before](const std::string& sql) -> Result<int64_t> {
              if (before) before(sql);
              return connection_.execute(sql);
            },
            .query = [this](const std::string& sql) -> Result<Table> {
              FALAJ_ASSIGN(auto result, connection_.query(sql));
              Table table;
              for (;;) {
                FALAJ_ASSIGN(const duck::Chunk* chunk, result.next_chunk());
                if (chunk == nullptr) return table;
                for (size_t row = 0; row < chunk->row_count(); ++row) {
                  table.rows.push_back({chunk->render(0, row), chunk->render(1, row)});
                }
              }
            }};
  }
  static bool is_take(const std::string& sql) {
    return sql.find("SLOT = 'turn' AND (HOLDER IS NULL") != std::string::npos;
  }
  std::string holder() {
    return connection_
        .query_text("SELECT COALESCE(HOLDER, 'nobody') FROM OPS.WRITER_TURN WHERE SLOT = 'turn'")
        ->value_or("?");
  }
  void let_lease_run_out() {
    run("UPDATE OPS.WRITER_TURN SET HELD_UNTIL = TIMESTAMP '2020-01-01' WHERE SLOT = 'turn'");
  }

  ManualClock clock_{UtcTime(std::chrono::hours(24 * 365 * 50))};
  duck::Database database_;
  duck::Connection connection_;
};

TEST_F(SnowflakeWriterTurn, IsTakenAndGivenBack) {
  auto first = writer("a");
  ASSERT_TRUE(first.take(statements(), {}).ok());
  EXPECT_EQ(holder(), "a");
  ASSERT_TRUE(first.give_back(statements()).ok());
  first.leave();
  EXPECT_EQ(holder(), "nobody");
  // Once: the rows are there already.
  EXPECT_EQ(run(WriterTurn::fill_sql()), 0);
}

TEST_F(SnowflakeWriterTurn, OthersWaitUntilItIsGivenBack) {
  auto first = writer("a");
  auto second = writer("b");
  ASSERT_TRUE(first.take(statements(), {}).ok());
  int tries = 0;
  const auto taken = second.take(statements([&](const std::string& sql) {
                                   if (!is_take(sql) || ++tries != 4) return;
                                   EXPECT_EQ(holder(), "a");
                                   EXPECT_TRUE(first.give_back(statements()).ok());
                                 }),
                                 {});
  ASSERT_TRUE(taken.ok()) << taken.error().to_text();
  EXPECT_EQ(tries, 4);
  EXPECT_EQ(holder(), "b");
}

// Without the row of who is next, `a` would get it again and again.
TEST_F(SnowflakeWriterTurn, WhoComesBackAtOnceLetsTheNextInLineGoFirst) {
  auto first = writer("a");
  auto second = writer("b");
  std::stop_source stopped;
  stopped.request_stop();
  ASSERT_TRUE(first.take(statements(), {}).ok());
  int asked = 0;
  const auto give_back_meanwhile = [&](const std::string& sql) {
    if (!is_take(sql) || ++asked != 2) return;
    ASSERT_TRUE(first.give_back(statements()).ok());
    first.leave();
    const auto refused = first.take(statements(), stopped.get_token());
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().kind(), ErrorKind::kCancelled);
    EXPECT_EQ(holder(), "nobody");
  };
  ASSERT_TRUE(second.take(statements(give_back_meanwhile), {}).ok());
  EXPECT_EQ(holder(), "b");
  ASSERT_TRUE(second.give_back(statements()).ok());
  // Nobody is in line any more.
  EXPECT_TRUE(first.take(statements(), stopped.get_token()).ok());
}

// Also who gave up waiting.
TEST_F(SnowflakeWriterTurn, WhoIsStoppedLeavesTheLine) {
  auto first = writer("a");
  auto second = writer("b");
  ASSERT_TRUE(first.take(statements(), {}).ok());
  std::stop_source stop;
  const auto stop_in_line = [&](const std::string& sql) {
    if (!is_take(sql)) stop.request_stop();
  };
  ASSERT_FALSE(second.take(statements(stop_in_line), stop.get_token()).ok());
  ASSERT_TRUE(first.give_back(statements()).ok());
  first.leave();
  EXPECT_TRUE(first.take(statements(), stop.get_token()).ok());
}

TEST_F(SnowflakeWriterTurn, ALeaseThatRanOutIsLostBeforeCommit) {
  auto first = writer("a");
  auto second = writer("b");
  ASSERT_TRUE(first.take(statements(), {}).ok());
  let_lease_run_out();
  ASSERT_TRUE(second.take(statements(), {}).ok());
  const auto lost = first.give_back(statements());
  ASSERT_FALSE(lost.ok());
  EXPECT_EQ(lost.error().kind(), ErrorKind::kConflict);
  EXPECT_NE(lost.error().to_text().find("b (until"), std::string::npos) << lost.error().to_text();
  EXPECT_EQ(first.renew(statements()).error().kind(), ErrorKind::kConflict);
  // And also when the other one has finished.
  ASSERT_TRUE(second.give_back(statements()).ok());
  EXPECT_EQ(first.give_back(statements()).error().kind(), ErrorKind::kConflict);
}

TEST_F(SnowflakeWriterTurn, TheNextRunOfAKilledHomeTakesUpItsLease) {
  ASSERT_TRUE(writer("a").take(statements(), {}).ok());
  auto next_run = writer("a");
  ASSERT_TRUE(next_run.take(statements(), {}).ok());
  EXPECT_TRUE(next_run.give_back(statements()).ok());
}

TEST_F(SnowflakeWriterTurn, IsRenewedWhenAThirdOfTheLeaseIsOver) {
  auto first = writer("a");
  ASSERT_TRUE(first.take(statements(), {}).ok());
  EXPECT_FALSE(first.is_due());
  clock_.advance(seconds(301));
  EXPECT_TRUE(first.is_due());
  let_lease_run_out();
  ASSERT_TRUE(first.renew(statements()).ok());
  EXPECT_FALSE(first.is_due());
  EXPECT_EQ(run("UPDATE OPS.WRITER_TURN SET TURN = TURN WHERE SLOT = 'turn' AND HELD_UNTIL > "
                "CAST(CURRENT_TIMESTAMP AS TIMESTAMP)"),
            1);
}

TEST_F(SnowflakeWriterTurn, WaitsEndAndSayWhoHasIt) {
  auto first = writer("the other machine");
  ASSERT_TRUE(first.take(statements(), {}).ok());
  const auto waited = writer("b", 10).take(statements(), {});
  ASSERT_FALSE(waited.ok());
  EXPECT_EQ(waited.error().kind(), ErrorKind::kTimeout);
  EXPECT_NE(waited.error().to_text().find("the other machine (until"), std::string::npos)
      << waited.error().to_text();
  run("DELETE FROM OPS.WRITER_TURN");
  const auto empty = writer("c").take(statements(), {});
  ASSERT_FALSE(empty.ok());
  EXPECT_EQ(empty.error().kind(), ErrorKind::kInvalidConfig);
  EXPECT_NE(empty.error().to_text().find("INSERT INTO OPS.WRITER_TURN"), std::string::npos);
}

TEST_F(SnowflakeWriterTurn, SessionsOfOneProcessWaitForEachOtherWithoutAsking) {
  auto turn = writer("a");
  ASSERT_TRUE(turn.take(statements(), {}).ok());
  std::stop_source stop;
  int asked = 0;
  Status outcome;
  std::thread other([&] {
    outcome = turn.take(statements([&](const std::string&) { ++asked; }), stop.get_token());
  });
  stop.request_stop();
  other.join();
  EXPECT_EQ(outcome.error().kind(), ErrorKind::kCancelled);
  EXPECT_EQ(asked, 0);
  ASSERT_TRUE(turn.give_back(statements()).ok());
  std::thread third([&] { outcome = turn.take(statements(), {}); });
  turn.leave();
  third.join();
  EXPECT_TRUE(outcome.ok());
}

}  // namespace
}  // namespace falaj::warehouse
