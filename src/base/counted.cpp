#include "base/counted.hpp"

namespace falaj {

std::string with_thousands(int64_t value) {
  std::string digits = std::to_string(value);
  const size_t start = value < 0 ? 1 : 0;
  for (size_t i = digits.size(); i > start + 3; i -= 3) digits.insert(i - 3, ",");
  return digits;
}

std::string counted(int64_t count, std::string_view one, std::string_view several) {
  auto text = with_thousands(count) + " ";
  if (count == 1) return text.append(one);
  if (!several.empty()) return text.append(several);
  return text.append(one).append("s");
}

}  // namespace falaj
