// The command line of falaj: parses, calls one service, prints, and returns the exit status.
// Shape:    stdout has the answer (text, or JSON/CSV when asked); stderr has progress and errors.
// Errors:   one paragraph on stderr, "falaj: ..."; the exit status follows the error's kind.
#pragma once

#include "operate/services.hpp"

namespace falaj::cli {

int run_program(int argc, const char* const* argv, const operate::Services& services);

}  // namespace falaj::cli
