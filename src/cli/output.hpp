// Where commands print: what they found to standard output, why they failed to standard error.
// Threads:  called from the main thread.
#pragma once

#include <string>

#include "base/result.hpp"

namespace falaj::cli {

void put(const std::string& text);

// Says what went wrong; the exit status that it means (base/error.hpp).
int fail(const Error& error);

}  // namespace falaj::cli
