#include "transform/model_progress.hpp"

#include <algorithm>

#include "warehouse/books/row_cells.hpp"

namespace falaj::transform {

bool Progress::has_news(size_t models) const {
  int64_t loaded = 0;
  for (const auto& [table, seq] : newest) loaded = std::max(loaded, seq);
  if (watermarks.size() < models) return loaded > 0;
  return std::any_of(watermarks.begin(), watermarks.end(),
                     [&](const auto& mark) { return mark.second < loaded; });
}

bool Progress::has_news_of(const std::string& table, int64_t watermark) const {
  const auto found = newest.find(table);
  if (found != newest.end() && found->second > watermark) return true;
  // Watermarks move together but for models that failed, or that read one: for those it is not
  // known which of the models' tables were written since.
  return !table.starts_with("BRONZE.") &&
         std::any_of(watermarks.begin(), watermarks.end(),
                     [&](const auto& mark) { return mark.second > watermark; });
}

int64_t Progress::open_records_of(const std::string& model) const {
  const auto found = open_records.find(model);
  return found == open_records.end() ? 0 : found->second;
}

int64_t Progress::open_records_of_all() const {
  int64_t sum = 0;
  for (const auto& [model, count] : open_records) sum += model.empty() ? 0 : count;
  return sum;
}

Result<Progress> read_progress(warehouse::Session& session) {
  FALAJ_ASSIGN(
      const auto rows,
      session.query("SELECT 'commits' AS kind, '' AS name, COALESCE(MAX(seq), 0), 0 FROM "
                    "OPS.commits UNION ALL SELECT 'model', entity_name, last_seq, 0 FROM "
                    "OPS.watermarks UNION ALL SELECT 'table', 'BRONZE.' || table_name, "
                    "MAX(load_seq), CAST(SUM(loaded) AS BIGINT) FROM OPS.load_packages WHERE "
                    "loaded > 0 GROUP BY table_name UNION ALL SELECT 'table', 'OPS.known_days', "
                    "MAX(load_seq), COUNT(*) FROM OPS.known_days HAVING COUNT(*) > 0 UNION ALL "
                    "SELECT 'records', COALESCE(model, "
                    "''), 0, COUNT(*) FROM SILVER.quarantine WHERE resolved_at IS NULL GROUP BY "
                    "COALESCE(model, '')"));
  Progress progress;
  for (const auto& row : rows.rows) {
    const auto seq = warehouse::number(row[2]);
    const auto count = warehouse::number(row[3]);
    if (row[0] == "commits") progress.last_commit = seq;
    if (row[0] == "model") progress.watermarks[*row[1]] = seq;
    if (row[0] == "records") progress.open_records[*row[1]] = count;
    if (row[0] != "table") continue;
    progress.newest[*row[1]] = seq;
    progress.rows[*row[1]] = count;
  }
  return progress;
}

std::map<std::string, bool> stale_models(const ModelRegistry& registry, const Progress& progress,
                                         bool is_full_refresh,
                                         const std::set<std::string>& left_out) {
  std::map<std::string, bool> stale;
  std::set<std::string> written;  // tables
  for (const auto& model : registry.models()) {
    if (left_out.contains(model.name)) continue;
    const auto mark = progress.watermarks.find(model.name);
    const bool is_first = mark == progress.watermarks.end();
    const auto has_news = [&](const std::string& table) {
      return written.contains(table) || progress.has_news_of(table, mark->second);
    };
    if (!is_full_refresh && !is_first &&
        std::none_of(model.change_sources.begin(), model.change_sources.end(), has_news)) {
      continue;
    }
    stale.emplace(model.name, is_first);
    written.insert(model.table());
  }
  return stale;
}

}  // namespace falaj::transform
