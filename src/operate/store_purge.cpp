#include "operate/store_purge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "transform/shared_tables.hpp"
#include "warehouse/books/commits.hpp"
#include "warehouse/books/row_cells.hpp"

namespace falaj::operate {
namespace {

constexpr int kAttempts = 20;

bool has_store(const warehouse::TableDefinition& table) {
  if (!table.view_sql.empty()) return false;
  return std::any_of(table.columns.columns.begin(), table.columns.columns.end(),
                     [](const auto& column) { return column.name == "store_id"; });
}

// Those of the definitions, and those that the books name: of a stream that is read no more.
Result<std::vector<std::string>> tables_of_stores(warehouse::Session& session,
                                                  const PurgeParts& parts, StoreId store) {
  std::set<std::string> names;
  for (const auto& table : parts.tables) {
    if (has_store(table)) names.insert(table.schema + "." + table.name);
  }
  FALAJ_ASSIGN(
      const auto books,
      session.query(fmt::format(
          "SELECT DISTINCT table_name FROM OPS.load_packages WHERE store_id = {}", store.value())));
  for (const auto& row : books.rows) names.insert("BRONZE." + row[0].value_or(""));
  return std::vector<std::string>(names.begin(), names.end());
}

Result<std::vector<PurgeReport::TableRows>> count_rows(warehouse::Session& session,
                                                       const std::vector<std::string>& tables,
                                                       StoreId store) {
  std::string sql;
  for (const auto& table : tables) {
    sql += fmt::format("{}SELECT '{}', COUNT(*) FROM {} WHERE store_id = {}",
                       sql.empty() ? "" : " UNION ALL ", table, table, store.value());
  }
  FALAJ_ASSIGN(const auto counts, session.query(sql));
  std::vector<PurgeReport::TableRows> found;
  for (const auto& row : counts.rows) {
    const auto rows = warehouse::number(row[1]);
    if (rows > 0) found.push_back({row[0].value_or(""), rows});
  }
  std::sort(found.begin(), found.end(),
            [](const auto& a, const auto& b) { return a.table < b.table; });
  return found;
}

Status purge_warehouse(const PurgeParts& parts, StoreId store, PurgeReport& report) {
  if (parts.warehouse == nullptr) return {};
  FALAJ_ASSIGN(auto session, parts.warehouse->open_session());
  const std::stop_callback cancel(parts.stop, [&] { session->cancel(); });
  session->tag_statements({.task = "purge", .store = std::to_string(store.value())});
  FALAJ_ASSIGN(const auto tables, tables_of_stores(*session, parts, store));
  FALAJ_ASSIGN(report.tables, count_rows(*session, tables, store));
  if (report.is_dry_run || report.tables.empty()) return {};
  return warehouse::in_transaction(
      *session, parts.clock, kAttempts, [&](warehouse::Session& inside) -> Status {
        FALAJ_ASSIGN(const int64_t last, warehouse::last_commit(inside));
        const auto seq = last + 1;
        // Another process may have loaded rows since they were counted.
        FALAJ_ASSIGN(report.tables, count_rows(inside, tables, store));
        for (const auto& table : report.tables) {
          FALAJ_TRY(inside.execute(
              fmt::format("DELETE FROM {} WHERE store_id = {}", table.table, store.value())));
        }
        FALAJ_ASSIGN(report.shared_rows,
                     transform::rebuild_shared_tables(inside, parts.clock, seq));
        return warehouse::record_commit(inside, seq, "purge", "", parts.clock.now());
      });
}

Status purge_landing(const PurgeParts& parts, StoreId store, PurgeReport& report) {
  if (!report.is_dry_run) FALAJ_TRY(parts.landing.recover());
  FALAJ_ASSIGN(const auto landed, parts.landing.list());
  for (const auto& package : landed.packages) {
    if (package.identity.store_id != store) continue;
    ++report.packages;
    report.landing_bytes += package.file_bytes;
    if (!report.is_dry_run) FALAJ_TRY(parts.landing.remove(package.identity.package_id));
  }
  return {};
}

}  // namespace

Result<PurgeReport> purge_store(const PurgeParts& parts, StoreId store, bool is_dry_run) {
  PurgeReport report;
  report.store_id = store.value();
  report.is_dry_run = is_dry_run;
  FALAJ_TRY(purge_landing(parts, store, report));
  FALAJ_ASSIGN(report.remembered, parts.state.count_cursors(store));
  if (!is_dry_run) FALAJ_TRY(parts.state.forget_progress(store));
  FALAJ_TRY(purge_warehouse(parts, store, report).while_doing("taking the store's rows out"));
  if (!is_dry_run) FALAJ_TRY(parts.state.forget_store(store));
  return report;
}

}  // namespace falaj::operate
