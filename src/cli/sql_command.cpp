#include "cli/sql_command.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include "base/text_file.hpp"
#include "cli/output.hpp"
#include "cli/sql_runner.hpp"
#include "cli/sql_shell.hpp"

namespace falaj::cli {
namespace {

Result<std::string> query_text(const SqlOptions& options) {
  if (!options.query.empty() && !options.file.empty())
    return Error(ErrorKind::kUsage, "give a query or --file, not both");
  if (!options.query.empty() && options.query != "-") return options.query;
  if (options.file.empty() || options.file == "-") return read_text(STDIN_FILENO, "the query");
  auto text = read_text_file(options.file);
  if (text.ok()) return text;
  // Another file is what helps, whatever is wrong with this one.
  return Error(ErrorKind::kUsage, text.error().message()).while_doing("reading the query");
}

ResultStyle style_of(bool json, const SqlOptions& options) {
  ResultStyle style;
  style.format = json          ? ResultFormat::kJson
                 : options.csv ? ResultFormat::kCsv
                               : ResultFormat::kTable;
  style.layout = options.vertical ? Layout::kVertical : Layout::kAuto;
  style.width = terminal_width();
  return style;
}

}  // namespace

size_t terminal_width() {
  winsize size{};
  if (::isatty(STDOUT_FILENO) != 1) return 0;
  return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

void declare_sql(CLI::App& command, SqlOptions& options) {
  command.add_flag("--csv", options.csv, "print CSV")->excludes("--json");
  command.add_flag("--vertical", options.vertical,
                   "one line a cell (a table that is wider than the terminal is shown so anyway)");
  command.add_option("--parquet", options.parquet, "write the rows to this Parquet file");
  command.add_option("-f,--file", options.file,
                     "read the statements from a file (- = standard input)");
  command.add_option("QUERY", options.query,
                     "SQL statements (- = standard input; none at a terminal: a shell)");
}

int run_sql(const std::string& home, bool json, const SqlOptions& options,
            const operate::Services& services) {
  const bool has_text = !options.query.empty() || !options.file.empty();
  const bool is_shell = !has_text && options.parquet.empty() && ::isatty(STDIN_FILENO) == 1;
  if (!options.parquet.empty() && !has_text && ::isatty(STDIN_FILENO) == 1)
    return fail(Error(ErrorKind::kUsage, "--parquet needs a query"));
  const auto style = style_of(json, options);
  std::string text;
  if (!is_shell) {
    auto query = query_text(options);
    if (!query.ok()) return fail(query.error());
    text = std::move(*query);
  }
  auto console = services.open_sql(home, {.parquet = options.parquet, .is_shell = is_shell});
  if (!console.ok()) return fail(console.error());
  if (is_shell) return run_sql_shell(**console, style);
  const bool is_file = !options.file.empty() && options.file != "-";
  SqlRunner runner(**console, standard_output(), style, is_file ? options.file : "");
  return options.parquet.empty() ? runner.run(text) : runner.write_parquet(text, options.parquet);
}

}  // namespace falaj::cli
