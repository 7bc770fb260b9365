// Runs the statements of a script one after the other and writes what each gives.
// Threads:  confined to one.
// Errors:   said on standard error with the place in the script; the first one ends the script.
#pragma once

#include <string>
#include <string_view>

#include "cli/output.hpp"
#include "cli/result_writer.hpp"
#include "operate/sql_console.hpp"

namespace falaj::cli {

class SqlRunner {
 public:
  // `source`: the file's name, for messages; empty: none.
  SqlRunner(operate::SqlConsole& console, Output& out, ResultStyle style, std::string source)
      : console_(console), out_(out), style_(style), source_(std::move(source)) {}

  // Both give the exit status.
  int run(std::string_view script);
  int write_parquet(std::string_view script, const std::string& file);

 private:
  int fail_at(const Error& error, std::string_view script, size_t statement);
  std::string doing(size_t statement) const;

  operate::SqlConsole& console_;
  Output& out_;
  ResultStyle style_;
  std::string source_;
  size_t statements_ = 0;
};

}  // namespace falaj::cli
