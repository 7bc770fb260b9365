#include "terminal/line_editor.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>

#include "support/temp_dir.hpp"
#include "terminal/history_file.hpp"

namespace falaj::terminal {
namespace {

TEST(Completion, FindsTheWordAndWhatCandidatesShare) {
  EXPECT_EQ(word_start("SELECT GOLD.gold_f"), 7U);
  EXPECT_EQ(word_start("f(a,b"), 4U);
  EXPECT_EQ(word_start("x = متجر"), 4U);
  EXPECT_EQ(word_start(""), 0U);
  EXPECT_EQ(common_start({"gold_fact_orders", "GOLD_fact_items"}), "gold_fact_");
  EXPECT_EQ(common_start({"one"}), "one");
  EXPECT_EQ(common_start({"a", "b"}), "");
  // These differ in the second byte of a character: nothing is shared.
  EXPECT_EQ(common_start({"م", "ن"}), "");
}

TEST(History, IsKeptForItsOwnerOnly) {
  test::TempDir dir;
  const std::string path = dir / "state/falaj/sql_history";
  HistoryFile history(path, 3);
  EXPECT_TRUE(history.load().empty());
  history.add("SELECT 'a\nb\\n'");
  history.add("SELECT 'متجر'");
  struct stat info {};
  ASSERT_EQ(::stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
  EXPECT_EQ(history.load(), (std::vector<std::string>{"SELECT 'a\nb\\n'", "SELECT 'متجر'"}));
}

TEST(History, StaysShort) {
  test::TempDir dir;
  const std::string path = dir / "history";
  HistoryFile history(path, 3);
  for (int i = 0; i < 7; ++i) history.add(std::to_string(i));
  EXPECT_EQ(history.load(), (std::vector<std::string>{"4", "5", "6"}));
  EXPECT_EQ(test::read_text_file(path), "4\n5\n6\n");
}

TEST(History, WithoutAPlaceIsDoneWithout) {
  test::TempDir dir;
  std::ofstream(dir / "file") << "x";
  HistoryFile history(dir / "file/in/it", 3);
  history.add("SELECT 1");
  EXPECT_TRUE(history.load().empty());
  HistoryFile none("", 3);
  none.add("SELECT 1");
  EXPECT_TRUE(none.load().empty());
}

TEST(History, LiesWhereXdgSays) {
  ::setenv("XDG_STATE_HOME", "/srv/state", 1);
  EXPECT_EQ(history_file("sql_history"), "/srv/state/falaj/sql_history");
  ::unsetenv("XDG_STATE_HOME");
  ::setenv("HOME", "/home/someone", 1);
  EXPECT_EQ(history_file("sql_history"), "/home/someone/.local/state/falaj/sql_history");
}

}  // namespace
}  // namespace falaj::terminal
