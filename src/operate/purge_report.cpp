#include "operate/purge_report.hpp"

#include <numeric>

namespace falaj::operate {

int64_t PurgeReport::rows() const {
  return std::accumulate(tables.begin(), tables.end(), int64_t{0},
                         [](int64_t sum, const auto& table) { return sum + table.rows; });
}

Json to_json(const PurgeReport& report) {
  Json json;
  json.set("store_id", report.store_id);
  json.set("name", report.name);
  json.set("is_dry_run", report.is_dry_run);
  Json::Array tables;
  for (const auto& table : report.tables) {
    Json row;
    row.set("table", table.table);
    row.set("rows", table.rows);
    tables.push_back(std::move(row));
  }
  json.set("tables", std::move(tables));
  json.set("rows", report.rows());
  json.set("shared_rows", report.shared_rows);
  json.set("packages", report.packages);
  json.set("landing_bytes", report.landing_bytes);
  json.set("remembered", report.remembered);
  json.set("token", report.token);
  json.set("notes", Json(Json::Array(report.notes.begin(), report.notes.end())));
  return json;
}

}  // namespace falaj::operate
