// Cells of a decoded batch as text, as tables show them.
// Threads:  functions.
#pragma once

#include <optional>
#include <string>

#include "rows/row_batch.hpp"

namespace falaj::test {

// "13.0400", "2023-10-01 09:00:00", "true"; nothing: NULL. No such column fails the test.
std::optional<std::string> cell_text(const rows::RowBatch& batch, const std::string& column,
                                     size_t row);

}  // namespace falaj::test
