#include "operate/home_status.hpp"

#include <algorithm>
#include <filesystem>

#include "operate/progress_note.hpp"
#include "run/run_books.hpp"

namespace falaj::operate {
namespace {

namespace fs = std::filesystem;

// From the newest run that has changed something.
std::vector<StatusReport::Depth> depth_of(const std::vector<state::RunRecord>& runs) {
  std::vector<StatusReport::Depth> depths;
  for (const auto& run : runs) {
    const auto summary = Json::parse(run.summary);
    if (!summary.ok()) continue;
    for (const auto& row : (*summary)["coverage"].as_array()) {
      const auto store = row["store_id"].as_int();
      const auto stream = row["stream"].as_string();
      const auto depth = row["depth"].as_string();
      if (depth == "unknown") continue;
      if (depths.empty() || depths.back().store_id != store || depths.back().stream != stream)
        depths.push_back({store, stream, 0, 0});
      depths.back().known += row["entities"].as_int();
      if (depth == "items" || depth == "full") depths.back().deep += row["entities"].as_int();
    }
    if (!depths.empty()) break;
  }
  return depths;
}

// Of runs that have not written down how many rows they loaded: they go on, or were killed. An account
// of Snowflake is not woken for that.
Status count_in_books(const home::Home& home, warehouse::Opener& opener, bool live,
                      StatusReport& report) {
  std::vector<std::string> unknown;
  for (const auto& run : report.runs) {
    if (run.rows_loaded < 0) unknown.push_back(run.run_id);
  }
  if (unknown.empty()) return {};
  if (home.settings_fault()) return *home.settings_fault();
  if (opener.is_remote() && !live) return {};
  if (!opener.exists()) return {};
  const auto opened = opener.open(true, {.dag = "status", .task = "query"});
  // A DuckDB file is its run's alone.
  if (!opened.ok()) return {};
  FALAJ_ASSIGN(auto session, (*opened)->open_session());
  const auto rows = run::rows_loaded_by(*session, unknown);
  if (!rows.ok()) return {};
  for (auto& run : report.runs) {
    if (run.rows_loaded >= 0) continue;
    const auto found = rows->find(run.run_id);
    run.rows_loaded = found == rows->end() ? 0 : found->second;
  }
  return {};
}

}  // namespace

Result<StatusReport> home_status(const home::Home& home, warehouse::Opener& opener, bool live) {
  StatusReport report;
  report.home = home.paths().root;
  std::error_code ignored;
  report.is_home_there = home.exists();
  // Runs can be shown whatever the settings say; not without the right to look into the home.
  const auto& fault = home.settings_fault();
  if (fault && (live || fault->kind() == ErrorKind::kNotAllowed)) return *fault;
  report.current = ProgressNote::read(home.paths());
  if (!home.has_state()) return report;
  FALAJ_ASSIGN(auto state, state::StateStore::open_to_read(home.paths().root));
  constexpr int kRuns = 10;
  FALAJ_ASSIGN(const auto runs, state.recent_runs(kRuns));
  for (const auto& run : runs) {
    StatusReport::Run line{run.run_id, "", run.status, run.started_at, run.finished_at, -1, ""};
    if (auto summary = Json::parse(run.summary); summary.ok()) {
      line.task = (*summary)["task"].as_string();
      const bool was_stopped = (*summary)["kind"].as_string() == to_string(ErrorKind::kCancelled);
      if (run.status == "failed" && was_stopped) line.status = "stopped";
      line.rows_loaded = (*summary)["rows_loaded"].as_int(-1);
      line.verdict = (*summary)["verdict"].as_string((*summary)["error"].as_string());
    }
    report.runs.push_back(std::move(line));
  }
  if (!report.runs.empty() && report.runs.front().status == "running") {
    auto& newest = report.runs.front();
    newest.task = report.current ? report.current->task : "";
    if (!report.current) newest.status = "interrupted";
  }
  report.depth = depth_of(runs);
  FALAJ_ASSIGN(const auto known, state.store_ids());
  std::erase_if(report.depth, [&](const auto& line) {
    return std::find(known.begin(), known.end(), line.store_id) == known.end();
  });
  FALAJ_TRY(count_in_books(home, opener, live, report));
  for (const auto& entry : fs::recursive_directory_iterator(home.paths().landing(), ignored)) {
    if (!entry.is_regular_file(ignored)) continue;
    report.landing_bytes += static_cast<int64_t>(entry.file_size(ignored));
    if (entry.path().filename() == "manifest.json") ++report.packages_on_disk;
  }
  if (!live) return report;
  if (!opener.exists()) return report;
  FALAJ_ASSIGN(auto opened, opener.open(true, {.dag = "status", .task = "query"}));
  FALAJ_ASSIGN(auto session, opened->open_session());
  constexpr const char* kTables[][3] = {
      {"BRONZE", "bronze_orders", "loaded_at"},    {"BRONZE", "bronze_order_items", "loaded_at"},
      {"BRONZE", "bronze_customers", "loaded_at"}, {"BRONZE", "bronze_products", "loaded_at"},
      {"SILVER", "silver_orders", "processed_at"}, {"SILVER", "silver_order_items", "processed_at"},
      {"GOLD", "gold_fact_orders", "loaded_at"},   {"GOLD", "gold_fact_order_items", "loaded_at"}};
  for (const auto& [schema, table, column] : kTables) {
    FALAJ_ASSIGN(const auto counted,
                 session->query(fmt::format("SELECT COUNT(*), CAST(MAX({}) AS VARCHAR) FROM {}.{}",
                                            column, schema, table)));
    StatusReport::Layer layer{schema, table, counted.scalar_int(), ""};
    if (!counted.rows.empty()) layer.last_change = counted.rows[0][1].value_or("");
    report.layers.push_back(std::move(layer));
  }
  return report;
}

Result<std::vector<run::Coverage>> home_coverage(warehouse::Opener& opener) {
  if (!opener.exists()) return std::vector<run::Coverage>();
  FALAJ_ASSIGN(auto opened, opener.open(true, {.dag = "coverage", .task = "query"}));
  FALAJ_ASSIGN(auto session, opened->open_session());
  return run::read_coverage(*session);
}

}  // namespace falaj::operate
