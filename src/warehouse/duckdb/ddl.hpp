// SQL text of the tables that the port defines, for DuckDB and DuckLake.
// Threads:  functions.
#pragma once

#include <string>
#include <string_view>

#include "rows/schema.hpp"
#include "warehouse/warehouse.hpp"

namespace falaj::warehouse {

std::string_view sql_type(rows::ColumnType type);
// "SCHEMA"."name"
std::string qualified_name(const TableDefinition& table);
std::string create_table_sql(const TableDefinition& table);
// A row of values that mean nothing.
std::string insert_any_row_sql(const TableDefinition& table);
// Whether a column of that SQL type has to become one of `wanted`: whole numbers that are decimals since.
bool is_too_narrow(std::string_view sql_type, rows::ColumnType wanted);
// To a decimal that holds every whole number of 64 bits, the only ones that DuckLake widens to: no file
// is rewritten.
std::string widen_column_sql(const TableDefinition& table, const rows::Column& column);
// Without NOT NULL: rows that are there already have no value.
std::string add_column_sql(const TableDefinition& table, const rows::Column& column);

}  // namespace falaj::warehouse
