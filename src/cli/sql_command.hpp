// `falaj sql`: the statements of an argument, a file or standard input; without any of them at a
// terminal, a shell (sql_shell.hpp).
// Threads:  called from the main thread.
#pragma once

#include <cstddef>

#include "operate/operation.hpp"

namespace falaj::cli {

// The exit status.
int run_sql(const operate::Operation& operation, const operate::Context& context,
            const operate::Request& request, bool json);

// Of the terminal that standard output is; 0: it is none.
size_t terminal_width();

}  // namespace falaj::cli
