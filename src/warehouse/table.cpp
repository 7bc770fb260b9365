#include <charconv>

#include "warehouse/warehouse.hpp"

namespace falaj::warehouse {

int64_t Table::scalar_int() const {
  if (rows.empty() || rows.front().empty() || !rows.front().front().has_value()) return 0;
  const std::string& text = *rows.front().front();
  int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace falaj::warehouse
