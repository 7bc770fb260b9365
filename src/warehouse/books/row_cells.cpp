#include "warehouse/books/row_cells.hpp"

#include <charconv>

namespace falaj::warehouse {

int64_t number(const Cell& cell) {
  int64_t value = 0;
  if (cell) std::from_chars(cell->data(), cell->data() + cell->size(), value);
  return value;
}

std::string text(const Cell& cell) {
  return cell.value_or("");
}

}  // namespace falaj::warehouse
