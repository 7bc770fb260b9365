#include "warehouse/duckdb/writer_lock.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "support/temp_dir.hpp"

namespace falaj::warehouse {
namespace {

TEST(WriterLock, ExcludesAndPassesOn) {
  const test::TempDir dir;
  const std::string path = (dir / "lock").string();
  WriterLock first(path, std::chrono::seconds(60));
  WriterLock second(path, std::chrono::seconds(0));
  ASSERT_TRUE(first.acquire().ok());
  ASSERT_TRUE(first.acquire().ok()) << "held already";
  const Status refused = second.acquire();
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind(), ErrorKind::kTimeout);
  EXPECT_NE(refused.error().message().find(path), std::string::npos);
  first.release();
  EXPECT_TRUE(second.acquire().ok());
}

// Without the queue a writer that comes back at once would win nearly always.
TEST(WriterLock, TakesTurns) {
  const test::TempDir dir;
  const std::string path = (dir / "lock").string();
  std::atomic<bool> stop{false};
  std::atomic<int> greedy_turns{0};
  WriterLock patient(path, std::chrono::seconds(60));
  std::thread greedy([&] {
    WriterLock lock(path, std::chrono::seconds(60));
    while (!stop) {
      ASSERT_TRUE(lock.acquire().ok());
      ++greedy_turns;
      lock.release();
    }
  });
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(patient.acquire().ok());
    patient.release();
  }
  stop = true;
  greedy.join();
}

TEST(WriterLock, AStopEndsTheWait) {
  const test::TempDir dir;
  const std::string path = (dir / "lock").string();
  WriterLock first(path, std::chrono::seconds(60));
  ASSERT_TRUE(first.acquire().ok());
  std::stop_source stop;
  WriterLock second(path, std::chrono::hours(1), stop.get_token());
  const std::jthread asking([&stop] { stop.request_stop(); });
  const Status stopped = second.acquire();
  ASSERT_FALSE(stopped.ok());
  EXPECT_EQ(stopped.error().kind(), ErrorKind::kCancelled);
}

TEST(WriterLock, SaysWhereItCannotLock) {
  WriterLock lock("/no/such/folder/lock", std::chrono::seconds(1));
  const Status status = lock.acquire();
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().kind(), ErrorKind::kStorageFailed);
}

}  // namespace
}  // namespace falaj::warehouse
