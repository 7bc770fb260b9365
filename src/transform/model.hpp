// One model: a SELECT with a header that says what its rows are and when they become stale.
// Shape:    header lines `-- name: value` before the SELECT (docs/models.md lists them); `changes`,
//           `columns`, `rules` and `notes` may be repeated.
// Threads:  values.
// Errors:   kInvalidConfig naming the model and the header line that is missing or wrong.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "rows/schema.hpp"
#include "warehouse/warehouse.hpp"

namespace falaj::transform {

enum class Materialisation {
  kMerge,  // one row a key: inserted, updated, deleted as the SELECT says
  kScd2,   // one row a version of a key
};

struct TypedColumn {
  std::string name;
  std::string sql_type;  // "DECIMAL(18,4)"
  rows::ColumnType type;
};

// What a whole table promises. The SELECT makes it true by construction; a check that fails stops the
// model and what reads it.
struct Check {
  std::string kind;  // unique, one_current
  std::vector<std::string> columns;
  std::string text() const;  // "unique(store_id, order_id)"
};

// What each row promises. A row that breaks a rule leaves the model for SILVER.quarantine, one that
// breaks a note stays and is counted.
struct RowRule {
  std::string kind;  // not_null, range, accepted, derived, holds
  std::vector<std::string> arguments;
  std::string text() const;  // "range(quantity, 0, 1000000)"
  // An SQL condition over the columns of one row: true where the rule is broken.
  std::string broken() const;
  // An SQL text that says how: "total_amount is NULL".
  std::string message() const;
};

// Where the payload of a quarantined row is found.
struct PayloadSource {
  std::string table;              // "BRONZE.bronze_orders"; empty: there is none
  std::vector<std::string> keys;  // of the model, and of that table
};

struct Model {
  std::string name;
  std::string schema;  // SILVER or GOLD
  std::string grain;
  std::vector<std::string> keys;
  std::string surrogate;  // column with the surrogate key; empty: none
  Materialisation materialisation = Materialisation::kMerge;
  std::vector<TypedColumn> scope;    // what identifies the rows that a change makes stale
  std::vector<std::string> changes;  // queries for stale scopes; {seq} is the watermark
  // Of each of them, the table whose column is compared with {seq}: "BRONZE.bronze_orders". While
  // nothing in it is newer, the query yields nothing.
  std::vector<std::string> change_sources;
  std::vector<TypedColumn> columns;  // of the table, in order
  std::vector<Check> checks;
  std::vector<RowRule> rules;
  std::vector<RowRule> notes;
  PayloadSource payload;
  std::vector<std::string> reads;  // models whose tables it reads; the registry fills it
  std::string select;

  std::string table() const { return schema + "." + name; }
  bool has_column(std::string_view column) const;
  // Whether a key column may be NULL: ids and what a rule says is there may not.
  bool is_nullable_key(std::string_view column) const;
  // Columns that the SELECT yields: without the runner's own.
  std::vector<TypedColumn> selected_columns() const;
  // The SELECT, restricted to the scopes of table `changed`, or unrestricted when it is empty.
  std::string render(const std::string& changed) const;
  warehouse::TableDefinition definition() const;
};

// Columns that the runner fills: processed_at, loaded_at, change_seq, and those of SCD2 versions.
bool is_runner_column(const Model& model, std::string_view column);

// The table whose load_seq or change_seq a query compares with {seq}; empty if that is not clear.
std::string driving_table(const std::string& query);

Result<Model> parse_model(const std::string& name, const std::string& schema,
                          std::string_view text);

}  // namespace falaj::transform
