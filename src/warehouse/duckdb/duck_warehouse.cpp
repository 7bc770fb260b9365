#include "warehouse/duckdb/duck_warehouse.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <set>

#include "base/log.hpp"
#include "duck/database.hpp"
#include "duck/row_source.hpp"
#include "warehouse/duckdb/catalog_keeper.hpp"
#include "warehouse/duckdb/ddl.hpp"
#include "warehouse/duckdb/duck_console.hpp"
#include "warehouse/duckdb/duck_session.hpp"
#include "warehouse/duckdb/lake_files.hpp"
#include "warehouse/duckdb/prelude.hpp"
#include "warehouse/duckdb/reader_folder.hpp"
#include "warehouse/duckdb/surrogate_key.hpp"

namespace falaj::warehouse {
namespace {

namespace fs = std::filesystem;

constexpr const char* kDataPath = "data/";
constexpr int kTransactionAttempts = 30;
// What the widest model (silver_orders: windows over its payloads, seven joins) takes an order.
constexpr uint64_t kBytesPerEntity = 2048;
// Level 1 costs a third of level 3's time for nearly the same size; row groups of 16 MB keep the
// writer's memory flat where a table holds raw payloads; files stay small enough to be merged
// again and again.
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kStorageOptions = {{
    {"parquet_compression", "'zstd'"},
    {"parquet_compression_level", "1"},
    {"parquet_row_group_size_bytes", "'16MB'"},
    {"target_file_size", "'128MB'"},
}};

enum class Format { kLake, kFile };

// Types of columns by name, by "schema.table"; in lower case.
using Existing = std::map<std::string, std::map<std::string, std::string>>;

class DuckWarehouse final : public Warehouse {
 public:
  // `reader`: of a process that may not write to the warehouse's folder.
  DuckWarehouse(LakeOptions options, Format format, std::unique_ptr<ReaderFolder> reader,
                duck::Database database)
      : options_(std::move(options)),
        format_(format),
        reader_(std::move(reader)),
        database_(std::move(database)),
        keeper_(database_, options_.database_name, catalog_path()) {}
  ~DuckWarehouse() override { leave_tidy(); }

  Status attach();
  Result<std::unique_ptr<DuckSession>> open_duck_session();
  Result<std::unique_ptr<Session>> open_session() override;
  Status create_tables(const std::vector<TableDefinition>& tables) override;
  Status set_threads(int threads) override;
  Status maintain() override;
  std::string database_name() const override { return options_.database_name; }

 private:
  void leave_tidy();
  std::string catalog_path() const {
    if (format_ == Format::kFile) return options_.directory + "/" + kNativeFile;
    return (reader_ ? reader_->path() : options_.directory) + "/" + kCatalogFile;
  }
  std::string lock_path() const { return options_.directory + "/catalog.lock"; }
  std::string attach_sql() const;
  Status make_catalog(duck::Connection& connection) const;
  Status try_attach(duck::Connection& connection);
  Status forget_place(duck::Connection& connection) const;
  Status set_storage_options(Session& session) const;
  Result<Existing> existing_columns(Session& session) const;
  Status create_missing(Session& session, const std::vector<TableDefinition>& tables) const;
  Result<int64_t> current_snapshot(Session& session) const;
  bool take_more_memory();

