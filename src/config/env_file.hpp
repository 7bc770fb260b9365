// The lines of `.env` files: NAME=value.
// Shape:    `export ` in front, blanks around name and value, quotes around the value and a comment
//           behind it (` # ...` where the value has no quotes, or after the closing one) are taken
//           off; a key in PEM may go over several lines in quotes. The first of equal names wins.
// Threads:  a function.
// Errors:   kInvalidConfig with file, line and column; never with a value.
#pragma once

#include <map>
#include <string>

#include "base/result.hpp"

namespace falaj::config {

// `text` as base/text_file.hpp reads it; `path` is for messages.
Status read_env(const std::string& text, const std::string& path,
                std::map<std::string, std::string>& variables);

}  // namespace falaj::config
