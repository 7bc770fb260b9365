#include "warehouse/snowflake/dialect.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

namespace falaj::warehouse {
namespace {

constexpr std::string_view kKeyFunction = "surrogate_key(";
constexpr std::string_view kRatioFunction = "decimal_ratio(";

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.' || c == '$';
}

bool same_text(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
           return std::tolower(static_cast<unsigned char>(x)) ==
                  std::tolower(static_cast<unsigned char>(y));
         });
}

// The end of the quoted text or comment that begins at `at`; `at` itself where none does.
size_t skip_quoted(std::string_view sql, size_t at) {
  const auto end_of = [&](std::string_view mark, size_t from) {
    const auto found = sql.find(mark, from);
    return found == std::string_view::npos ? sql.size() : found + mark.size();
  };
  const std::string_view rest = sql.substr(at);
  if (rest.starts_with("'")) return end_of("'", at + 1);  // a doubled quote begins another text
  if (rest.starts_with("\"")) return end_of("\"", at + 1);
  if (rest.starts_with("--")) return end_of("\n", at + 2);
  if (rest.starts_with("/*")) return end_of("*/", at + 2);
  return at;
}

struct Call {
  std::vector<std::string_view> arguments;
  size_t end = 0;  // after the closing parenthesis
};

// The arguments of a call whose first one begins at `at`.
Call read_call(std::string_view sql, size_t at) {
  Call call;
  int depth = 0;
  size_t first = at;
  while (at < sql.size()) {
    if (const size_t end = skip_quoted(sql, at); end != at) {
      at = end;
      continue;
    }
    const char c = sql[at];
    if (c == '(') ++depth;
    if ((c == ',' || c == ')') && depth == 0) {
      call.arguments.push_back(sql.substr(first, at - first));
      first = at + 1;
      if (c == ')') break;
    }
    if (c == ')') --depth;
    ++at;
  }
  call.end = std::min(at + 1, sql.size());
  return call;
}

// The first 16 hex digits of the digest, the top bit cleared, as a number. Digit by digit, since
// this way it is integer arithmetic that every engine does alike.
std::string key_expression(const std::vector<std::string_view>& arguments) {
  std::string text;
  for (size_t i = 0; i < arguments.size(); ++i) {
    if (i > 0) text += " || CHR(31) || ";
    text += i == 0
                ? std::string(arguments[i])
                : fmt::format("COALESCE(CAST({} AS VARCHAR), CHR(0))", to_snowflake(arguments[i]));
  }
  constexpr int kDigits = 16;
  std::string sum;
  for (int i = 0; i < kDigits; ++i) {
    const uint64_t weight = uint64_t{1} << static_cast<unsigned>(4 * (kDigits - 1 - i));
    std::string digit = fmt::format(
        "(POSITION(SUBSTR(SHA2({}, 256), {}, 1) IN '0123456789abcdef') - 1)", text, i + 1);
    if (i == 0) digit = fmt::format("MOD({}, 8)", digit);
    sum += fmt::format("{}{} * {}", i == 0 ? "" : " + ", digit, weight);
  }
  return fmt::format("CAST({} AS BIGINT)", sum);
}

// a / b to four places, half away from zero, in whole numbers: a quotient of decimals is cut off at a
// place that depends on their types. floor(x / y) with x = 2 |a| 10^12 + |b| 10^8, y = 2 |b| 10^8.
std::string ratio_expression(const std::vector<std::string_view>& arguments) {
  const auto a = to_snowflake(arguments.at(0));
  const auto b = to_snowflake(arguments.at(1));
  const auto y = fmt::format("(2 * ABS({}) * 100000000)", b);
  const auto x = fmt::format("(2 * ABS({}) * 1000000000000 + ABS({}) * 100000000)", a, b);
  return fmt::format(
      "CASE WHEN {0} <> 0 THEN SIGN({1}) * SIGN({0}) * (({2} - MOD({2}, {3})) / {3}) * 0.0001 END",
      b, a, x, y);
}

bool is_call_at(std::string_view sql, size_t at, std::string_view function) {
  return same_text(sql.substr(at, function.size()), function) && (at == 0 || !is_word(sql[at - 1]));
}

std::string_view first_word(std::string_view sql) {
  size_t at = 0;
  while (at < sql.size()) {
    if (std::isspace(static_cast<unsigned char>(sql[at])) != 0 || sql[at] == '(') {
      ++at;
    } else if (sql.substr(at).starts_with("--") || sql.substr(at).starts_with("/*")) {
      at = skip_quoted(sql, at);
    } else {
      break;
    }
  }
  size_t end = at;
  while (end < sql.size() && std::isalpha(static_cast<unsigned char>(sql[end])) != 0) ++end;
  return sql.substr(at, end - at);
}

}  // namespace

std::string to_snowflake(std::string_view sql) {
  std::string out;
  size_t at = 0;
  while (at < sql.size()) {
    if (const size_t end = skip_quoted(sql, at); end != at) {
      out += sql.substr(at, end - at);
      at = end;
      continue;
    }
    const bool is_key = is_call_at(sql, at, kKeyFunction);
    const bool is_ratio = !is_key && is_call_at(sql, at, kRatioFunction);
    if (!is_key && !is_ratio) {
      out += sql[at++];
      continue;
    }
    const Call call = read_call(sql, at + (is_key ? kKeyFunction : kRatioFunction).size());
    out += is_key ? key_expression(call.arguments) : ratio_expression(call.arguments);
    at = call.end;
  }
  return out;
}

bool is_read(std::string_view sql) {
  constexpr auto kReads = std::to_array<std::string_view>(
      {"SELECT", "WITH", "SHOW", "DESC", "DESCRIBE", "EXPLAIN", "LIST", "LS", "VALUES"});
  const std::string_view word = first_word(sql);
  if (same_text(word, "USE")) {
    // Another role may do what this one may not.
    const auto what = first_word(sql.substr(static_cast<size_t>(word.end() - sql.begin())));
    return !same_text(what, "ROLE") && !same_text(what, "SECONDARY");
  }
  return std::any_of(kReads.begin(), kReads.end(),
                     [&](std::string_view read) { return same_text(word, read); });
}

}  // namespace falaj::warehouse
