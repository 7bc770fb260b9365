// `falaj sql` at a terminal: statements of several lines, the habits of psql (\d, \x, \timing),
// history and completion. The warehouse is opened once.
// Threads:  called from the main thread.
#pragma once

#include <optional>
#include <string>

#include "cli/output.hpp"
#include "cli/result_writer.hpp"
#include "operate/sql_console.hpp"
#include "terminal/line_editor.hpp"

namespace falaj::cli {

class SqlShell {
 public:
  SqlShell(operate::SqlConsole& console, terminal::LineEditor& editor, ResultStyle style);
  ~SqlShell();
  SqlShell(const SqlShell&) = delete;
  SqlShell& operator=(const SqlShell&) = delete;

  // Until \q or the end of what is typed; the exit status.
  int run();

 private:
  enum class Next { kGoOn, kQuit };

  Next take(const std::string& line);
  Next command(const std::string& line);
  void execute(const std::string& script, const std::string& source = "");
  void describe(const std::string& name);
  void switch_layout(const std::string& word);
  void redirect(const std::string& path);
  void run_file(const std::string& path);
  std::string prompt() const;
  void close_file();
  Output& out() { return file_ ? *file_ : standard_output(); }

  operate::SqlConsole& console_;
  terminal::LineEditor& editor_;
  ResultStyle style_;
  std::string pending_;
  // \o
  std::optional<Output> file_;
  int descriptor_ = -1;
  std::string path_;
  bool shows_timing_ = false;
};

// With the terminal's editor and the history of its user.
int run_sql_shell(operate::SqlConsole& console, const ResultStyle& style);

}  // namespace falaj::cli
