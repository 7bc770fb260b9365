#include "load/bronze_schema.hpp"

#include <fmt/format.h>

#include <map>

#include "base/check.hpp"

namespace falaj::load {
namespace {

using rows::ColumnType;
using warehouse::TableDefinition;

constexpr auto kInt = ColumnType::kBigInt;
constexpr auto kText = ColumnType::kText;
constexpr auto kDecimal = ColumnType::kMoney;
constexpr auto kTime = ColumnType::kTimestamp;
constexpr auto kBool = ColumnType::kBool;

bool same_columns(const rows::Schema& a, const rows::Schema& b) {
  if (a.columns.size() != b.columns.size()) return false;
  for (size_t i = 0; i < a.columns.size(); ++i) {
    if (a.columns[i].name != b.columns[i].name || a.columns[i].type != b.columns[i].type) {
      return false;
    }
  }
  return true;
}

TableDefinition ops(std::string name, std::vector<rows::Column> columns, std::string comment) {
  return {.schema = "OPS",
          .name = std::move(name),
          .columns = {std::move(columns)},
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

std::vector<TableDefinition> ops_schema() {
  return {
      ops("commits",
          {{"seq", kInt, true}, {"kind", kText, true}, {"run_id", kText}, {"committed_at", kTime}},
          "one row a write transaction, in commit order"),
      ops("load_packages",
          {{"package_id", kText, true},
           {"store_id", kInt, true},
           {"stream", kText, true},
           {"table_name", kText, true},
           {"run_id", kText},
           {"pages", kInt},
           {"fetched", kInt},
           {"loaded", kInt},
           {"unchanged", kInt},
           {"quarantined", kInt},
           {"raw_bytes", kInt},
           {"first_extracted_at", kTime},
           {"last_extracted_at", kTime},
           {"loaded_at", kTime},
           {"load_ms", kInt},
           {"load_seq", kInt}},
          "the books: fetched = loaded + unchanged + quarantined, per package and table"),
      ops("watermarks",
          {{"entity_name", kText, true},
           {"store_id", kInt},
           {"last_seq", kInt},
           {"last_load_timestamp", kTime},
           {"records_loaded", kInt},
           {"load_duration_seconds", kDecimal},
           {"load_rate_records_per_sec", kDecimal},
           {"updated_at", kTime}},
          "up to which commit a model has seen its sources"),
      ops("model_runs",
          {{"run_id", kText},
           {"model", kText, true},
           {"started_at", kTime},
           {"duration_ms", kInt},
           {"rows_in", kInt},
           {"inserted", kInt},
           {"updated", kInt},
           {"closed", kInt},
           {"deleted", kInt},
           {"change_seq", kInt},
           {"is_full", kBool}},
          "what each run of a model did"),
      ops("quality_results",
          {{"run_id", kText},
           {"model", kText},
           {"check_name", kText, true},
           {"passed", kBool},
           {"failing_rows", kInt},
           {"details", kText},
           {"checked_at", kTime}},
          "checks of the models"),
      ops("reconciliations",
          {{"run_id", kText},
           {"store_id", kInt},
           {"stream", kText},
           {"measure", kText},
           {"expected", kDecimal},
           {"actual", kDecimal},
           {"matches", kBool},
           {"checked_at", kTime}},
          "counts and sums compared with the store's"),
      ops("coverage",
          {{"store_id", kInt},
           {"stream", kText},
           {"depth", kText},
           {"entity_count", kInt},
           {"updated_at", kTime}},
          "how many entities are known at which depth"),
      {.schema = "SILVER",
       .name = "quarantine",
       .columns = {{{"store_id", kInt, true},
                    {"stream", kText, true},
                    {"entity_id", kInt},
                    {"rule", kText, true},
                    {"severity", kText},
                    {"message", kText},
                    {"raw_data", kText},
                    {"package_id", kText},
                    {"quarantined_at", kTime},
                    {"resolved_at", kTime},
                    {"resolution", kText}}},
       .holds_long_text = true,
       .comment = "records that could not become rows, with the reason"},
  };
}

Status create_schema(warehouse::Warehouse& warehouse, Clock& clock,
                     const std::vector<decode::TableSpec>& specs) {
  auto tables = ops_schema();
  for (auto& table : bronze_schema(specs)) tables.push_back(std::move(table));
  FALAJ_TRY(warehouse.create_tables(tables));
  FALAJ_ASSIGN(auto session, warehouse.open_session());
  if (session->query("SELECT entity_name FROM BRONZE.load_watermarks LIMIT 0").ok()) return {};
  return warehouse::in_transaction(*session, clock, 10,
                                   [](warehouse::Session& inside) -> Status {
                                     FALAJ_TRY(inside.execute(kWatermarksView));
                                     return {};
                                   })
      .while_doing("creating BRONZE.load_watermarks");
}

}  // namespace falaj::load
