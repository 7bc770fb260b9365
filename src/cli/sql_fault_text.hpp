// An SQL error for people: what was being done, what the warehouse says, and the line of the query
// with a caret below the place.
// Units:    widths in terminal columns: Arabic, wide and combining characters count as shown.
// Threads:  functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace falaj::cli {

struct SqlFaultPlace {
  std::string_view script;   // all of the text that was typed
  std::optional<size_t> at;  // byte of the script
  size_t width = 0;          // longer lines are cut around the place; 0: 100
};

// Without an end of line.
std::string sql_fault_text(std::string_view doing, std::string_view said,
                           const SqlFaultPlace& place);

}  // namespace falaj::cli
