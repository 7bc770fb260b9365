// The JSON text of an answer that has something else around it: a byte order mark, or what PHP prints when
// it is told to show its notices.
// Shape:    the part begins with { and ends with its }; text before and after it must be a mark, blanks or
//           notices. Anything else, a page in HTML above all, is left as it is.
// Threads:  functions.
#pragma once

#include <string_view>

namespace falaj {

// A part of `body`; the whole of it when there is nothing to leave out.
std::string_view json_part(std::string_view body);

}  // namespace falaj
