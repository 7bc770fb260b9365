#include "app/home.hpp"

#include <algorithm>
#include <filesystem>

#include "app/program_files.hpp"
#include "app/snowflake_access.hpp"
#include "base/log.hpp"
#include "base/system_error.hpp"
#include "home/home_access.hpp"
#include "home/interrupt.hpp"
#include "http/transport.hpp"
#include "state/database_copy.hpp"
#include "warehouse/snowflake/snowflake_warehouse.hpp"
#include "warehouse/stoppable.hpp"

namespace falaj::app {
namespace {

namespace fs = std::filesystem;

// The embedded warehouse spills to disk beyond this; together with the rest of the program a run
// then stays below 300 MB.
constexpr int64_t kDefaultMemoryMb = 160;

// After a signal: a small transaction comes to its end, and the program within two seconds.
constexpr auto kGraceOfStatements = std::chrono::milliseconds(700);

LogLevel parse_level(const std::string& name) {
  if (name == "debug") return LogLevel::kDebug;
  if (name == "info") return LogLevel::kInfo;
  if (name == "error") return LogLevel::kError;
  if (name == "off") return LogLevel::kOff;
  return LogLevel::kWarn;
}

Status make_folder(const std::string& path) {
  std::error_code problem;
  fs::create_directories(path, problem);
  if (problem) {
    return Error(ErrorKind::kStorageFailed,
                 fmt::format("cannot make the folder {}: {}", path, system_text(problem)));
  }
  return {};
}

}  // namespace

HomePaths home_paths(const std::string& home) {
  std::error_code ignored;
  auto absolute = fs::absolute(home, ignored);
  // ".." after a symlink is not the folder before it.
  const bool goes_up = std::any_of(absolute.begin(), absolute.end(),
                                   [](const fs::path& part) { return part == ".."; });
  if (goes_up) absolute = fs::weakly_canonical(absolute, ignored);
  auto path = absolute.lexically_normal().string();
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return {path};
}

Result<config::Loaded> load_settings(const HomePaths& paths) {
  std::error_code ignored;
  FALAJ_ASSIGN(auto loaded, config::load(paths.root, fs::current_path(ignored).string(),
                                         config::process_environment()));
  if (!log_level_was_given()) set_log_level(parse_level(loaded.settings.log_level));
  for (const auto& warning : loaded.warnings) log_warn("{}", warning);
  for (const auto& path : loaded.unread) log_info("{} may not be read by this user", path);
  home::keep_new_files_private(!loaded.settings.home_group.empty());
  return loaded;
}

SystemClock system_clock(const config::Settings& settings) {
  return SystemClock(settings.time_scale, std::chrono::seconds(settings.clock_ahead_secs));
}

Result<Home> open_home(const std::string& home) {
  auto paths = home_paths(home);
  FALAJ_ASSIGN(auto loaded, load_settings(paths));
  for (const auto& folder : {paths.root, paths.landing(), paths.lake()})
    FALAJ_TRY(make_folder(folder));
  FALAJ_TRY(home::give_home_to(paths.root, loaded.settings.home_group));
  auto clock = std::make_unique<SystemClock>(system_clock(loaded.settings));
  FALAJ_ASSIGN(auto lock, home::HomeLock::acquire(paths.root, *clock));
  FALAJ_ASSIGN(auto state, state::StateStore::open(paths.root));
  return Home{std::move(paths), std::move(loaded.settings), std::move(clock), std::move(lock),
              std::move(state)};
}

Result<std::unique_ptr<warehouse::Warehouse>> open_warehouse(const HomePaths& paths,
                                                             const config::Settings& settings,
                                                             Clock& clock, bool is_read_only,
                                                             const warehouse::StatementTag& tag) {
  const auto stoppable = [](std::unique_ptr<warehouse::Warehouse> opened) {
    return warehouse::make_stoppable(std::move(opened), home::interruption(), kGraceOfStatements);
  };
  if (uses_snowflake(settings)) {
    auto account = snowflake_options(paths, settings, clock, is_read_only);
    account.tag = tag;
    FALAJ_ASSIGN(auto opened, warehouse::open_snowflake(account));
    return stoppable(std::move(opened));
  }
  const auto options = lake_options(paths, settings, clock, is_read_only);
  FALAJ_ASSIGN(auto opened, settings.warehouse_type == "duckdb"
                                ? warehouse::open_duckdb_file(options)
                                : warehouse::open_lake(options));
  return stoppable(std::move(opened));
}

warehouse::LakeOptions lake_options(const HomePaths& paths, const config::Settings& settings,
                                    Clock& clock, bool is_read_only) {
  warehouse::LakeOptions options;
  options.directory = paths.lake();
  options.extension_directory = extension_directory().string();
  const int64_t memory_mb =
      settings.warehouse_memory_mb > 0 ? settings.warehouse_memory_mb : kDefaultMemoryMb;
  options.memory_limit_bytes = static_cast<uint64_t>(memory_mb) << 20U;
  // One thread beside those that fetch, compress and decode; the models may get more. Idle threads
  // of DuckDB spin: with two, loading on two processors took a quarter more of both.
  options.threads =
      settings.warehouse_threads > 0 ? static_cast<int>(settings.warehouse_threads) : 1;
  options.is_read_only = is_read_only;
  options.copy_catalog = state::copy_database;
  options.clock = &clock;
  return options;
}

bool warehouse_exists(const HomePaths& paths, const config::Settings& settings) {
  // Only asking tells; whoever reads what is not there yet is told so by Snowflake.
  if (uses_snowflake(settings)) return true;
  return settings.warehouse_type == "duckdb" ? warehouse::duckdb_file_exists(paths.lake())
                                             : warehouse::lake_exists(paths.lake());
}

state::VaultKeyPlace vault_key_place(const config::Settings& settings) {
  return {settings.vault_key, settings.vault_key_file};
}

Status check_api_settings(const config::Settings& settings) {
  return http::check_url(settings.api_base_url).while_doing("checking SALLA_API_BASE_URL");
}

}  // namespace falaj::app
