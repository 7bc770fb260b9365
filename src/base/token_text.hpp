// Access tokens as people paste them.
// Shape:    blanks and line ends at the ends, quotes around it, `Bearer ` (or a whole
//           `Authorization:` header) in front and ` # comment` behind are taken off; what is left
//           is one word of visible ASCII, as an HTTP header can carry it.
// Threads:  functions.
// Errors:   kInvalidConfig: `origin` holds no token, or one with a blank, a line end or another
//           character that no token has. Never with the token in it.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace falaj {

Result<Secret> clean_token(std::string_view text, const std::string& origin);

// Of a file: empty lines and those that begin with '#' do not count.
Result<Secret> clean_token_file(std::string_view text, const std::string& origin);

}  // namespace falaj
