#include "warehouse/books/books_schema.hpp"

#include <algorithm>
#include <map>
#include <string_view>

#include "base/check.hpp"

namespace falaj::warehouse {
namespace {

using rows::ColumnType;

// "seq int!, kind text": names and types of columns, "!" where a value is required.
rows::Schema columns_of(std::string_view text) {
  static const std::map<std::string_view, ColumnType> kTypes = {
      {"int", ColumnType::kBigInt},    {"text", ColumnType::kText},
      {"decimal", ColumnType::kMoney}, {"time", ColumnType::kTimestamp},
      {"date", ColumnType::kDate},     {"bool", ColumnType::kBool}};
  rows::Schema schema;
  while (!text.empty()) {
    const size_t comma = std::min(text.find(", "), text.size());
    std::string_view column = text.substr(0, comma);
    text.remove_prefix(std::min(comma + 2, text.size()));
    const bool is_required = column.ends_with('!');
    if (is_required) column.remove_suffix(1);
    const size_t space = column.find(' ');
    const auto type = kTypes.find(column.substr(space + 1));
    FALAJ_CHECK(type != kTypes.end(), "column \"{}\"", column);
    schema.columns.push_back({std::string(column.substr(0, space)), type->second, is_required});
  }
  return schema;
}

TableDefinition ops(std::string name, std::string_view columns, std::string comment) {
  return {.schema = "OPS",
          .name = std::move(name),
          .columns = columns_of(columns),
          .comment = std::move(comment)};
}

// What the loads of a table and the models did, under the names of the operations guide.
constexpr const char* kWatermarksView = R"sql(
CREATE OR REPLACE VIEW BRONZE.load_watermarks AS
SELECT table_name AS entity_name, store_id, MAX(load_seq) AS last_seq,
       MAX(loaded_at) AS last_load_timestamp, CAST(SUM(loaded) AS BIGINT) AS records_loaded,
       CAST(SUM(load_ms) AS DECIMAL(18,4)) / 1000 AS load_duration_seconds,
       CASE WHEN SUM(load_ms) > 0
            THEN CAST(SUM(loaded) * 1000 AS DECIMAL(18,4)) / SUM(load_ms) END
         AS load_rate_records_per_sec
FROM OPS.load_packages GROUP BY table_name, store_id
UNION ALL
SELECT entity_name, store_id, last_seq, last_load_timestamp, records_loaded,
       load_duration_seconds, load_rate_records_per_sec
FROM OPS.watermarks
)sql";

}  // namespace

std::vector<TableDefinition> ops_schema() {
  return {
      ops("commits", "seq int!, kind text!, run_id text, committed_at time",
          "one row a write transaction, in commit order"),
      ops("load_packages",
          "package_id text!, store_id int!, stream text!, table_name text!, run_id text, pages "
          "int, "
          "fetched int, loaded int, unchanged int, quarantined int, raw_bytes int, "
          "first_extracted_at time, last_extracted_at time, loaded_at time, load_ms int, "
          "load_seq int, is_set bool",
          "the books: fetched = loaded + unchanged + quarantined, per package and table; is_set: a "
          "table that counts sets of lines, whose rows are no stream's"),
      ops("watermarks",
          "entity_name text!, store_id int, last_seq int, last_load_timestamp time, "
          "records_loaded int, load_duration_seconds decimal, load_rate_records_per_sec decimal, "
          "updated_at time",
          "up to which commit a model has seen its sources"),
      ops("model_runs",
          "run_id text, model text!, started_at time, duration_ms int, rows_in int, inserted int, "
          "updated int, closed int, deleted int, change_seq int, is_full bool",
          "what each run of a model did"),
      ops("quality_results",
          "run_id text, model text, check_name text!, passed bool, failing_rows int, details text, "
          "checked_at time",
          "checks of the models"),
      ops("reconciliations",
          "run_id text, store_id int, stream text, measure text, expected decimal, actual decimal, "
          "matches bool, checked_at time",
          "counts and sums compared with the store's"),
      schema_drift_table(),
      ops("coverage",
          "store_id int, stream text, depth text, entity_count int, oldest_day date, newest_day "
          "date, updated_at time",
          "how many live entities are known at which depth, and how many are not known at all"),
      ops("known_days",
          "store_id int!, first_day date!, last_day date!, known_at time, load_seq int",
          "days, in Asia/Riyadh, whose orders were all listed after the day was over"),
      quarantine_table(),
  };
}

TableDefinition schema_drift_table() {
  return ops(
      "schema_drift",
      "store_id int!, stream text!, table_name text!, column_name text!, rule text!, "
      "values_lost int, example_id int, example text, package_id text, run_id text, "
      "noted_at time, load_seq int",
      "values that their columns could not take, per package: NULL there, raw_data has them; "
      "unknown_zone: dates that were read as Asia/Riyadh's");
}

TableDefinition quarantine_table() {
  return {
      .schema = "SILVER",
      .name = "quarantine",
      .columns = columns_of("store_id int!, stream text!, entity_id int, rule text!, severity "
                            "text, message text, raw_data text, package_id text, "
                            "quarantined_at time, resolved_at time, resolution text, shape text, "
                            "parent_id int, model text, row_key text, scope_key text, "
                            "change_seq int"),
      .holds_long_text = true,
      .comment = "records that could not become rows of bronze or of a model, with the reason"};
}

TableDefinition load_watermarks_view() {
  return {.schema = "BRONZE", .name = "load_watermarks", .view_sql = kWatermarksView};
}

}  // namespace falaj::warehouse
