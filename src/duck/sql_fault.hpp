// What DuckDB says of a statement that failed, and where in it.
// Shape:    read from the JSON that DuckDB writes with `errors_as_json`; a text in any other form is
//           taken as it is.
// Threads:  values.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace falaj::duck {

struct SqlFault {
  std::string text;          // "Binder Error: ...", with its line breaks
  std::optional<size_t> at;  // byte of the statement
};

SqlFault read_fault(std::string_view message);

}  // namespace falaj::duck
