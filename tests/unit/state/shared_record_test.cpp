// The shared record in several real processes.
#include "state/shared_record.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <vector>

#include "support/temp_dir.hpp"

namespace falaj::state {
namespace {

struct Numbers {
  int64_t a;
  int64_t b;
};

// Moves from a to b, in two steps that nobody else may see apart.
void move_one(SharedRecord& record) {
  record.lock();
  auto* numbers = static_cast<Numbers*>(record.data());
  ++numbers->a;
  --numbers->b;
  record.unlock();
}

TEST(SharedRecord, NoUpdateOfFourProcessesIsLost) {
  const test::TempDir dir;
  const auto path = dir.path().string() + "/quota/record";
  constexpr int kSteps = 5000;
  std::vector<pid_t> children;
  for (int i = 0; i < 4; ++i) {
    const auto child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      auto record = SharedRecord::open(path);
      for (int step = 0; record.ok() && step < kSteps; ++step) move_one(*record);
      ::_exit(record.ok() ? 0 : 1);
    }
    children.push_back(child);
  }
  for (const auto child : children) {
    int status = -1;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  }
  auto record = SharedRecord::open(path);
  ASSERT_TRUE(record.ok()) << record.error().to_text();
  const auto* numbers = static_cast<Numbers*>(record->data());
  EXPECT_EQ(numbers->a, 4 * kSteps);
  EXPECT_EQ(numbers->b, -4 * kSteps);
  struct stat info {};
  ASSERT_EQ(::stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600U);
}

TEST(SharedRecord, WhoIsKilledWhileHoldingTheLockFreesItAndIsNoMemberAnyMore) {
  const test::TempDir dir;
  const auto path = dir.path().string() + "/record";
  auto record = SharedRecord::open(path);
  ASSERT_TRUE(record.ok()) << record.error().to_text();
  std::array<int, 2> ready{};
  ASSERT_EQ(::pipe(ready.data()), 0);
  const auto child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    auto other = SharedRecord::open(path);
    if (!other.ok()) ::_exit(1);
    other->lock();
    const auto member = static_cast<char>(other->member());
    if (::write(ready[1], &member, 1) != 1) ::_exit(1);
    ::pause();
    ::_exit(0);
  }
  char member = 0;
  ASSERT_EQ(::read(ready[0], &member, 1), 1);
  EXPECT_NE(static_cast<size_t>(member), record->member());
  EXPECT_TRUE(record->is_alive(static_cast<size_t>(member)));
  ::kill(child, SIGKILL);
  ASSERT_EQ(::waitpid(child, nullptr, 0), child);
  record->lock();  // would hang if the dead one still held it
  record->unlock();
  EXPECT_FALSE(record->is_alive(static_cast<size_t>(member)));
  auto next = SharedRecord::open(path);
  ASSERT_TRUE(next.ok());
  EXPECT_EQ(next->member(), static_cast<size_t>(member)) << "its place is free again";
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST(SharedRecord, MoreThanTheMembersMayUseARecordThatAsksNobodyToBeOne) {
  const test::TempDir dir;
  const auto path = dir.path().string() + "/record";
  EXPECT_EQ(SharedRecord::open_existing(path).error().kind(), ErrorKind::kNotFound);
  std::vector<SharedRecord> users;
  for (size_t i = 0; i < SharedRecord::kMembers + 20; ++i) {
    auto user = SharedRecord::open(path, false);
    ASSERT_TRUE(user.ok()) << i << ": " << user.error().to_text();
    EXPECT_EQ(user->member(), SharedRecord::kNoMember);
    move_one(*user);
    users.push_back(std::move(*user));
  }
  auto member = SharedRecord::open(path);
  ASSERT_TRUE(member.ok());
  EXPECT_EQ(member->member(), 0U) << "nobody has taken a place";
  auto looking = SharedRecord::open_existing(path);
  ASSERT_TRUE(looking.ok()) << looking.error().to_text();
  EXPECT_EQ(static_cast<Numbers*>(looking->data())->a, 148);
  EXPECT_TRUE(looking->is_alive(0));
  EXPECT_FALSE(looking->is_alive(1));
}

TEST(SharedRecord, SaysWhatCannotBeUsed) {
  const test::TempDir dir;
  auto record = SharedRecord::open(dir.path().string() + "/falaj");
  ASSERT_TRUE(record.ok());
  const auto below_a_file = SharedRecord::open(dir.path().string() + "/falaj/record");
  ASSERT_FALSE(below_a_file.ok());
  EXPECT_EQ(below_a_file.error().kind(), ErrorKind::kStorageFailed);
  EXPECT_NE(below_a_file.error().to_text().find("/falaj"), std::string::npos);
}

}  // namespace
}  // namespace falaj::state
