#include "home/home_access.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "home/folder_probe.hpp"
#include "state/database_copy.hpp"
#include "state/sqlite.hpp"
#include "state/state_store.hpp"
#include "support/temp_dir.hpp"

namespace falaj::home {
namespace {

namespace fs = std::filesystem;

constexpr uid_t kNobody = 65534;

mode_t mode_of(const fs::path& path) {
  struct stat info {};
  EXPECT_EQ(::stat(path.c_str(), &info), 0) << path;
  return info.st_mode & 07777;
}

// In a process of a user without any rights; what it returned.
int as_nobody(const std::function<int()>& work) {
  const pid_t child = ::fork();
  if (child == 0) {
    if (::setgid(kNobody) != 0 || ::setuid(kNobody) != 0) ::_exit(99);
    ::_exit(work());
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 98;
}

class HomeAccess : public ::testing::Test {
 protected:
  HomeAccess() : before_(::umask(0)) { fs::permissions(dir_.path(), fs::perms(0755)); }
  ~HomeAccess() override { ::umask(before_); }
  std::string home() const { return (dir_ / "home").string(); }
  void make_home() {
    keep_new_files_private(false);
    fs::create_directories(home() + "/lake/data");
    std::ofstream(home() + "/lake/data/file") << "x";
    std::ofstream(home() + "/.env") << "x";
    std::ofstream(home() + "/vault.key") << "x";
  }
  test::TempDir dir_;
  mode_t before_;
};

TEST_F(HomeAccess, WhatIsMadeIsTheOwnersWhateverTheUmask) {
  make_home();
  EXPECT_EQ(mode_of(home()), 0700U);
  EXPECT_EQ(mode_of(home() + "/lake/data/file"), 0600U);
  EXPECT_FALSE(is_open_to_others(home(), ""));
  fs::permissions(home(), fs::perms(0755));
  EXPECT_TRUE(is_open_to_others(home(), ""));
}

TEST_F(HomeAccess, AGroupMayReadAllButSecrets) {
  if (::geteuid() != 0) GTEST_SKIP() << "gives files to a group that is not its own";
  make_home();
  const auto group = std::to_string(kNobody);
  ASSERT_TRUE(give_home_to(home(), group).ok());
  EXPECT_EQ(mode_of(home()), 02750U);
  EXPECT_EQ(mode_of(home() + "/lake/data"), 02750U);
  EXPECT_EQ(mode_of(home() + "/lake/data/file"), 0640U);
  EXPECT_EQ(mode_of(home() + "/.env"), 0600U);
  EXPECT_EQ(mode_of(home() + "/vault.key"), 0600U);
  EXPECT_FALSE(is_open_to_others(home(), group));
  keep_new_files_private(true);
  fs::create_directories(home() + "/lake/data/later");
  std::ofstream(home() + "/lake/data/later/file") << "x";
  EXPECT_EQ(as_nobody([&] {
              return std::ifstream(home() + "/lake/data/later/file").good() &&
                             !std::ifstream(home() + "/.env").good()
                         ? 0
                         : 1;
            }),
            0);
  ASSERT_TRUE(give_home_to(home(), "").ok());
  EXPECT_EQ(mode_of(home()), 0700U) << "closed again";
}

TEST_F(HomeAccess, AGroupThatIsNotThereIsNamed) {
  make_home();
  const auto given = give_home_to(home(), "no-such-group");
  ASSERT_FALSE(given.ok());
  EXPECT_EQ(given.error().kind(), ErrorKind::kInvalidConfig);
  EXPECT_NE(given.error().to_text().find("no-such-group"), std::string::npos);
}

TEST_F(HomeAccess, AProbeTellsAFolderThatTakesNothing) {
  make_home();
  EXPECT_TRUE(probe_folder(home()).ok());
  EXPECT_EQ(std::distance(fs::directory_iterator(home()), fs::directory_iterator()), 3)
      << "nothing stays";
  EXPECT_FALSE(probe_folder(home() + "/none").ok());
  EXPECT_EQ(nearest_folder(home() + "/a/b/c"), home());
  if (::geteuid() != 0) GTEST_SKIP() << "the rest needs another user";
  fs::permissions(home(), fs::perms(0755));
  EXPECT_EQ(as_nobody([&] {
              const auto probed = probe_folder(home());
              return !probed.ok() && probed.error().to_text().find(home()) != std::string::npos &&
                             probed.error().kind() == ErrorKind::kStorageFailed
                         ? 0
                         : 1;
            }),
            0);
}

// A control state that a reader without rights looks at: closed well, in use, left by a kill, and
// restored from a backup that left the log's index out.
class ReadersCopy : public HomeAccess {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "needs another user";
    ::umask(022);
    fs::create_directories(home());
    store_.emplace(state::StateStore::open(home()).value());
    ASSERT_TRUE(store_->start_run(RunId("R1"), UtcTime()).ok());
  }
  int runs_as_nobody() {
    return as_nobody([&] {
      auto read = state::StateStore::open_to_read(home());
      if (!read.ok()) {
        std::fprintf(stderr, "%s\n", read.error().to_text().c_str());
        return 90;
      }
      const auto runs = read->recent_runs(10);
      return runs.ok() ? static_cast<int>(runs->size()) : 91;
    });
  }
  std::optional<state::StateStore> store_;
};

TEST_F(ReadersCopy, IsReadWhileAnotherWrites) {
  EXPECT_EQ(runs_as_nobody(), 1);
  ASSERT_TRUE(store_->start_run(RunId("R2"), UtcTime()).ok());
  EXPECT_EQ(runs_as_nobody(), 2) << "what is in the log alone";
}

TEST_F(ReadersCopy, IsReadWhenNobodyHasItOpen) {
  store_.reset();
  ASSERT_FALSE(fs::exists(home() + "/state/falaj.db-wal"));
  EXPECT_EQ(runs_as_nobody(), 1);
  EXPECT_FALSE(fs::exists(home() + "/state/falaj.db-wal"));
}

TEST_F(ReadersCopy, IsReadWithALogThatWasLeftBehind) {
  fs::copy(home(), dir_ / "killed", fs::copy_options::recursive);
  store_.reset();
  fs::remove_all(home());
  fs::rename(dir_ / "killed", home());
  ASSERT_TRUE(fs::exists(home() + "/state/falaj.db-wal"));
  EXPECT_EQ(runs_as_nobody(), 1) << "log and index";
  fs::remove(home() + "/state/falaj.db-shm");
  EXPECT_EQ(runs_as_nobody(), 1) << "the log alone";
}

TEST_F(ReadersCopy, WithoutTheRightToReadNothingIsSaidOfDamage) {
  store_.reset();
  fs::permissions(home() + "/state/falaj.db", fs::perms(0600));
  EXPECT_EQ(as_nobody([&] {
              const auto read = state::StateStore::open_to_read(home());
              return !read.ok() && read.error().kind() == ErrorKind::kNotAllowed &&
                             read.error().to_text().find("aside") == std::string::npos
                         ? 0
                         : 1;
            }),
            0);
}

TEST_F(HomeAccess, OnlyADamagedStateIsToBeMovedAside) {
  fs::create_directories(home() + "/state");
  std::ofstream(home() + "/state/falaj.db") << std::string(8192, 'x');
  const auto damaged = state::StateStore::open(home());
  ASSERT_FALSE(damaged.ok());
  EXPECT_NE(damaged.error().to_text().find("aside"), std::string::npos);
  fs::remove(home() + "/state/falaj.db");
  fs::create_directory(home() + "/state/falaj.db");
  const auto folder = state::StateStore::open(home());
  ASSERT_FALSE(folder.ok());
  EXPECT_EQ(folder.error().to_text().find("aside"), std::string::npos) << folder.error().to_text();
}

}  // namespace
}  // namespace falaj::home
