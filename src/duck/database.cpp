#include "duck/database.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <filesystem>
#include <thread>

#include "duck/handles.hpp"
#include "duck/sql_error.hpp"

namespace falaj::duck {
namespace {

struct Config {
  duckdb_config config = nullptr;
  ~Config() { duckdb_destroy_config(&config); }

  Status set(const char* name, const std::string& value) {
    if (duckdb_set_config(config, name, value.c_str()) == DuckDBSuccess) return {};
    return Error(ErrorKind::kInvalidConfig,
                 fmt::format("DuckDB does not take the setting {} = \"{}\"", name, value));
  }
};

Status apply(const DatabaseOptions& options, Config& config) {
  if (duckdb_create_config(&config.config) != DuckDBSuccess) {
    return Error(ErrorKind::kBug, "DuckDB cannot make a configuration");
  }
  FALAJ_TRY(config.set("autoinstall_known_extensions", "false"));
  FALAJ_TRY(config.set("autoload_known_extensions", "false"));
  FALAJ_TRY(config.set("allow_unsigned_extensions", "false"));
  if (options.is_read_only) FALAJ_TRY(config.set("access_mode", "READ_ONLY"));
  if (!options.keeps_insertion_order) FALAJ_TRY(config.set("preserve_insertion_order", "false"));
  if (options.threads > 0) FALAJ_TRY(config.set("threads", std::to_string(options.threads)));
  if (options.memory_limit_bytes > 0) {
    FALAJ_TRY(config.set("memory_limit", fmt::format("{}B", options.memory_limit_bytes)));
  }
  if (!options.temp_directory.empty()) {
    FALAJ_TRY(config.set("temp_directory", options.temp_directory));
  }
  return {};
}

Status load(Database& database, const std::string& extension) {
  FALAJ_ASSIGN(auto connection, database.connect());
  auto loaded = connection.execute("LOAD " + quote_text(extension));
  if (loaded.ok()) return {};
  return Error(ErrorKind::kInvalidConfig,
               fmt::format("cannot load DuckDB's extension {} (it must be the file made for {}; "
                           "tools/fetch-deps lays it down): {}",
                           extension, library_version(), loaded.error().message()));
}

Status load_all(Database& database, const std::vector<std::string>& extensions) {
  std::vector<Status> loaded(extensions.size());
  std::vector<std::jthread> threads;
  for (size_t i = 0; i + 1 < extensions.size(); ++i) {
    threads.emplace_back([&, i] { loaded[i] = load(database, extensions[i]); });
  }
  if (!extensions.empty()) loaded.back() = load(database, extensions.back());
  threads.clear();
  for (auto& status : loaded) FALAJ_TRY(status);
  return {};
}

}  // namespace

Result<Database> Database::open(const DatabaseOptions& options) {
  Config config;
  FALAJ_TRY(apply(options, config));
  auto handle = std::make_shared<DatabaseHandle>();
  handle->path = options.path;
  char* message = nullptr;
  const char* path = options.path.empty() ? nullptr : options.path.c_str();
  if (duckdb_open_ext(path, &handle->database, config.config, &message) != DuckDBSuccess) {
    const std::string text = message == nullptr ? "no reason given" : message;
    duckdb_free(message);
    return sql_error(fmt::format("cannot open the database {}",
                                 options.path.empty() ? "in memory" : options.path),
                     text, {});
  }
  Database database(std::move(handle));
  FALAJ_TRY(load_all(database, options.extensions));
  return database;
}

Result<Connection> Database::connect() {
  auto handle = std::make_shared<ConnectionHandle>();
  handle->database = handle_;
  if (duckdb_connect(handle_->database, &handle->connection) != DuckDBSuccess) {
    return Error(ErrorKind::kBug, fmt::format("cannot connect to the database {}",
                                              handle_->path.empty() ? "in memory" : handle_->path));
  }
  return Connection(std::move(handle));
}

std::string library_version() {
  return duckdb_library_version();
}

std::string library_directory() {
  Dl_info info{};
  // NOLINTNEXTLINE: dladdr wants an object pointer of a function.
  if (dladdr(reinterpret_cast<void*>(&duckdb_library_version), &info) == 0) return {};
  std::error_code ignored;
  const auto path = std::filesystem::weakly_canonical(info.dli_fname, ignored);
  return path.parent_path().string();
}

}  // namespace falaj::duck
