// Values of settings as people write them, made what falaj works with.
// Shape:    blanks and quotes around them are taken off, a `/` at the end of an address too; words
//           of a list may be written in any case; numbers of seconds, hours and days also as a
//           duration ("1h30m"), tokens also with `Bearer ` in front.
// Threads:  functions.
// Errors:   kInvalidConfig: what was found and what is accepted; a secret is never repeated.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "config/property.hpp"

namespace falaj::config {

// Empty: as if it was not given.
Result<std::string> accepted_value(const Property& property, std::string_view written);

}  // namespace falaj::config
