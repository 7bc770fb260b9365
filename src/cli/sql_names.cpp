#include "cli/sql_names.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "sql/token.hpp"

namespace falaj::cli {
namespace {

using sql::same_word;

constexpr auto kKeywords =
    std::to_array<std::string_view>({"SELECT",       "FROM",     "WHERE",      "GROUP BY",
                                     "ORDER BY",     "HAVING",   "LIMIT",      "JOIN",
                                     "LEFT",         "INNER",    "ON",         "AS",
                                     "WITH",         "UNION",    "DISTINCT",   "COUNT",
                                     "SUM",          "AVG",      "MIN",        "MAX",
                                     "CASE",         "WHEN",     "THEN",       "ELSE",
                                     "END",          "AND",      "OR",         "NOT",
                                     "IN",           "IS",       "NULL",       "LIKE",
                                     "ILIKE",        "BETWEEN",  "QUALIFY",    "OVER",
                                     "PARTITION BY", "DESC",     "ASC",        "DESCRIBE",
                                     "SHOW",         "TABLES",   "SCHEMAS",    "COLUMNS",
                                     "USE",          "SCHEMA",   "DATABASE",   "EXPLAIN",
                                     "DATEADD",      "DATEDIFF", "DATE_TRUNC", "CURRENT_TIMESTAMP",
                                     "CURRENT_DATE", "COALESCE", "CAST",       "TIMESTAMP",
                                     "OFFSET"});

bool begins_with(std::string_view text, std::string_view start) {
  return text.size() >= start.size() && same_word(text.substr(0, start.size()), start);
}

// Each text once, in the order in which they came.
class Unique {
 public:
  void add(std::string text) {
    if (seen_.insert(text).second) texts_.push_back(std::move(text));
  }
  std::vector<std::string> take() { return std::move(texts_); }

 private:
  std::set<std::string> seen_;
  std::vector<std::string> texts_;
};

// As the words before are written: keywords of who types small letters are small.
std::string in_case_of(std::string_view word, std::string_view keyword) {
  std::string text(keyword);
  const bool is_lower = !word.empty() && std::none_of(word.begin(), word.end(),
                                                      [](char c) { return c >= 'A' && c <= 'Z'; });
  if (!is_lower) return text;
  for (auto& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return text;
}

}  // namespace

SqlNames SqlNames::read(operate::SqlConsole& console) {
  std::vector<Column> columns;
  // What could not be read is not offered.
  (void)console
      .run(
          "SELECT table_schema, table_name, column_name FROM information_schema.columns WHERE "
          "table_catalog = CURRENT_DATABASE() ORDER BY table_schema, table_name, ordinal_position",
          {},
          [&](const std::vector<std::optional<std::string>>& cells) {
            if (cells.size() == 3)
              columns.push_back(
                  {cells[0].value_or(""), cells[1].value_or(""), cells[2].value_or("")});
            return true;
          })
      .ok();
  return SqlNames(std::move(columns));
}

std::vector<std::string> SqlNames::candidates(std::string_view word,
                                              std::string_view statement) const {
  Unique found;
  const auto dot = word.rfind('.');
  if (dot != std::string_view::npos) {
    const auto owner = word.substr(0, dot);
    const auto rest = word.substr(dot + 1);
    const auto last =
        owner.substr(owner.rfind('.') == std::string_view::npos ? 0 : owner.rfind('.') + 1);
    for (const auto& column : columns_) {
      if (same_word(column.schema, last) && begins_with(column.table, rest))
        found.add(std::string(owner) + "." + column.table);
      if (same_word(column.table, last) && begins_with(column.name, rest))
        found.add(std::string(owner) + "." + column.name);
    }
    return found.take();
  }
  const auto tokens = sql::significant_tokens(statement);
  for (const auto& column : columns_) {
    const bool is_named = std::any_of(tokens.begin(), tokens.end(),
                                      [&](const auto& token) { return token.is(column.table); });
    if (is_named && begins_with(column.name, word)) found.add(column.name);
  }
  for (const auto& column : columns_) {
    if (begins_with(column.schema, word)) found.add(column.schema + ".");
    if (begins_with(column.table, word)) found.add(column.table);
  }
  for (const auto keyword : kKeywords) {
    if (begins_with(keyword, word)) found.add(in_case_of(word, keyword));
  }
  return found.take();
}

}  // namespace falaj::cli
