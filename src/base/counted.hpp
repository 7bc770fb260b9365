// Counts in words for people: "1 order", "2,000 orders".
// Threads:  functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace falaj {

// "1,234,567"
std::string with_thousands(int64_t value);

// The count and the word that goes with it; `several` where it is not `one` and an s.
std::string counted(int64_t count, std::string_view one, std::string_view several = "");

}  // namespace falaj
