#include "warehouse/duckdb/long_texts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "duck/connection.hpp"

namespace falaj::warehouse {
namespace {

constexpr size_t kLongTextBytes = 64 * 1024;
constexpr std::string_view kPayloadColumn = "raw_data";
// Whose tables models write.
constexpr std::array<std::string_view, 2> kModelSchemas = {"SILVER", "GOLD"};

std::string write_files(std::string_view database, std::string_view schema) {
  return fmt::format("CALL {}.set_option('data_inlining_row_limit', 0, schema => {}",
                     duck::quote_name(database), duck::quote_text(schema));
}

}  // namespace

LongTexts long_texts_of(const rows::RowBatch& batch) {
  LongTexts found;
  if (batch.bytes() < kLongTextBytes) return found;
  const auto& columns = batch.schema().columns;
  for (size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].type != rows::ColumnType::kText) continue;
    const auto& texts = batch.texts(i);
    const bool has_long = std::any_of(texts.begin(), texts.end(), [](std::string_view text) {
      return text.size() >= kLongTextBytes;
    });
    if (!has_long) continue;
    (columns[i].name == kPayloadColumn ? found.in_payloads : found.in_values) = true;
  }
  return found;
}

InsertTarget insert_target(std::string_view sql) {
  constexpr std::string_view kInsert = "INSERT INTO ";
  if (!sql.starts_with(kInsert)) return {};
  sql.remove_prefix(kInsert.size());
  const auto name = sql.substr(0, sql.find(' '));
  const auto dot = name.find('.');
  if (dot == std::string_view::npos) return {};
  return {std::string(name.substr(0, dot)), std::string(name.substr(dot + 1))};
}

std::vector<std::string> keep_out_of_catalog_sql(std::string_view database,
                                                 const std::vector<std::string>& schemas,
                                                 const InsertTarget& target,
                                                 const LongTexts& found) {
  std::vector<std::string> statements;
  if (!found.any() || target.table.empty()) return statements;
  statements.push_back(write_files(database, target.schema) +
                       fmt::format(", table_name => {})", duck::quote_text(target.table)));
  if (!found.in_values) return statements;
  for (const auto schema : kModelSchemas) {
    if (std::find(schemas.begin(), schemas.end(), schema) == schemas.end()) continue;
    statements.push_back(write_files(database, schema) + ")");
  }
  return statements;
}

}  // namespace falaj::warehouse
