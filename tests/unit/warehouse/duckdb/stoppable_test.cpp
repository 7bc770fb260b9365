#include "warehouse/stoppable.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "support/temp_dir.hpp"
#include "warehouse/duckdb/duck_warehouse.hpp"

namespace falaj::warehouse {
namespace {

constexpr const char* kEndless =
    "SELECT MAX(a.range * b.range) FROM range(100000000) a, range(100000000) b";

TEST(Stoppable, AStopEndsWhatRunsAndRefusesTheRest) {
  const test::TempDir dir;
  SystemClock clock;
  LakeOptions options;
  options.directory = (dir / "lake").string();
  options.clock = &clock;
  auto opened = open_duckdb_file(options);
  ASSERT_TRUE(opened.ok()) << opened.error().to_text();
  std::stop_source stop;
  const auto warehouse =
      make_stoppable(std::move(*opened), stop.get_token(), std::chrono::milliseconds(1));
  auto session = std::move(*warehouse->open_session());
  ASSERT_TRUE(session->execute("CREATE TABLE t (a BIGINT)").ok());
  ASSERT_TRUE(session->begin().ok());
  ASSERT_TRUE(session->execute("INSERT INTO t VALUES (1)").ok());
  std::jthread asking([&stop] { stop.request_stop(); });
  const auto endless = session->query(kEndless);
  ASSERT_FALSE(endless.ok());
  EXPECT_EQ(endless.error().kind(), ErrorKind::kCancelled);
  EXPECT_FALSE(session->commit().ok()) << "half of a transaction is not kept";
  EXPECT_TRUE(session->rollback().ok());
  EXPECT_EQ(session->query("SELECT 1").error().kind(), ErrorKind::kCancelled);
  EXPECT_EQ(warehouse->open_session().error().kind(), ErrorKind::kCancelled);
}

TEST(Stoppable, WithoutAStopEverythingGoesThrough) {
  const test::TempDir dir;
  SystemClock clock;
  LakeOptions options;
  options.directory = (dir / "lake").string();
  options.clock = &clock;
  std::stop_source stop;
  const auto warehouse = make_stoppable(std::move(*open_duckdb_file(options)), stop.get_token(),
                                        std::chrono::milliseconds(1));
  auto session = std::move(*warehouse->open_session());
  EXPECT_EQ(session->query("SELECT 7")->scalar_int(), 7);
  EXPECT_TRUE(warehouse->maintain().ok());
}

}  // namespace
}  // namespace falaj::warehouse
