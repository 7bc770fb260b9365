// `falaj sql`: the statements of an argument, a file or standard input; without any of them at a
// terminal, a shell (sql_shell.hpp).
// Threads:  called from the main thread.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "cli/result_writer.hpp"
#include "operate/services.hpp"

namespace falaj::cli {

struct SqlOptions {
  std::string query;
  std::string file;
  std::string parquet;
  bool csv = false;
  bool vertical = false;
};

// Adds the options to the command, which has --json already.
void declare_sql(CLI::App& command, SqlOptions& options);

// The exit status.
int run_sql(const std::string& home, bool json, const SqlOptions& options,
            const operate::Services& services);

// Of the terminal that standard output is; 0: it is none.
size_t terminal_width();

}  // namespace falaj::cli
