#include "warehouse/snowflake/ddl.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <set>

#include "warehouse/snowflake/writer_turn.hpp"

namespace falaj::warehouse::snowflake {
namespace {

struct Clustering {
  std::string_view table;
  std::string_view columns;
};

// The big tables, by what people and models filter on.
constexpr auto kClusterings = std::to_array<Clustering>({
    {"gold_fact_orders", "order_date_key, customer_key"},
    {"gold_fact_order_items", "order_date_key, product_key"},
    {"bronze_orders", "load_seq"},
    {"bronze_order_items", "load_seq"},
});

std::string table_name(const TableDefinition& table) {
  return quoted(table.schema) + "." + quoted(table.name);
}

std::string column_sql(const rows::Column& column) {
  return fmt::format("{} {}", quoted(column.name), sql_type(column.type));
}

// A comment has no reason to hold a quote: an emulator pastes comments into SQL as they are.
std::string comment_text(std::string_view comment) {
  std::string text;
  for (const char c : comment) text += c == '\'' ? "\xE2\x80\x99" : std::string(1, c);
  return text;
}

std::string clustering_sql(const TableDefinition& table) {
  const auto* found = std::find_if(kClusterings.begin(), kClusterings.end(),
                                   [&](const auto& entry) { return entry.table == table.name; });
  return found == kClusterings.end() ? "" : fmt::format(" CLUSTER BY ({})", upper(found->columns));
}

}  // namespace

std::string upper(std::string_view name) {
  std::string text(name);
  for (auto& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

std::string quoted(std::string_view name) {
  std::string text = "\"";
  for (const char c : upper(name)) text += c == '"' ? "\"\"" : std::string(1, c);
  return text + "\"";
}

std::string literal(std::string_view text) {
  std::string quoted_text = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') quoted_text += c;
    quoted_text += c;
  }
  return quoted_text + "'";
}

std::string_view sql_type(rows::ColumnType type) {
  switch (type) {
    case rows::ColumnType::kBigInt: return "NUMBER(38,0)";
    // Without a length a column holds 16 MB, and the raw text of an answer may be 64 MB:
    // https://docs.snowflake.com/en/sql-reference/data-types-text
    case rows::ColumnType::kText: return "VARCHAR(134217728)";
    case rows::ColumnType::kMoney: return "NUMBER(18,4)";
    case rows::ColumnType::kRate: return "NUMBER(18,8)";
    case rows::ColumnType::kTimestamp: return "TIMESTAMP_NTZ(6)";
    case rows::ColumnType::kDate: return "DATE";
    case rows::ColumnType::kBool: return "BOOLEAN";
  }
  return "VARCHAR(134217728)";
}

std::string create_table_sql(const TableDefinition& table, int retention_days) {
  const bool is_transient = table.schema == "OPS" && table.name != "load_packages" &&
                            table.name != "commits" && table.name != "watermarks";
  std::string sql = fmt::format("CREATE {}TABLE IF NOT EXISTS {} (",
                                is_transient ? "TRANSIENT " : "", table_name(table));
  bool is_first = true;
  for (const auto& column : table.columns.columns) {
    sql += fmt::format("{}{}{}", is_first ? "" : ", ", column_sql(column),
                       column.required ? " NOT NULL" : "");
    is_first = false;
  }
  sql += ")" + clustering_sql(table);
  sql += fmt::format(" DATA_RETENTION_TIME_IN_DAYS = {}",
                     is_transient ? std::min(retention_days, 1) : retention_days);
  if (!table.comment.empty()) sql += " COMMENT = " + literal(comment_text(table.comment));
  return sql;
}

std::string add_column_sql(const TableDefinition& table, const rows::Column& column) {
  return fmt::format("ALTER TABLE {} ADD COLUMN IF NOT EXISTS {}", table_name(table),
                     column_sql(column));
}

std::string wider_name(std::string_view column) {
  return fmt::format("{}_wider", column);
}

std::vector<std::string> widen_column_sql(const TableDefinition& table, const rows::Column& column,
                                          bool has_column, bool has_wider) {
  const auto name = table_name(table);
  const auto wider = quoted(wider_name(column.name));
  std::vector<std::string> steps;
  if (has_column) {
    if (!has_wider) {
      steps.push_back(
          fmt::format("ALTER TABLE {} ADD COLUMN {} {}", name, wider, sql_type(column.type)));
    }
    const auto* limit = column.type == rows::ColumnType::kRate ? "10000000000" : "100000000000000";
    steps.push_back(fmt::format(
        "UPDATE {0} SET {1} = CASE WHEN {2} > -{3} AND {2} < {3} THEN {2} END WHERE {1} IS NULL",
        name, wider, quoted(column.name), limit));
    steps.push_back(fmt::format("ALTER TABLE {} DROP COLUMN {}", name, quoted(column.name)));
  }
  steps.push_back(
      fmt::format("ALTER TABLE {} RENAME COLUMN {} TO {}", name, wider, quoted(column.name)));
  return steps;
}

std::string json_view_sql(const TableDefinition& table) {
  if (table.schema != "BRONZE" || !table.columns.find("raw_data")) return "";
  std::string names;
  for (const auto& column : table.columns.columns) names += quoted(column.name) + ", ";
  return fmt::format(
      "CREATE OR REPLACE VIEW {}.{} COPY GRANTS COMMENT = 'the rows of {}, their raw text as "
      "VARIANT' "
      "AS SELECT {}TRY_PARSE_JSON(\"RAW_DATA\") AS \"RAW_JSON\" FROM {}",
      quoted(table.schema), quoted(table.name + "_json"), upper(table.name), names,
      table_name(table));
}

std::string create_scratch_sql(std::string_view name, const rows::Schema& columns) {
  std::string list;
  for (const auto& column : columns.columns) {
    list += (list.empty() ? "" : ", ") + column_sql(column);
  }
  return fmt::format("CREATE OR REPLACE TEMPORARY TABLE {} ({})", quoted(name), list);
}

std::string admin_script(const SnowflakeOptions& options, int credits_a_month,
                         const std::string& public_key) {
  return fmt::format(
      R"sql(-- 1. For the administrator: what falaj needs of the account, and no more. Once, as ACCOUNTADMIN;
-- what is there already stays as it is.
USE ROLE ACCOUNTADMIN;
-- When the month's credits are used up, no new statement begins; at a tenth more, running ones end too.
CREATE RESOURCE MONITOR IF NOT EXISTS "FALAJ_BUDGET" WITH CREDIT_QUOTA = {credits} FREQUENCY = MONTHLY
  START_TIMESTAMP = IMMEDIATELY
  TRIGGERS ON 80 PERCENT DO NOTIFY ON 100 PERCENT DO SUSPEND ON 110 PERCENT DO SUSPEND_IMMEDIATE;
CREATE WAREHOUSE IF NOT EXISTS {warehouse} WITH WAREHOUSE_SIZE = XSMALL AUTO_SUSPEND = 60 AUTO_RESUME = TRUE
  INITIALLY_SUSPENDED = TRUE RESOURCE_MONITOR = "FALAJ_BUDGET" COMMENT = 'falaj: loads and models';
CREATE DATABASE IF NOT EXISTS {database} DATA_RETENTION_TIME_IN_DAYS = {retention}
  COMMENT = 'Salla stores, loaded by falaj';
-- The role owns the schemas that it makes, and so the tables in them; it has no right elsewhere.
CREATE ROLE IF NOT EXISTS {role} COMMENT = 'falaj: loads {database_text}';
GRANT USAGE ON WAREHOUSE {warehouse} TO ROLE {role};
GRANT USAGE, CREATE SCHEMA ON DATABASE {database} TO ROLE {role};
GRANT ROLE {role} TO ROLE SYSADMIN;
-- A service user, which signs in with a key pair:
--   openssl genrsa 2048 | openssl pkcs8 -topk8 -v2 aes256 -out falaj.p8
--   openssl rsa -in falaj.p8 -pubout
-- The public key goes below, without its first and last line and in one line.
CREATE USER IF NOT EXISTS {user} TYPE = SERVICE DEFAULT_ROLE = {role} DEFAULT_WAREHOUSE = {warehouse}
  DEFAULT_NAMESPACE = {database} COMMENT = 'falaj';
ALTER USER {user} SET RSA_PUBLIC_KEY = '{public_key}';
GRANT ROLE {role} TO USER {user};
)sql",
      fmt::arg("role", quoted(options.role.empty() ? "FALAJ" : options.role)),
      fmt::arg("database", quoted(options.database)),
      fmt::arg("database_text", comment_text(upper(options.database))),
      fmt::arg("warehouse", quoted(options.warehouse.empty() ? "FALAJ_WH" : options.warehouse)),
      fmt::arg("user", quoted(options.user.empty() ? "FALAJ" : options.user)),
      fmt::arg("credits", credits_a_month), fmt::arg("retention", options.retention_days),
      fmt::arg("public_key", public_key.empty() ? "<public key>" : public_key));
}

std::string reader_script(const SnowflakeOptions& options) {
  return fmt::format(
      R"sql(-- 3. After the first run, for people and dashboards; as ACCOUNTADMIN, with the name of their role.
-- CREATE ROLE IF NOT EXISTS "FALAJ_READER" COMMENT = 'reads what falaj has loaded';
-- GRANT USAGE ON DATABASE {database} TO ROLE "FALAJ_READER";
-- GRANT USAGE ON SCHEMA {database}."GOLD" TO ROLE "FALAJ_READER";
-- GRANT SELECT ON ALL TABLES IN SCHEMA {database}."GOLD" TO ROLE "FALAJ_READER";
-- GRANT SELECT ON FUTURE TABLES IN SCHEMA {database}."GOLD" TO ROLE "FALAJ_READER";
-- GRANT SELECT ON ALL VIEWS IN SCHEMA {database}."GOLD" TO ROLE "FALAJ_READER";
-- GRANT SELECT ON FUTURE VIEWS IN SCHEMA {database}."GOLD" TO ROLE "FALAJ_READER";
)sql",
      fmt::arg("database", quoted(options.database)));
}

std::string table_script(const SnowflakeOptions& options,
                         const std::vector<TableDefinition>& tables) {
  std::string sql = fmt::format(
      "-- 2. What falaj makes itself at its first run, with its own role; nobody has to run it.\n"
      "USE ROLE {};\nUSE DATABASE {};\n",
      quoted(options.role.empty() ? "FALAJ" : options.role), quoted(options.database));
  std::set<std::string> schemas = {"OPS"};
  for (const auto& table : tables) schemas.insert(table.schema);
  for (const auto& schema : schemas) {
    sql += fmt::format("CREATE SCHEMA IF NOT EXISTS {};\n", quoted(schema));
  }
  sql += create_table_sql(WriterTurn::table(), options.retention_days) + ";\n" +
         WriterTurn::fill_sql() + ";\n";
  for (const auto& table : tables) {
    if (table.view_sql.empty()) {
      sql += create_table_sql(table, options.retention_days) + ";\n";
    } else {
      sql += std::string(table.view_sql) + ";\n";
    }
    const std::string view = json_view_sql(table);
    if (!view.empty()) sql += view + ";\n";
  }
  return sql;
}

}  // namespace falaj::warehouse::snowflake
