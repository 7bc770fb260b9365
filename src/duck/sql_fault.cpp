#include "duck/sql_fault.hpp"

#include <algorithm>
#include <charconv>

#include "base/json.hpp"

namespace falaj::duck {

SqlFault read_fault(std::string_view message) {
  // A parser's error has its class before the JSON as well.
  const auto brace = message.find("{\"exception_type\"");
  if (brace == std::string_view::npos) return {std::string(message), std::nullopt};
  const auto json = Json::parse(message.substr(brace));
  if (!json.ok()) return {std::string(message), std::nullopt};
  SqlFault fault;
  fault.text =
      (*json)["exception_type"].as_string() + " Error: " + (*json)["exception_message"].as_string();
  const auto digits = (*json)["position"].as_string();
  size_t at = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), at);
  if (read.ec == std::errc() && !digits.empty()) fault.at = at;
  return fault;
}

}  // namespace falaj::duck
