#include "cli/sql_command.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include "base/text_file.hpp"
#include "cli/output.hpp"
#include "cli/result_writer.hpp"
#include "cli/sql_runner.hpp"
#include "cli/sql_shell.hpp"
#include "operate/sql_console.hpp"

namespace falaj::cli {
namespace {

Result<std::string> query_text(const operate::Request& request) {
  const auto query = request.text("QUERY");
  const auto file = request.text("file");
  if (!query.empty() && !file.empty())
    return Error(ErrorKind::kUsage, "give a query or --file, not both");
  if (!query.empty() && query != "-") return query;
  if (file.empty() || file == "-") return read_text(STDIN_FILENO, "the query");
  auto text = read_text_file(file);
  if (text.ok()) return text;
  // Another file is what helps, whatever is wrong with this one.
  return Error(ErrorKind::kUsage, text.error().message()).while_doing("reading the query");
}

ResultStyle style_of(bool json, const operate::Request& request) {
  ResultStyle style;
  style.format = json                  ? ResultFormat::kJson
                 : request.flag("csv") ? ResultFormat::kCsv
                                       : ResultFormat::kTable;
  style.layout = request.flag("vertical") ? Layout::kVertical : Layout::kAuto;
  style.width = terminal_width();
  return style;
}

}  // namespace

size_t terminal_width() {
  winsize size{};
  if (::isatty(STDOUT_FILENO) != 1) return 0;
  return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

int run_sql(const operate::Operation& operation, const operate::Context& context,
            const operate::Request& request, bool json) {
  if (json && request.flag("csv")) return fail(Error(ErrorKind::kUsage, "--csv excludes --json"));
  const auto file = request.text("file");
  const auto parquet = request.text("parquet");
  const bool has_text = !request.text("QUERY").empty() || !file.empty();
  const bool is_shell = !has_text && parquet.empty() && ::isatty(STDIN_FILENO) == 1;
  if (!parquet.empty() && !has_text && ::isatty(STDIN_FILENO) == 1)
    return fail(Error(ErrorKind::kUsage, "--parquet needs a query"));
  const auto style = style_of(json, request);
  std::string text;
  if (!is_shell) {
    auto query = query_text(request);
    if (!query.ok()) return fail(query.error());
    text = std::move(*query);
  }
  auto console = operation.open_console(context, request, is_shell);
  if (!console.ok()) return fail(console.error());
  if (is_shell) return run_sql_shell(**console, style);
  SqlRunner runner(**console, standard_output(), style, file != "-" ? file : "");
  return parquet.empty() ? runner.run(text) : runner.write_parquet(text, parquet);
}

}  // namespace falaj::cli