  LakeOptions options_;
  Format format_;
  std::unique_ptr<ReaderFolder> reader_;  // outlives the database
  duck::Database database_;
  CatalogKeeper keeper_;
  std::optional<duck::RowSource> rows_;
  std::mutex mutex_;
  int sessions_opened_ = 0;
  std::atomic<int> commits_{0};
  uint64_t memory_factor_ = 1;  // of options_.memory_limit_bytes; under mutex_
};

std::string key_of(std::string_view schema, std::string_view table) {
  return fmt::format("{}.{}", schema, table);
}

std::string lower(std::string text) {
  for (auto& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

std::string DuckWarehouse::attach_sql() const {
  const std::string name = duck::quote_name(options_.database_name);
  const std::string read_only = options_.is_read_only ? "READ_ONLY" : "";
  if (format_ == Format::kFile) {
    return fmt::format("ATTACH {} AS {} {}", duck::quote_text(catalog_path()), name,
                       read_only.empty() ? "" : "(READ_ONLY)");
  }
  // Where the data are is said each time: the folder may have been moved since the last.
  return fmt::format(
      "ATTACH {} AS {} ({}DATA_PATH {}, OVERRIDE_DATA_PATH true, META_JOURNAL_MODE 'WAL')",
      duck::quote_text("ducklake:sqlite:" + catalog_path()), name,
      read_only.empty() ? "" : "READ_ONLY, ", duck::quote_text(options_.directory + "/data"));
}

// DuckLake keeps the place of the data as it is told at first: beside the catalog, wherever that is.
Status DuckWarehouse::make_catalog(duck::Connection& connection) const {
  std::error_code ignored;
  if (format_ != Format::kLake || fs::exists(catalog_path(), ignored)) return {};
  const std::string name = duck::quote_name(options_.database_name);
  FALAJ_ASSIGN([[maybe_unused]] const auto made,
               connection.execute(fmt::format(
                   "ATTACH {} AS {} (DATA_PATH '{}', META_JOURNAL_MODE 'WAL'); DETACH {}",
                   duck::quote_text("ducklake:sqlite:" + catalog_path()), name, kDataPath, name)));
  return {};
}

// A lake that an earlier falaj made has the place where it was then.
Status DuckWarehouse::forget_place(duck::Connection& connection) const {
  if (format_ != Format::kLake) return {};
  const auto table =
      duck::quote_name("__ducklake_metadata_" + options_.database_name) + ".ducklake_metadata";
  FALAJ_ASSIGN(const auto others, connection.query_int64(fmt::format(
                                      "SELECT COUNT(*) FROM {} WHERE key = 'data_path' AND "
                                      "value <> '{}'",
                                      table, kDataPath)));
  if (others.value_or(0) == 0) return {};
  FALAJ_ASSIGN([[maybe_unused]] const auto changed,
               connection.execute(fmt::format("UPDATE {} SET value = '{}' WHERE key = 'data_path'",
                                              table, kDataPath)));
  return {};
}

Status DuckWarehouse::try_attach(duck::Connection& connection) {
  if (options_.is_read_only) {
    FALAJ_ASSIGN([[maybe_unused]] const auto changed, connection.execute(attach_sql()));
    return {};
  }
  // Attaching creates the catalog's tables: writers take turns in that too.
  WriterLock lock(lock_path(), options_.lock_timeout, options_.stop);
  FALAJ_TRY(lock.acquire());
  FALAJ_TRY(make_catalog(connection));
  const auto attached = connection.execute(attach_sql());
  Status done;
  if (!attached.ok()) {
    done = attached.error();
  } else {
    done = forget_place(connection);
    if (!done.ok()) {
      // As if it had not been attached: the next attempt attaches again.
      (void)connection.execute("DETACH " + duck::quote_name(options_.database_name)).ok();
    }
  }
  lock.release();
  return done;
}

Status DuckWarehouse::attach() {
  FALAJ_ASSIGN(auto connection, database_.connect());
  Micros wait = std::chrono::milliseconds(10);
  for (int attempt = 1;; ++attempt) {
    Status attached = try_attach(connection);
    if (attached.ok()) break;
    const bool again = attached.error().kind() == ErrorKind::kConflict &&
                       attempt < kTransactionAttempts && format_ == Format::kLake;
    if (!again) {
      return std::move(attached).error().while_doing(
          fmt::format("opening the warehouse {}", catalog_path()));
    }
    (void)options_.clock->wait_for(wait, options_.stop);
    if (options_.stop.stop_requested()) return attached;
    wait = std::min<Micros>(wait * 2, std::chrono::milliseconds(500));
  }
  FALAJ_TRY(register_surrogate_key(connection));
  FALAJ_ASSIGN(rows_, duck::RowSource::create(connection, "falaj_rows"));
  if (options_.is_read_only) {
    // The lake's own files stay readable; sessions are restricted to reading.
    auto closed = connection.execute(fmt::format(
        "SET allowed_directories = [{}]; SET allowed_paths = [{}]; SET enable_external_access = "
        "false",
        duck::quote_text(options_.directory + "/data/"),
        options_.writable_file.empty() ? "" : duck::quote_text(options_.writable_file)));
    if (!closed.ok()) return std::move(closed).error();
  }
  if (options_.is_long_lived && format_ == Format::kLake) keeper_.start();
  return {};
}

// Without its log the catalog is one file again. Not if another writer is at it: it will do so.
void DuckWarehouse::leave_tidy() {
  keeper_.stop();
  if (commits_ == 0 || format_ != Format::kLake) return;
  WriterLock lock(lock_path(), std::chrono::seconds(0));
  if (lock.acquire().ok()) keeper_.reset_log();
  lock.release();
}

Result<std::unique_ptr<Session>> DuckWarehouse::open_session() {
  FALAJ_ASSIGN(auto session, open_duck_session());
  return std::unique_ptr<Session>(std::move(session));
}

Result<std::unique_ptr<DuckSession>> DuckWarehouse::open_duck_session() {
  FALAJ_ASSIGN(auto connection, database_.connect());
  const std::string use = fmt::format("USE {};", duck::quote_name(options_.database_name));
  auto prepared = connection.execute(std::string(session_prelude()) + use);
  if (!prepared.ok()) return std::move(prepared).error().while_doing("preparing a session");
  if (options_.is_read_only) connection.restrict_to_reads();
  SessionContext context;
  context.rows = &*rows_;
  context.clock = options_.clock;
  context.lock_path = lock_path();
  context.lock_timeout = options_.lock_timeout;
  context.stop = options_.stop;
  context.is_read_only = options_.is_read_only;
  context.is_lake = format_ == Format::kLake;
  context.database_name = options_.database_name;
  context.entities_at_once = static_cast<int64_t>(options_.memory_limit_bytes / kBytesPerEntity);
  context.before_write = [this] {
    if (format_ == Format::kLake) keeper_.start();
  };
  context.after_commit = [this] {
    if (format_ != Format::kLake) return;
    if (++commits_ % options_.commits_between_log_resets == 0) keeper_.reset_log();
  };
  context.take_more_memory = [this] { return take_more_memory(); };
  {
    const std::lock_guard lock(mutex_);
    context.number = ++sessions_opened_;
  }
  return std::make_unique<DuckSession>(std::move(connection), std::move(context));
}

Result<Existing> DuckWarehouse::existing_columns(Session& session) const {
  FALAJ_ASSIGN(const auto table, session.query(fmt::format(
                                     "SELECT schema_name, table_name, column_name, data_type FROM "
                                     "duckdb_columns() WHERE database_name = {}",
                                     duck::quote_text(options_.database_name))));
  Existing columns;
  for (const auto& row : table.rows) {
    columns[lower(key_of(*row[0], *row[1]))][lower(*row[2])] = row[3].value_or("");
  }
  return columns;
}

// For the whole lake: DuckLake refuses options of a table that the same transaction creates.
Status DuckWarehouse::set_storage_options(Session& session) const {
  if (format_ != Format::kLake) return {};
  for (const auto& [option, value] : kStorageOptions) {
    FALAJ_TRY(session.execute(fmt::format(
        "CALL {}.set_option('{}', {})", duck::quote_name(options_.database_name), option, value)));
  }
  return {};
}

// DuckLake has statistics of a table from its first row on, and asks the catalog in vain for each
// column that a query reads until then: 130 ms for the 15 columns of an empty table. Nobody sees
// this row.
Status give_statistics(Session& session, const TableDefinition& table) {
  FALAJ_TRY(session.execute(insert_any_row_sql(table)));
  FALAJ_TRY(session.execute("DELETE FROM " + qualified_name(table)));
  return {};
}

Status DuckWarehouse::create_missing(Session& session,
                                     const std::vector<TableDefinition>& tables) const {
  FALAJ_ASSIGN(auto existing, existing_columns(session));
  if (existing.empty()) FALAJ_TRY(set_storage_options(session));
  std::set<std::string> schemas;
  for (const auto& table : tables) {
    if (schemas.insert(table.schema).second) {
      FALAJ_TRY(session.execute("CREATE SCHEMA IF NOT EXISTS " + duck::quote_name(table.schema)));
    }
    const auto found = existing.find(lower(key_of(table.schema, table.name)));
    if (found != existing.end()) {
      for (const auto& column : table.columns.columns) {
        const auto there = found->second.find(lower(column.name));
        if (there == found->second.end()) {
          FALAJ_TRY(session.execute(add_column_sql(table, column)));
        } else if (is_too_narrow(there->second, column.type)) {
          FALAJ_TRY(session.execute(widen_column_sql(table, column)));
        }
      }
      continue;
    }
    const bool is_view = !table.view_sql.empty();
    FALAJ_TRY(session.execute(is_view ? table.view_sql : create_table_sql(table)));
    if (!is_view && format_ == Format::kLake) FALAJ_TRY(give_statistics(session, table));
    if (!is_view && !table.comment.empty()) {
      FALAJ_TRY(session.execute(fmt::format("COMMENT ON TABLE {} IS {}", qualified_name(table),
                                            duck::quote_text(table.comment))));
    }
  }
  return {};
}

Status DuckWarehouse::create_tables(const std::vector<TableDefinition>& tables) {
  FALAJ_ASSIGN(auto session, open_session());
  FALAJ_ASSIGN(const auto existing, existing_columns(*session));
  const auto is_complete = [&](const TableDefinition& table) {
    const auto found = existing.find(lower(key_of(table.schema, table.name)));
    if (found == existing.end()) return false;
    return std::ranges::all_of(table.columns.columns, [&](const rows::Column& column) {
      const auto there = found->second.find(lower(column.name));
      return there != found->second.end() && !is_too_narrow(there->second, column.type);
    });
  };
  if (std::ranges::all_of(tables, is_complete)) return {};
  return in_transaction(*session, *options_.clock, kTransactionAttempts,
                        [&](Session& inside) { return create_missing(inside, tables); })
      .while_doing("creating tables");
}

Result<int64_t> DuckWarehouse::current_snapshot(Session& session) const {
  FALAJ_ASSIGN(const auto table,
               session.query(fmt::format("SELECT id FROM {}.current_snapshot()",
                                         duck::quote_name(options_.database_name))));
  return table.scalar_int();
}

Status DuckWarehouse::set_threads(int threads) {
  FALAJ_ASSIGN(auto connection, database_.connect());
  auto set = connection.execute(fmt::format("SET threads = {}", std::max(1, threads)));
  if (!set.ok()) return std::move(set).error().while_doing("setting the number of threads");
  return {};
}

// A row is written at once, and takes about five times its bytes while it is. The largest that an
// answer of the API can bring (64 MiB) fits into four times the default limit.
bool DuckWarehouse::take_more_memory() {
  constexpr uint64_t kFactorMax = 4;
  const std::lock_guard lock(mutex_);
  if (options_.memory_limit_bytes == 0 || memory_factor_ >= kFactorMax) return false;
  auto connection = database_.connect();
  if (!connection.ok()) return false;
  const uint64_t bytes = options_.memory_limit_bytes * memory_factor_ * 2;
  const auto set = connection->execute(fmt::format("SET memory_limit = '{}B'", bytes));
  if (!set.ok()) return false;
  memory_factor_ *= 2;
  log_info("a row takes more memory than warehouse.memory_mb; up to {} MB until this run ends",
           bytes >> 20U);
  return true;
}

Status DuckWarehouse::maintain() {
  if (format_ != Format::kLake || options_.is_read_only) return {};
  const std::string mark = options_.directory + "/maintained_at_snapshot";
  int64_t last = 0;
  std::ifstream(mark) >> last;
  FALAJ_ASSIGN(auto session, open_session());
  FALAJ_ASSIGN(const int64_t now, current_snapshot(*session));
  if (now - last < options_.commits_between_maintenance) return {};
  const std::string name = duck::quote_text(options_.database_name);
  // Each step is a commit of its own, taken under the lock by execute(). Files that a merge
  // replaced stay for an hour, since a reader may be in the middle of them.
  const std::vector<std::string> steps = {
      fmt::format("CALL ducklake_flush_inlined_data({})", name),
      fmt::format("CALL ducklake_expire_snapshots({}, older_than => now() - INTERVAL '{} days')",
                  name, options_.snapshots_kept.count()),
      fmt::format("CALL ducklake_merge_adjacent_files({})", name),
      fmt::format("CALL ducklake_cleanup_old_files({}, older_than => now() - INTERVAL '1 hour')",
                  name)};
  for (const auto& step : steps) {
    FALAJ_TRY(session->execute(step).while_doing("housekeeping of the lake"));
  }
  FALAJ_ASSIGN(const int64_t done, current_snapshot(*session));
  std::ofstream(mark) << done << '\n';
  log_debug("housekeeping of the lake: snapshots {} to {}", last, done);
  return {};
}

Status check_directory(const LakeOptions& options, const std::string& file) {
  FALAJ_CHECK(options.clock != nullptr, "LakeOptions::clock is required");
  std::error_code failed;
  if (options.is_read_only) {
    if (fs::exists(options.directory + "/" + file, failed)) return {};
    if (failed == std::errc::permission_denied) {
      return Error(ErrorKind::kNotAllowed, fmt::format("cannot read the folder {}: {}",
                                                       options.directory, failed.message()));
    }
    return Error(
        ErrorKind::kNotFound,
        fmt::format("there is no warehouse in {} yet: `falaj run` makes it", options.directory));
  }
  fs::create_directories(options.directory, failed);
  if (failed) {
    return Error(ErrorKind::kStorageFailed, fmt::format("cannot create the folder {}: {}",
                                                        options.directory, failed.message()));
  }
  return {};
}

// Nothing: this process may write there.
Result<std::unique_ptr<ReaderFolder>> reader_folder(const LakeOptions& options, Format format) {
  const auto file =
      options.directory + "/" + (format == Format::kLake ? kCatalogFile : kNativeFile);
  const bool may_write =
      ::access(options.directory.c_str(), W_OK | X_OK) == 0 && ::access(file.c_str(), W_OK) == 0;
  if (!options.is_read_only || may_write || !options.copy_catalog)
    return std::unique_ptr<ReaderFolder>();
  FALAJ_ASSIGN(auto folder, ReaderFolder::make());
  if (format == Format::kLake)
    FALAJ_TRY(options.copy_catalog(file, folder->path() + "/" + kCatalogFile));
  return folder;
}

Result<std::unique_ptr<DuckWarehouse>> open(const LakeOptions& options, Format format) {
  FALAJ_TRY(check_directory(options, format == Format::kLake ? kCatalogFile : kNativeFile));
  FALAJ_ASSIGN(auto reader, reader_folder(options, format));
  duck::DatabaseOptions database;
  database.threads = options.threads;
  database.memory_limit_bytes = options.memory_limit_bytes;
  database.temp_directory = options.temp_directory.empty()
                                ? (reader ? reader->path() : options.directory) + "/tmp"
                                : options.temp_directory;
  // Writers need it off: row groups limited in bytes do not go with it.
  database.keeps_insertion_order = options.is_read_only;
  if (format == Format::kLake) {
    const std::string folder = options.extension_directory.empty() ? duck::library_directory()
                                                                   : options.extension_directory;
    database.extensions = {folder + "/sqlite_scanner.duckdb_extension",
                           folder + "/ducklake.duckdb_extension"};
  }
  FALAJ_ASSIGN(auto opened, duck::Database::open(database));
  auto warehouse =
      std::make_unique<DuckWarehouse>(options, format, std::move(reader), std::move(opened));
  FALAJ_TRY(warehouse->attach());
  return warehouse;
}

Result<std::unique_ptr<Warehouse>> open_port(const LakeOptions& options, Format format) {
  FALAJ_ASSIGN(auto warehouse, open(options, format));
  return std::unique_ptr<Warehouse>(std::move(warehouse));
}

Result<std::unique_ptr<Console>> open_console(LakeOptions options, Format format) {
  options.is_read_only = true;
  FALAJ_ASSIGN(auto warehouse, open(options, format));
  FALAJ_ASSIGN(auto session, warehouse->open_duck_session());
  FALAJ_ASSIGN(auto console, DuckConsole::create(options.database_name, std::move(warehouse),
                                                 std::move(session)));
  return std::unique_ptr<Console>(std::move(console));
}

}  // namespace

Result<std::unique_ptr<Warehouse>> open_lake(const LakeOptions& options) {
  return open_port(options, Format::kLake);
}

Result<std::unique_ptr<Warehouse>> open_duckdb_file(const LakeOptions& options) {
  return open_port(options, Format::kFile);
}

Result<std::unique_ptr<Console>> open_lake_console(LakeOptions options) {
  return open_console(std::move(options), Format::kLake);
}

Result<std::unique_ptr<Console>> open_duckdb_file_console(LakeOptions options) {
  return open_console(std::move(options), Format::kFile);
}

}  // namespace falaj::warehouse
