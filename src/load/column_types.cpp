#include "load/column_types.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <string_view>

#include "warehouse/books/sql_literal.hpp"

namespace falaj::load {
namespace {

std::string lower(std::string text) {
  for (auto& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

std::string_view in_words(rows::ColumnType type) {
  switch (type) {
    case rows::ColumnType::kBigInt: return "whole numbers";
    case rows::ColumnType::kText: return "texts";
    case rows::ColumnType::kMoney: return "amounts with 4 decimals";
    case rows::ColumnType::kRate: return "rates with 8 decimals";
    case rows::ColumnType::kTimestamp: return "times";
    case rows::ColumnType::kDate: return "days";
    case rows::ColumnType::kBool: return "true and false";
  }
  return "";
}

// As the information schemas of both warehouses spell types; nothing for one that falaj never makes.
std::optional<rows::ColumnType> type_of(const std::string& name, const std::string& scale) {
  using rows::ColumnType;
  if (name.starts_with("bigint")) return ColumnType::kBigInt;
  if (name.starts_with("varchar") || name.starts_with("text")) return ColumnType::kText;
  if (name.starts_with("timestamp")) return ColumnType::kTimestamp;
  if (name.starts_with("date")) return ColumnType::kDate;
  if (name.starts_with("boolean")) return ColumnType::kBool;
  if (!name.starts_with("decimal") && !name.starts_with("number")) return std::nullopt;
  if (scale == "0") return ColumnType::kBigInt;
  if (scale == "4") return ColumnType::kMoney;
  return scale == "8" ? std::optional(ColumnType::kRate) : std::nullopt;
}

}  // namespace

Result<std::optional<OtherType>> find_other_type(warehouse::Session& session,
                                                 const std::string& database,
                                                 const std::vector<decode::TableSpec>& specs) {
  FALAJ_ASSIGN(
      const auto found,
      session.query(fmt::format("SELECT table_name, column_name, data_type, numeric_scale FROM "
                                "information_schema.columns WHERE table_schema = 'BRONZE' AND "
                                "UPPER(table_catalog) = UPPER({})",
                                warehouse::text_literal(database))));
  std::map<std::pair<std::string, std::string>, std::optional<rows::ColumnType>> known;
  for (const auto& row : found.rows) {
    known[{lower(row[0].value_or("")), lower(row[1].value_or(""))}] =
        type_of(lower(row[2].value_or("")), row[3].value_or(""));
  }
  for (const auto& spec : specs) {
    for (const auto& table : decode::schemas_of(spec)) {
      for (const auto& column : table.schema.columns) {
        const auto is = known.find({lower(table.table), lower(column.name)});
        if (is == known.end() || !is->second || *is->second == column.type) continue;
        return std::optional(OtherType{table.table, column.name, std::string(in_words(*is->second)),
                                       std::string(in_words(column.type))});
      }
    }
  }
  return std::optional<OtherType>();
}

}  // namespace falaj::load
