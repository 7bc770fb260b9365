#include "warehouse/duckdb/ddl.hpp"

#include <fmt/format.h>

#include "duck/connection.hpp"

namespace falaj::warehouse {
namespace {

// Of a column that must have one.
const char* any_value(rows::ColumnType type) {
  switch (type) {
    case rows::ColumnType::kText: return "''";
    case rows::ColumnType::kTimestamp: return "TIMESTAMP '2000-01-01'";
    case rows::ColumnType::kDate: return "DATE '2000-01-01'";
    case rows::ColumnType::kBool: return "FALSE";
    default: return "0";
  }
}

}  // namespace

std::string_view sql_type(rows::ColumnType type) {
  switch (type) {
    case rows::ColumnType::kBigInt: return "BIGINT";
    case rows::ColumnType::kText: return "VARCHAR";
    // 18 digits are 64 bits inside; 19 would be 128, and appended integers would poison the table.
    case rows::ColumnType::kMoney: return "DECIMAL(18,4)";
    case rows::ColumnType::kRate: return "DECIMAL(18,8)";
    case rows::ColumnType::kTimestamp: return "TIMESTAMP";
    case rows::ColumnType::kDate: return "DATE";
    case rows::ColumnType::kBool: return "BOOLEAN";
  }
  return "VARCHAR";
}

std::string qualified_name(const TableDefinition& table) {
  return duck::quote_name(table.schema) + "." + duck::quote_name(table.name);
}

std::string create_table_sql(const TableDefinition& table) {
  std::string sql = fmt::format("CREATE TABLE IF NOT EXISTS {} (", qualified_name(table));
  for (size_t i = 0; i < table.columns.columns.size(); ++i) {
    const auto& column = table.columns.columns[i];
    sql += fmt::format("{}{} {}{}", i == 0 ? "" : ", ", duck::quote_name(column.name),
                       sql_type(column.type), column.required ? " NOT NULL" : "");
  }
  return sql + ")";
}

std::string insert_any_row_sql(const TableDefinition& table) {
  std::string names;
  std::string values;
  for (const auto& column : table.columns.columns) {
    if (!column.required && !names.empty()) continue;
    names += (names.empty() ? "" : ", ") + duck::quote_name(column.name);
    values += (values.empty() ? "" : ", ") +
              std::string(column.required ? any_value(column.type) : "NULL");
  }
  return fmt::format("INSERT INTO {} ({}) VALUES ({})", qualified_name(table), names, values);
}

bool is_too_narrow(std::string_view sql_type, rows::ColumnType wanted) {
  return (wanted == rows::ColumnType::kMoney || wanted == rows::ColumnType::kRate) &&
         (sql_type == "BIGINT" || sql_type == "INTEGER");
}

std::string widen_column_sql(const TableDefinition& table, const rows::Column& column) {
  return fmt::format("ALTER TABLE {} ALTER COLUMN {} SET DATA TYPE {}", qualified_name(table),
                     duck::quote_name(column.name),
                     column.type == rows::ColumnType::kRate ? "DECIMAL(38,8)" : "DECIMAL(38,4)");
}

std::string add_column_sql(const TableDefinition& table, const rows::Column& column) {
  return fmt::format("ALTER TABLE {} ADD COLUMN IF NOT EXISTS {} {}", qualified_name(table),
                     duck::quote_name(column.name), sql_type(column.type));
}

}  // namespace falaj::warehouse
