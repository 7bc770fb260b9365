#include "operate/home_commands.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "operate/home_check.hpp"
#include "app/open_warehouse.hpp"
#include "home/program_files.hpp"
#include "operate/progress_note.hpp"
#include "app/snowflake_access.hpp"
#include "operate/snowflake_check.hpp"
#include "stores/store_access.hpp"
#include "operate/stream_catalogue.hpp"
#include "base/counted.hpp"
#include "base/system_error.hpp"
#include "decode/page_index.hpp"
#include "extract/store_info.hpp"
#include "home/demo_mark.hpp"
#include "home/home.hpp"
#include "home/home_access.hpp"
#include "home/interrupt.hpp"
#include "http/client.hpp"
#include "http/curl_transport.hpp"
#include "run/run_books.hpp"

namespace falaj::operate {
namespace {

namespace fs = std::filesystem;
using State = operate::CheckItem::State;

struct Api {
  http::CurlTransport transport{http::CurlOptions{}};
  std::unique_ptr<http::Client> client;

  Api(const home::Home& home, const stores::StoreAccess& store, int max_retries) {
    http::ClientOptions options;
    options.base_url = home.settings().api_base_url;
    options.tokens = store.tokens;
    options.retry.max_retries = max_retries;
    options.retry.delay = std::chrono::seconds(home.settings().retry_delay_secs);
    client =
        std::make_unique<http::Client>(transport, home.clock(), std::move(options), home.stop());
  }
};

operate::CheckItem check_extensions() {
  for (const char* file :
       {"libduckdb.so", "ducklake.duckdb_extension", "sqlite_scanner.duckdb_extension"}) {
    std::error_code ignored;
    if (!fs::exists(home::extension_directory() / file, ignored)) {
      return failed_check(
          "program files",
          Error(ErrorKind::kInvalidConfig,
                fmt::format("{} is not in {}", file, home::extension_directory().string())),
          "install falaj again; its folder lib/falaj must lie beside bin");
    }
  }
  return {"program files", State::kOk, home::extension_directory().string(), "", 0};
}

// `label` tells several stores apart; empty where there is one.
void check_store(const home::Home& home, const stores::StoreAccess& access, const std::string& label,
                 std::vector<operate::CheckItem>& items, AnnouncedRows& announced) {
  Api api(home, access, 1);
  auto info = api.client->get(extract::kStoreInfoRequest);
  if (!info.ok()) {
    items.push_back(
        failed_check(label + "store", info.error(),
                     info.error().kind() == ErrorKind::kAuthFailed
                         ? "set a valid SALLA_API_TOKEN, or `falaj store add` the store anew"
                         : "check SALLA_API_BASE_URL, the network and any proxy"));
    return;
  }
  auto store = extract::parse_store_info(info->body);
  if (!store.ok()) {
    items.push_back(failed_check(label + "store", store.error(),
                                 "check that SALLA_API_BASE_URL is a Salla API"));
    return;
  }
  items.push_back({label + "store", State::kOk,
                   fmt::format("{} ({}), plan {}", store->name, store->id, store->plan), "", 0});
  if (const auto skew = api.client->clock_skew(); http::is_worth_saying(skew)) {
    items.push_back({label + "clock", State::kWarning, http::skew_text(*skew) + " (Date header)",
                     "set this machine's clock, best by NTP", 0});
  }
  for (const char* list : {"/orders", "/customers", "/products"}) {
    auto page = api.client->get(fmt::format("{}?page=1&per_page=1", list));
    if (!page.ok()) {
      items.push_back(
          failed_check(label + list, page.error(), "give the app the read scope of this list"));
      continue;
    }
    auto index = decode::PageIndex::read(page->body);
    const int64_t total = index.ok() && index->pagination ? index->pagination->total : 0;
    (std::string_view(list) == "/orders" ? announced.orders : announced.others) += total;
    items.push_back({label + list, State::kOk, counted(total, "row"), "", 0});
  }
  const auto quota = api.client->quota();
  items.push_back({label + "quota", State::kOk,
                   quota.limit_per_minute
                       ? counted(*quota.limit_per_minute, "request") + " a minute"
                       : "no limit announced",
                   "", 0});
}

// Stores that a run reads for the time being, or not at all.
void check_states(const home::Home& home, std::vector<operate::CheckItem>& items) {
  if (!state::TokenVault::exists(home.paths().root)) return;
  const auto vault = state::TokenVault::open(home.paths().root, home.vault_key_place());
  if (!vault.ok()) return;  // stores_to_read() has said so
  const auto stores = vault->list();
  if (!stores.ok()) return;
  for (const auto& store : *stores) {
    if (store.state == state::StoreState::kUnclear ||
        store.state == state::StoreState::kUninstalled) {
      items.push_back({store.name, State::kWarning,
                       fmt::format("{}: {}", to_string(store.state), store.state_reason), "", 0});
    }
  }
}

void check_stores(const home::Home& home, std::vector<operate::CheckItem>& items,
                  AnnouncedRows& announced) {
  if (auto address = stores::check_api_settings(home.settings()); !address.ok()) {
    items.push_back(failed_check("address", address.error(), "correct SALLA_API_BASE_URL"));
    return;
  }
  const auto stores = stores::stores_to_read(home, {});
  if (!stores.ok()) {
    items.push_back(failed_check("access token", stores.error(),
                                 "`falaj store add NAME`, or set SALLA_API_TOKEN"));
    return;
  }
  check_states(home, items);
  for (const auto& store : *stores)
    check_store(home, store, stores->size() > 1 ? store.name + ": " : "", items, announced);
}

}  // namespace

Result<operate::InitReport> init_home(const home::Home& home) {
  operate::InitReport report;
  report.home = home.paths().root;
  for (const auto& folder : {home.paths().root, home.paths().landing(),
                             home.paths().root + "/state", home.paths().lake()}) {
    std::error_code problem;
    const bool is_new = fs::create_directories(folder, problem);
    if (problem) {
      return Error(ErrorKind::kStorageFailed,
                   fmt::format("cannot make the folder {}: {}", folder, system_text(problem)));
    }
    (is_new ? report.created : report.kept).push_back(folder);
  }
  FALAJ_TRY(home::give_home_to(home.paths().root, home.settings().home_group));
  if (fs::exists(home.paths().settings_file())) {
    report.kept.push_back(home.paths().settings_file());
    return report;
  }
  std::ofstream file(home.paths().settings_file());
  file << config::default_file();
  file.close();
  if (!file)
    return Error(ErrorKind::kStorageFailed, "cannot write " + home.paths().settings_file());
  report.created.push_back(home.paths().settings_file());
  return report;
}

Result<std::vector<operate::CheckItem>> check_home(const home::Home& home) {
  std::vector<operate::CheckItem> items;
  items.push_back(check_extensions());
  if (home.settings_fault()) {
    items.push_back(check_disk(home, {}, 0));
    items.push_back(
        failed_check("settings", *home.settings_fault(), "correct the line that is named"));
    return items;
  }
  const bool has_file = std::filesystem::exists(home.paths().settings_file());
  items.push_back({"settings", State::kOk,
                   has_file ? home.paths().settings_file()
                            : "built-in values and the environment; `falaj init` writes " +
                                  home.paths().settings_file(),
                   "", 0});
  for (const auto& warning : home.loaded().warnings)
    items.push_back({"settings", State::kWarning, warning, "", 0});
  for (const auto& path : home.loaded().unread) {
    items.push_back({"settings", State::kWarning, path + " may not be read by this user",
                     "a run needs what is in it; reading the warehouse does not", 0});
  }
  for (auto& item : check_folders(home)) items.push_back(std::move(item));
  if (auto streams = home_streams(home.paths()); !streams.ok()) {
    items.push_back(failed_check("catalogue", streams.error(), "correct the line that is named"));
  } else {
    items.push_back({"catalogue", State::kOk,
                     fmt::format("{}, {} of them in catalogue.toml alone",
                                 counted(std::ssize(*streams), "stream"),
                                 streams->size() - connectors::salla::built_in_streams().size()),
                     "", 0});
  }
  if (auto home_is_free = home::refuse_demo_home(home.paths().root, "looking at the home");
      !home_is_free.ok()) {
    items.push_back(
        failed_check("home", home_is_free.error(), "give another home with --home DIR"));
  }
  AnnouncedRows announced;
  int64_t orders_known = 0;
  check_stores(home, items, announced);
  if (uses_snowflake(home.settings())) {
    for (auto& item : check_snowflake(home)) items.push_back(std::move(item));
  } else {
    items.push_back(check_warehouse(home, orders_known));
  }
  for (auto& item : check_receiver(home)) items.push_back(std::move(item));
  items.insert(items.begin(), check_disk(home, announced, orders_known));
  return items;
}

namespace {

// From the newest run that has changed something.
std::vector<operate::StatusReport::Depth> depth_of(const std::vector<state::RunRecord>& runs) {
  std::vector<operate::StatusReport::Depth> depths;
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
Status count_in_books(const home::Home& home, bool live, operate::StatusReport& report) {
  std::vector<std::string> unknown;
  for (const auto& run : report.runs) {
    if (run.rows_loaded < 0) unknown.push_back(run.run_id);
  }
  if (unknown.empty()) return {};
  if (home.settings_fault()) return *home.settings_fault();
  if (uses_snowflake(home.settings()) && !live) return {};
  if (!warehouse_exists(home)) return {};
  const auto opened = open_warehouse(home, true, {.dag = "status", .task = "query"});
  // A DuckDB file is its run's alone.
  if (!opened.ok()) return {};
  FALAJ_ASSIGN(auto session, (*opened)->open_session());
  const auto rows = run::rows_loaded_by(*session, unknown, helper_tables(streams));
  if (!rows.ok()) return {};
  for (auto& run : report.runs) {
    if (run.rows_loaded >= 0) continue;
    const auto found = rows->find(run.run_id);
    run.rows_loaded = found == rows->end() ? 0 : found->second;
  }
  return {};
}

}  // namespace

Result<operate::StatusReport> status(const home::Home& home, bool live) {
  operate::StatusReport report;
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
    operate::StatusReport::Run line{run.run_id,      "", run.status, run.started_at,
                                    run.finished_at, -1, ""};
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
  FALAJ_TRY(count_in_books(home, live, report));
  for (const auto& entry : fs::recursive_directory_iterator(home.paths().landing(), ignored)) {
    if (!entry.is_regular_file(ignored)) continue;
    report.landing_bytes += static_cast<int64_t>(entry.file_size(ignored));
    if (entry.path().filename() == "manifest.json") ++report.packages_on_disk;
  }
  if (!live) return report;
  if (!warehouse_exists(home)) return report;
  FALAJ_ASSIGN(auto opened, open_warehouse(home, true, {.dag = "status", .task = "query"}));
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
    operate::StatusReport::Layer layer{schema, table, counted.scalar_int(), ""};
    if (!counted.rows.empty()) layer.last_change = counted.rows[0][1].value_or("");
    report.layers.push_back(std::move(layer));
  }
  return report;
}

Result<std::vector<run::Coverage>> coverage(const home::Home& home) {
  if (!warehouse_exists(home)) return std::vector<run::Coverage>();
  FALAJ_ASSIGN(auto opened, open_warehouse(home, true, {.dag = "coverage", .task = "query"}));
  FALAJ_ASSIGN(auto session, opened->open_session());
  return run::read_coverage(*session);
}

Result<std::vector<operate::SettingView>> show_config(const home::Home& home) {
  std::vector<operate::SettingView> views;
  for (const auto& setting : home.loaded().all) {
    views.push_back({setting.name, setting.value, setting.origin, setting.help});
  }
  return views;
}

}  // namespace falaj::operate
