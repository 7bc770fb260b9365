// The home's lock: across processes.
#include "home/home_lock.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/temp_dir.hpp"

namespace falaj::home {
namespace {

constexpr UtcTime kNow{Micros(1'795'000'000'000'000)};

class HomeLockTest : public ::testing::Test {
 protected:
  std::string home() const { return dir_.path().string(); }
  test::TempDir dir_;
};

TEST_F(HomeLockTest, TheLockHasOneHolderAndNamesIt) {
  ManualClock clock(kNow);
  {
    const auto lock = HomeLock::acquire(home(), clock);
    ASSERT_TRUE(lock.ok()) << lock.error().to_text();
    const auto second = HomeLock::acquire(home(), clock);
    ASSERT_FALSE(second.ok());
    EXPECT_EQ(second.error().kind(), ErrorKind::kConflict);
    EXPECT_NE(second.error().to_text().find(std::to_string(::getpid())), std::string::npos)
        << second.error().to_text();
    EXPECT_EQ(HomeLock::holder(home()),
              fmt::format("process {}, since {}", ::getpid(), to_iso8601(kNow)));
  }
  EXPECT_FALSE(HomeLock::holder(home()));
  EXPECT_TRUE(HomeLock::acquire(home(), clock).ok()) << "given back";
}

TEST_F(HomeLockTest, TheLockOfADeadProcessIsFree) {
  ManualClock clock(kNow);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto lock = HomeLock::acquire(home(), clock);
    ::_exit(lock.ok() ? 0 : 1);  // without destructors, as kill -9 would
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_EQ(WEXITSTATUS(status), 0);
  EXPECT_FALSE(HomeLock::holder(home())) << "its text is still in the file";
  EXPECT_TRUE(HomeLock::acquire(home(), clock).ok());
}

}  // namespace
}  // namespace falaj::home
