#include "cli/sql_runner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "base/json.hpp"
#include "cli/output.hpp"
#include "cli/sql_fault_text.hpp"
#include "sql/script.hpp"

namespace falaj::cli {
namespace {

Error no_statement() {
  return Error(ErrorKind::kUsage, "there is no statement in the query");
}

}  // namespace

std::string SqlRunner::doing(size_t statement) const {
  auto text = statements_ == 1 ? std::string("running the query")
                               : fmt::format("running statement {} of {}", statement, statements_);
  return source_.empty() ? text : text + " of " + source_;
}

int SqlRunner::fail_at(const Error& error, std::string_view script, size_t statement) {
  const auto& fault = console_.fault();
  if (!fault) return fail(error);
  const auto part = sql::split_script(script, console_.lexis()).statements[statement];
  SqlFaultPlace place{script, std::nullopt, style_.width};
  if (fault->at) place.at = part.at + std::min(*fault->at, part.text.size());
  (void)out_.flush().ok();
  std::fprintf(stderr, "falaj: %s\n",
               sql_fault_text(doing(statement + 1), fault->text, place).c_str());
  return exit_code(error.kind());
}

int SqlRunner::run(std::string_view script) {
  const auto statements = sql::split_script(script, console_.lexis()).statements;
  statements_ = statements.size();
  if (statements.empty()) return fail(no_statement());
  const auto results =
      std::count_if(statements.begin(), statements.end(),
                    [&](const auto& statement) { return console_.gives_rows(statement.text); });
  const bool is_json = style_.format == ResultFormat::kJson;
  if (style_.format == ResultFormat::kCsv && results > 1) {
    return fail(Error(ErrorKind::kUsage,
                      fmt::format("--csv holds one result, and {} statements of the query give "
                                  "rows: run them one by one, or with --json",
                                  results)));
  }
  if (is_json && results != 1) out_.write("[");
  bool is_first = true;
  for (size_t i = 0; i < statements.size(); ++i) {
    ResultWriter writer(out_, style_);
    bool has_header = false;
    const auto begin = [&](const operate::ResultTable& table) {
      if (!is_first) out_.write(is_json ? "," : "\n");
      if (is_json && results > 1) out_.write("\n");
      is_first = false;
      has_header = true;
      writer.header(table);
    };
    const auto done = console_.run(statements[i].text, begin,
                                   [&](const auto& cells) { return writer.row(cells); });
    if (!done.ok()) return fail_at(done.error(), script, i);
    if (has_header) writer.finish();
    if (!out_.is_good()) return 0;
  }
  if (is_json && results != 1) out_.write("]\n");
  // Whether it arrived is finish_output()'s to say, or whoever owns the output.
  return 0;
}

int SqlRunner::write_parquet(std::string_view script, const std::string& file) {
  const auto statements = sql::split_script(script, console_.lexis()).statements;
  statements_ = statements.size();
  if (statements.empty()) return fail(no_statement());
  size_t results = 0;
  for (const auto& statement : statements) results += console_.gives_rows(statement.text) ? 1U : 0U;
  if (results != 1) {
    return fail(Error(ErrorKind::kUsage,
                      fmt::format("--parquet holds one result, and {} statements of the query give "
                                  "rows",
                                  results)));
  }
  for (size_t i = 0; i < statements.size(); ++i) {
    if (!console_.gives_rows(statements[i].text)) {
      const auto done = console_.run(statements[i].text, {}, {});
      if (!done.ok()) return fail_at(done.error(), script, i);
      continue;
    }
    const auto rows = console_.write_parquet(statements[i].text, file);
    if (!rows.ok()) return fail_at(rows.error(), script, i);
    if (style_.format == ResultFormat::kJson) {
      Json report;
      report.set("file", file);
      report.set("rows", *rows);
      out_.write(report.dump() + "\n");
    } else {
      out_.write(fmt::format("{}: {} {}\n", file, *rows, *rows == 1 ? "row" : "rows"));
    }
  }
  return 0;
}

}  // namespace falaj::cli
