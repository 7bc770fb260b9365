#include "base/child_process.hpp"

#include <gtest/gtest.h>

#include <signal.h>
#include <thread>

namespace falaj {
namespace {

using namespace std::chrono_literals;

TEST(ChildProcess, GivesLinesAndTheExitStatus) {
  auto child =
      ChildProcess::start({.command = {"/bin/sh", "-c", "echo first; echo \"$WORD\"; exit 7"},
                           .environment = {{"WORD", "ش"}}});
  ASSERT_TRUE(child.ok()) << child.error().to_text();
  EXPECT_EQ(child->read_line(5s).value(), "first");
  EXPECT_EQ(child->read_rest(), "ش\n");
  const auto exit = child->wait();
  EXPECT_EQ(exit.status, 7);
  EXPECT_FALSE(exit.signalled);
}

TEST(ChildProcess, TellsWhetherItHasEnded) {
  auto child = ChildProcess::start({.command = {"/bin/sleep", "60"}});
  ASSERT_TRUE(child.ok());
  EXPECT_FALSE(child->has_ended());
  child->send_signal(SIGKILL);
  while (!child->has_ended()) std::this_thread::yield();
  EXPECT_TRUE(child->wait().signalled);
}

TEST(ChildProcess, IsStoppedByItsOwner) {
  pid_t pid = 0;
  {
    auto child = ChildProcess::start({.command = {"/bin/sleep", "60"}});
    ASSERT_TRUE(child.ok());
    pid = child->pid();
    EXPECT_EQ(::kill(pid, 0), 0);
  }
  EXPECT_EQ(::kill(pid, 0), -1);
}

TEST(ChildProcess, SaysWhatCouldNotBeStarted) {
  auto child = ChildProcess::start({.command = {"/nonexistent/program"}});
  ASSERT_FALSE(child.ok());
  EXPECT_EQ(child.error().message(),
            "cannot start /nonexistent/program: No such file or directory");
}

}  // namespace
}  // namespace falaj
