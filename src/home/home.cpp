#include "home/home.hpp"

#include <filesystem>

#include "base/log.hpp"
#include "base/system_error.hpp"
#include "home/home_access.hpp"
#include "home/interrupt.hpp"

namespace falaj::home {
namespace {

namespace fs = std::filesystem;

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

Result<config::Loaded> load_settings(const HomePaths& paths) {
  std::error_code ignored;
  FALAJ_ASSIGN(auto loaded, config::load(paths.root, fs::current_path(ignored).string(),
                                         config::process_environment()));
  if (!log_level_was_given()) set_log_level(parse_level(loaded.settings.log_level));
  for (const auto& warning : loaded.warnings) log_warn("{}", warning);
  for (const auto& path : loaded.unread) log_info("{} may not be read by this user", path);
  keep_new_files_private(!loaded.settings.home_group.empty());
  return loaded;
}

}  // namespace

Home::Home(HomePaths paths, config::Loaded loaded, std::optional<Error> settings_fault)
    : paths_(std::move(paths)),
      loaded_(std::move(loaded)),
      settings_fault_(std::move(settings_fault)),
      own_clock_(std::make_unique<SystemClock>(
          loaded_.settings.time_scale, std::chrono::seconds(loaded_.settings.clock_ahead_secs))),
      clock_(own_clock_.get()) {}

Home::Home(HomePaths paths, config::Settings settings, Clock& clock)
    : paths_(std::move(paths)), clock_(&clock) {
  loaded_.settings = std::move(settings);
}

Result<Home> Home::open(const std::string& root) {
  auto paths = home_paths(root);
  FALAJ_ASSIGN(auto loaded, load_settings(paths));
  return Home(std::move(paths), std::move(loaded), std::nullopt);
}

Home Home::open_despite_settings(const std::string& root) {
  auto paths = home_paths(root);
  auto loaded = load_settings(paths);
  if (loaded.ok()) return Home(std::move(paths), std::move(loaded).value(), std::nullopt);
  return Home(std::move(paths), config::Loaded(), std::move(loaded).error());
}

Home Home::with_settings(config::Settings settings) const {
  auto loaded = loaded_;
  loaded.settings = std::move(settings);
  return Home(paths_, std::move(loaded), settings_fault_);
}

std::stop_token Home::stop() const {
  return interruption();
}

bool Home::exists() const {
  std::error_code ignored;
  return fs::exists(paths_.root, ignored);
}

bool Home::has_state() const {
  std::error_code ignored;
  return fs::exists(paths_.state_file(), ignored);
}

state::VaultKeyPlace Home::vault_key_place() const {
  return {settings().vault_key, settings().vault_key_file};
}

Result<HeldHome> hold(const Home& home) {
  const auto& paths = home.paths();
  for (const auto& folder : {paths.root, paths.landing(), paths.lake()})
    FALAJ_TRY(make_folder(folder));
  FALAJ_TRY(give_home_to(paths.root, home.settings().home_group));
  FALAJ_ASSIGN(auto lock, HomeLock::acquire(paths.root, home.clock()));
  FALAJ_ASSIGN(auto state, state::StateStore::open(paths.root));
  return HeldHome{std::move(lock), std::move(state)};
}

}  // namespace falaj::home
