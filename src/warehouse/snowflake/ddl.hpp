// SQL text of what falaj keeps in Snowflake: schemas, tables, views, clustering, retention; and of
// the grants and the warehouse that an administrator gives it.
// Facts:    names are quoted in upper case, which is what unquoted names mean in Snowflake. OPS is
//           transient but for the books: what a run can write again needs no fail-safe.
// Threads:  functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rows/schema.hpp"
#include "warehouse/snowflake/snowflake_options.hpp"
#include "warehouse/warehouse.hpp"

namespace falaj::warehouse::snowflake {

std::string upper(std::string_view name);
// "NAME", a quote inside doubled.
std::string quoted(std::string_view name);
// 'text', quotes and backslashes doubled.
std::string literal(std::string_view text);
std::string_view sql_type(rows::ColumnType type);

std::string create_table_sql(const TableDefinition& table, int retention_days);
// Without NOT NULL: rows that are there already have no value.
// The steps by which a column of whole numbers becomes one of decimals, since Snowflake changes no
// scale: a column beside it takes the values and then its name. Each step ends a transaction, so that
// `has_column` and `has_wider` say where the last attempt stopped. A value too large for the type
// becomes NULL.
std::vector<std::string> widen_column_sql(const TableDefinition& table, const rows::Column& column,
                                          bool has_column, bool has_wider);
// Its name while it is made.
std::string wider_name(std::string_view column);
std::string add_column_sql(const TableDefinition& table, const rows::Column& column);
// "BRONZE.bronze_orders_json": the rows with raw_data as VARIANT beside it; empty for tables
// without raw text.
std::string json_view_sql(const TableDefinition& table);
std::string create_scratch_sql(std::string_view name, const rows::Schema& columns);

// For the administrator: role, user, warehouse, budget, grants. `public_key`: of the user, may be
// empty.
std::string admin_script(const SnowflakeOptions& options, int credits_a_month,
                         const std::string& public_key);
// What falaj makes itself.
std::string table_script(const SnowflakeOptions& options,
                         const std::vector<TableDefinition>& tables);
// A role that reads, as comments: schemas are there after the first run only.
std::string reader_script(const SnowflakeOptions& options);

}  // namespace falaj::warehouse::snowflake
