#include "cli/sql_shell.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <sstream>

#include "cli/output.hpp"
#include "cli/sql_command.hpp"
#include "cli/sql_names.hpp"
#include "cli/sql_runner.hpp"
#include "sql/script.hpp"

namespace falaj::cli {
namespace {

constexpr const char* kHelp =
    "  statements end with ; and may take several lines. Ctrl-C leaves a line or stops a query.\n"
    "  \\d          tables and views          \\d NAME     columns of a table\n"
    "  \\dt [NAME]  tables, of a schema        \\dn         schemas\n"
    "  \\dv [NAME]  views, of a schema         \\l          databases\n"
    "  \\x [on|off|auto]  one line a cell      \\timing     how long statements take\n"
    "  \\o [FILE]   results go to FILE, or here again\n"
    "  \\i FILE     run the statements of a file\n"
    "  \\q          end (also Ctrl-D)\n";

std::string trimmed(const std::string& text) {
  const auto begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string::npos) return "";
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

// A statement as one line of the history: comments go, since the rest of the line would be one.
std::string one_line(const std::string& text, const sql::Lexis& lexis) {
  std::string line;
  for (const auto& token : sql::tokenize(text, lexis)) {
    if (token.is_significant()) {
      line += token.text;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  return trimmed(line);
}

}  // namespace

SqlShell::SqlShell(operate::SqlConsole& console, terminal::LineEditor& editor, ResultStyle style)
    : console_(console), editor_(editor), style_(style) {
  editor_.complete_with([this, names = std::optional<SqlNames>()](std::string_view word,
                                                                  std::string_view before) mutable {
    // Asked for at the first Tab.
    if (!names) names = SqlNames::read(console_);
    return names->candidates(word, pending_ + " " + std::string(before));
  });
}

SqlShell::~SqlShell() {
  close_file();
}

std::string SqlShell::prompt() const {
  return console_.where() + (pending_.empty() ? "> " : "-> ");
}

int SqlShell::run() {
  std::fprintf(stderr, "%s, for reading. \\? lists the commands, \\q ends.\n",
               console_.where().c_str());
  std::string line;
  for (;;) {
    switch (editor_.read(prompt(), line)) {
      case terminal::LineEditor::Outcome::kInterrupted: pending_.clear(); break;
      case terminal::LineEditor::Outcome::kEnd: std::fputs("\n", stderr); return 0;
      case terminal::LineEditor::Outcome::kLine:
        if (take(line) == Next::kQuit) return 0;
        break;
    }
  }
}

SqlShell::Next SqlShell::take(const std::string& line) {
  const auto word = trimmed(line);
  if (pending_.empty()) {
    if (word.empty()) return Next::kGoOn;
    const bool is_end = sql::same_word(word, "quit") || sql::same_word(word, "exit") ||
                        sql::same_word(word, "quit;") || sql::same_word(word, "exit;");
    if (is_end) return Next::kQuit;
    if (word[0] == '\\') {
      editor_.remember(word);
      return command(word);
    }
  }
  pending_ += line + "\n";
  const auto script = sql::split_script(pending_, console_.lexis());
  if (!script.is_complete) return Next::kGoOn;
  const std::string text = std::exchange(pending_, {});
  if (script.statements.empty()) return Next::kGoOn;
  editor_.remember(one_line(text, console_.lexis()));
  execute(text);
  return Next::kGoOn;
}

void SqlShell::execute(const std::string& script, const std::string& source) {
  auto style = style_;
  style.width = file_ ? 0 : terminal_width();
  const auto begin = std::chrono::steady_clock::now();
  SqlRunner(console_, out(), style, source).run(script);
  (void)out().flush().ok();
  if (!shows_timing_) return;
  const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - begin;
  std::fprintf(stderr, "Time: %.1f ms\n", taken.count());
}

SqlShell::Next SqlShell::command(const std::string& line) {
  const auto space = line.find_first_of(" \t");
  const std::string name = line.substr(0, space);
  std::string rest = space == std::string::npos ? "" : trimmed(line.substr(space));
  if (rest.ends_with(';')) rest = trimmed(rest.substr(0, rest.size() - 1));
  const auto in_schema = rest.empty() ? std::string() : " IN SCHEMA " + rest;
  if (name == "\\q" || name == "\\q;") return Next::kQuit;
  if (name == "\\?" || name == "\\h" || name == "\\help") {
    std::fputs(kHelp, stderr);
  } else if (name == "\\d" || name == "\\d+") {
    describe(rest);
  } else if (name == "\\dt" || name == "\\dt+") {
    execute("SHOW TABLES" + in_schema);
  } else if (name == "\\dv") {
    execute("SHOW VIEWS" + in_schema);
  } else if (name == "\\dn") {
    execute("SHOW SCHEMAS");
  } else if (name == "\\l") {
    execute("SHOW DATABASES");
  } else if (name == "\\x") {
    switch_layout(rest);
  } else if (name == "\\timing") {
    shows_timing_ = rest.empty() ? !shows_timing_ : rest == "on";
    std::fprintf(stderr, "Timing is %s.\n", shows_timing_ ? "on" : "off");
  } else if (name == "\\o") {
    redirect(rest);
  } else if (name == "\\i") {
    run_file(rest);
  } else {
    std::fprintf(stderr, "falaj: there is no command %s; \\? lists them\n", name.c_str());
  }
  return Next::kGoOn;
}

void SqlShell::describe(const std::string& name) {
  execute(name.empty() ? "SHOW TABLES" : "DESCRIBE TABLE " + name);
}

void SqlShell::switch_layout(const std::string& word) {
  const bool is_vertical = style_.layout == Layout::kVertical;
  style_.layout = word == "on"                    ? Layout::kVertical
                  : word == "off"                 ? Layout::kTable
                  : word == "auto" || is_vertical ? Layout::kAuto
                                                  : Layout::kVertical;
  const char* how = style_.layout == Layout::kVertical ? "one line a cell"
                    : style_.layout == Layout::kTable  ? "as a table"
                                                       : "as a table, where it fits";
  std::fprintf(stderr, "Rows are shown %s.\n", how);
}

void SqlShell::close_file() {
  if (!file_) return;
  const auto written = file_->finish();
  if (!written.ok())
    std::fprintf(stderr, "falaj: %s is not whole: %s\n", path_.c_str(),
                 written.error().message().c_str());
  file_.reset();
  ::close(descriptor_);
}

void SqlShell::redirect(const std::string& path) {
  close_file();
  if (path.empty()) return;
  path_ = path;
  descriptor_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor_ >= 0) {
    file_.emplace(descriptor_);
  } else {
    std::fprintf(stderr, "falaj: cannot write %s: %s\n", path.c_str(), std::strerror(errno));
  }
}

void SqlShell::run_file(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) {
    std::fprintf(stderr, "falaj: cannot read %s: %s\n", path.c_str(), std::strerror(errno));
    return;
  }
  execute(text.str(), path);
}

int run_sql_shell(operate::SqlConsole& console, const ResultStyle& style) {
  const auto editor = terminal::open_line_editor(terminal::history_file("sql_history"));
  return SqlShell(console, *editor, style).run();
}

}  // namespace falaj::cli
