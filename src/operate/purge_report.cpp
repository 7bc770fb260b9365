#include "operate/purge_report.hpp"

#include <numeric>

#include "operate/report_shapes.hpp"

namespace falaj::operate {

int64_t PurgeReport::rows() const {
  return std::accumulate(tables.begin(), tables.end(), int64_t{0},
                         [](int64_t sum, const auto& table) { return sum + table.rows; });
}

const Described<PurgeReport>& purge_shape() {
  using Table = PurgeReport::TableRows;
  static const auto kTable = Described<Table>("purge.table")
                                 .field("table", &Table::table, "schema and name")
                                 .field("rows", &Table::rows, "rows of the store", "rows");
  static const auto kShape =
      Described<PurgeReport>("purge")
          .field("store_id", &PurgeReport::store_id, "the store")
          .field("name", &PurgeReport::name, "its name in this home")
          .field("is_dry_run", &PurgeReport::is_dry_run, "counted, and nothing was changed")
          .records("tables", &PurgeReport::tables, kTable, "tables that had rows of it")
          .field("rows", &PurgeReport::rows, "rows of all tables", "rows")
          .field("shared_rows", &PurgeReport::shared_rows,
                 "rows of tables of all stores that no other store needs", "rows")
          .field("packages", &PurgeReport::packages, "landed packages", "packages")
          .field("landing_bytes", &PurgeReport::landing_bytes, "their size", "bytes")
          .field("remembered", &PurgeReport::remembered, "notes of its progress", "notes")
          .field("token", &PurgeReport::token, "kept, removed or none")
          .field("notes", &PurgeReport::notes, "what is left to do");
  return kShape;
}

Json to_json(const PurgeReport& report) {
  return purge_shape().to_json(report);
}

}  // namespace falaj::operate
