// The one place that makes outside text fit for a terminal or a log: names of stores, messages of
// the API, cells of tables, paths.
// Shape:    control characters (C0, DEL, C1), the overrides and isolates of text direction
//           (U+202A-202E, U+2066-2069) and the line separators U+2028 and U+2029 become \u001b and
//           the like; bytes that are no UTF-8 become \x9b. Arabic, ZWNJ, ZWJ and tabs stay. In the
//           text of a JSON document the result is the same document: there such characters stand in
//           strings only.
// Threads:  functions.
#pragma once

#include <string>
#include <string_view>

namespace falaj {

// Whether newlines are the text's own layout.
enum class Lines { kKept, kEscaped };

std::string printable(std::string_view text, Lines lines = Lines::kKept);

}  // namespace falaj
