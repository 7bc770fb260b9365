#include "load/bronze_schema.hpp"

#include <fmt/format.h>

#include <map>

#include "base/check.hpp"
#include "warehouse/books/books_schema.hpp"

namespace falaj::load {
namespace {

using warehouse::TableDefinition;

bool same_columns(const rows::Schema& a, const rows::Schema& b) {
  if (a.columns.size() != b.columns.size()) return false;
  for (size_t i = 0; i < a.columns.size(); ++i) {
    if (a.columns[i].name != b.columns[i].name || a.columns[i].type != b.columns[i].type) {
      return false;
    }
  }
  return true;
}

}  // namespace

std::vector<TableDefinition> bronze_schema(const std::vector<decode::TableSpec>& specs) {
  std::vector<TableDefinition> definitions;
  std::map<std::string, size_t> position;
  for (const auto& spec : specs) {
    for (auto& table : decode::schemas_of(spec)) {
      const auto [found, is_new] = position.emplace(table.table, definitions.size());
      if (is_new) {
        definitions.push_back({.schema = "BRONZE",
                               .name = table.table,
                               .columns = std::move(table.schema),
                               .holds_long_text = table.holds_long_text,
                               .comment = fmt::format("stream {}, as received", table.stream)});
      } else {
        FALAJ_CHECK(same_columns(definitions[found->second].columns, table.schema),
                    "two specs give {} different columns", table.table);
      }
    }
  }
  return definitions;
}

std::vector<TableDefinition> load_schema(const std::vector<decode::TableSpec>& specs) {
  auto tables = warehouse::ops_schema();
  for (auto& table : bronze_schema(specs)) tables.push_back(std::move(table));
  tables.push_back(warehouse::load_watermarks_view());
  return tables;
}

}  // namespace falaj::load
