#include <fmt/format.h>

#include <algorithm>
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

std::string store_list(const std::vector<int64_t>& stores) {
  constexpr size_t kNamed = 20;  // a tag has room for 2,000 characters
  std::string list;
  for (size_t i = 0; i < std::min(stores.size(), kNamed); ++i) {
    list += fmt::format("{}{}", i == 0 ? "" : ",", stores[i]);
  }
  if (stores.size() > kNamed) list += fmt::format(",+{}", stores.size() - kNamed);
  return list;
}

}  // namespace falaj::warehouse
