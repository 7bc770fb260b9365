// The command line: words in, an operation called, its answer printed.
// Threads:  called from the main thread.
// Errors:   said on standard error; their kind decides the exit status (base/error.hpp).
#pragma once

#include <vector>

#include "operate/registry.hpp"

namespace falaj::cli {

// The exit status. Operations of the command line itself (completion, reference) are added.
int run_program(int argc, const char* const* argv, std::vector<operate::Operation> operations);

// All operations that the command line has.
operate::Registry registry_of(std::vector<operate::Operation> operations);

}  // namespace falaj::cli
