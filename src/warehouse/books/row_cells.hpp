// What stands in the cells of a result, by type.
// Shape:    a cell is the text that Table has. NULL counts as 0 or as an empty text: what reads the
//           books knows which columns may be NULL and asks those for it.
// Threads:  functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace falaj::warehouse {

using Cell = std::optional<std::string>;

// Whole numbers only: sums and counts are cast to BIGINT by who asks for them.
int64_t number(const Cell& cell);
std::string text(const Cell& cell);

}  // namespace falaj::warehouse
