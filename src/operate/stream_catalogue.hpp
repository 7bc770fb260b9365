// `falaj catalog`: the streams of a home as they are printed.
// Threads:  pure functions over files.
// Errors:   kInvalidConfig with file, line, column and what is accepted.
#pragma once

#include <string>
#include <vector>

#include "home/home.hpp"
#include "operate/reports.hpp"

namespace falaj::operate {

// The streams of the home, or of `file` in place of its catalogue.toml; `stream` alone unless empty.
// kUsage when there is none of that name.
Result<std::vector<StreamView>> show_catalogue(const home::Home& home, const std::string& file,
                                               const std::string& stream);

}  // namespace falaj::operate
