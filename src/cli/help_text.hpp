// What --help prints, made from the declarations.
// Shape:    lines of at most 100 columns.
// Threads:  functions.
#pragma once

#include <string>

#include "operate/registry.hpp"

namespace falaj::cli {

// Of a command ("run", "store add"), of those below a word ("store"), or of the program ("").
std::string help_text(const operate::Registry& registry, const std::string& path);

// "falaj backfill --from DAY --to DAY [OPTIONS]"
std::string usage_line(const operate::Operation& operation);

// The help of an option with its unit, default and range; its words stand for its value.
std::string full_help(const operate::Option& option);

}  // namespace falaj::cli
