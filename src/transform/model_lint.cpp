#include "transform/model_lint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace falaj::transform {
namespace {

char lower(char c) {
  return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

// The text without comments, quoted texts emptied, lower case: what is left is code.
std::string code_of(std::string_view sql) {
  std::string code;
  for (size_t at = 0; at < sql.size();) {
    if (sql.substr(at).starts_with("--")) {
      at = std::min(sql.find('\n', at), sql.size());
    } else if (sql[at] == '\'') {
      const auto end = std::min(sql.find('\'', at + 1), sql.size() - 1);
      code += "''";
      at = end + 1;
    } else {
      code += lower(sql[at++]);
    }
  }
  return code;
}

// Where a call of this function begins at or after `at`; npos if none does.
size_t find_call(std::string_view code, std::string_view function, size_t at) {
  for (at = code.find(function, at); at != std::string_view::npos;
       at = code.find(function, at + 1)) {
    if (at == 0 || !is_word(code[at - 1])) return at;
  }
  return at;
}

// What stands between the parentheses of a call that opens at `open`.
std::string_view arguments_of(std::string_view code, size_t open) {
  int depth = 0;
  for (size_t at = open; at < code.size(); ++at) {
    if (code[at] == '(') ++depth;
    if (code[at] == ')' && --depth == 0) return code.substr(open + 1, at - open - 1);
  }
  return code.substr(open + 1);
}

bool is_literal(std::string_view value) {
  return value == "null" || value == "''" || std::all_of(value.begin(), value.end(), [](char c) {
           return std::isdigit(static_cast<unsigned char>(c)) != 0;
         });
}

// "x as decimal(18,4)": whether no value of x can make the cast fail.
bool is_safe_cast(std::string_view arguments) {
  const auto as = arguments.rfind(" as ");
  if (as == std::string_view::npos) return false;
  const auto value = arguments.substr(0, as);
  const auto type = arguments.substr(as + 4);
  if (type == "varchar" || type.starts_with("decimal(38,") || is_literal(value)) return true;
  return type == "date" && (value.starts_with("dateadd(") || value.starts_with("date_trunc("));
}

}  // namespace

Status lint_select(const std::string& model, std::string_view select) {
  const auto bad = [&](std::string_view what, std::string_view instead) {
    return Error(ErrorKind::kInvalidConfig,
                 fmt::format("model {}: one odd value makes `{}` fail, and all rows with it; {}",
                             model, what, instead));
  };
  const std::string code = code_of(select);
  constexpr std::string_view kCast = "cast(";
  for (size_t at = find_call(code, kCast, 0); at != std::string::npos;
       at = find_call(code, kCast, at + 1)) {
    const auto arguments = arguments_of(code, at + kCast.size() - 1);
    if (!is_safe_cast(arguments)) {
      return bad(fmt::format("cast({})", arguments),
                 "leave it out: what does not fit the column's type becomes NULL");
    }
  }
  constexpr std::array<std::string_view, 3> kFunctions = {"date_from_parts(", "to_date(",
                                                          "to_number("};
  for (const auto function : kFunctions) {
    if (find_call(code, function, 0) != std::string::npos)
      return bad(fmt::format("{})", function), "take the value from a column that has it");
  }
  if (code.find("::") != std::string::npos) return bad("::", "leave the cast out");
  if (code.find('/') != std::string::npos)
    return bad("/", "divide with decimal_ratio(a, b), which is NULL where there is no result");
  return {};
}

}  // namespace falaj::transform
