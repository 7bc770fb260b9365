#include "state/state_store.hpp"

#include <cerrno>
#include <cstdlib>
#include <filesystem>

#include "base/system_error.hpp"
#include "state/database_copy.hpp"
#include "state/sqlite.hpp"

namespace falaj::state {
namespace {

// One entry a schema version; never edited, only added to.
const std::vector<std::vector<std::string>>& migrations() {
  static const std::vector<std::vector<std::string>> steps = {
      {
          "CREATE TABLE runs (run_id TEXT PRIMARY KEY, status TEXT NOT NULL, started_at TEXT NOT "
          "NULL, "
          "finished_at TEXT, summary TEXT) STRICT",
          "CREATE TABLE stores (fingerprint TEXT PRIMARY KEY, store_id INTEGER NOT NULL, name TEXT "
          "NOT NULL, plan TEXT NOT NULL, first_seen TEXT NOT NULL) STRICT",
          "CREATE TABLE cursors (store_id INTEGER NOT NULL, name TEXT NOT NULL, value TEXT NOT "
          "NULL, "
          "updated_at TEXT NOT NULL, PRIMARY KEY (store_id, name)) STRICT",
      },
      {
          "CREATE TABLE unfinished_stores (store_id INTEGER PRIMARY KEY, run_id TEXT NOT NULL, "
          "began_at TEXT NOT NULL) STRICT",
      },
  };
  return steps;
}

Status migrate(Sqlite& database, const std::string& path) {
  FALAJ_ASSIGN(const auto rows, database.run("PRAGMA user_version"));
  const auto version = static_cast<size_t>(std::atoll(rows[0][0].value_or("0").c_str()));
  if (version > migrations().size()) {
    return Error(
        ErrorKind::kInvalidConfig,
        fmt::format("{} was written by a newer falaj (schema {}, this one knows {}); use that "
                    "falaj or another home",
                    path, version, migrations().size()));
  }
  for (size_t step = version; step < migrations().size(); ++step) {
    FALAJ_TRY(database.run("BEGIN IMMEDIATE"));
    for (const auto& sql : migrations()[step]) FALAJ_TRY(database.run(sql));
    FALAJ_TRY(database.run(fmt::format("PRAGMA user_version = {}", step + 1)));
    FALAJ_TRY(database.run("COMMIT"));
  }
  return {};
}

RunRecord to_record(const Sqlite::Row& row) {
  return {row[0].value_or(""), row[1].value_or(""), row[2].value_or(""), row[3].value_or(""),
          row[4].value_or("")};
}

constexpr const char* kRunColumns =
    "SELECT run_id, status, started_at, finished_at, summary FROM runs ";

}  // namespace

struct StateStore::Core {
  Sqlite database;
};

StateStore::StateStore(std::unique_ptr<Core> core) : core_(std::move(core)) {}
StateStore::StateStore(StateStore&&) noexcept = default;
StateStore& StateStore::operator=(StateStore&&) noexcept = default;
StateStore::~StateStore() = default;

Result<StateStore> StateStore::open(const std::string& home) {
  const auto directory = home + "/state";
  std::error_code problem;
  std::filesystem::create_directories(directory, problem);
  if (problem) {
    return Error(ErrorKind::kStorageFailed,
                 fmt::format("cannot make {}: {}", directory, system_text(problem)));
  }
  const auto path = directory + "/falaj.db";
  FALAJ_ASSIGN(auto database, Sqlite::open(path));
  FALAJ_TRY(migrate(database, path));
  return StateStore(std::make_unique<Core>(Core{std::move(database)}));
}

Result<StateStore> StateStore::open_to_read(const std::string& home) {
  const auto path = home + "/state/falaj.db";
  if (may_write_database(path)) return open(home);
  FALAJ_ASSIGN(auto database, Sqlite::open_copy(path));
  FALAJ_TRY(migrate(database, path));
  return StateStore(std::make_unique<Core>(Core{std::move(database)}));
}

Status StateStore::start_run(const RunId& run, UtcTime now) {
  FALAJ_TRY(core_->database.run(
      "INSERT INTO runs (run_id, status, started_at) VALUES (?1, 'running', ?2) "
      "ON CONFLICT (run_id) DO UPDATE SET status = 'running'",
      {run.value(), to_iso8601(now)}));
  return {};
}

Status StateStore::finish_run(const RunId& run, const std::string& status, UtcTime now,
                              const std::string& summary) {
  FALAJ_TRY(core_->database.run(
      "UPDATE runs SET status = ?2, finished_at = ?3, summary = ?4 WHERE run_id = ?1",
      {run.value(), status, to_iso8601(now), summary}));
  return {};
}

Result<std::optional<RunRecord>> StateStore::unfinished_run(UtcTime since) {
  FALAJ_ASSIGN(const auto rows,
               core_->database.run(std::string(kRunColumns) + "ORDER BY run_id DESC LIMIT 1"));
  if (rows.empty()) return std::optional<RunRecord>();
  const auto status = rows[0][1].value_or("");
  if (status != "running" && status != "failed") return std::optional<RunRecord>();
  auto run = to_record(rows[0]);
  if (run.started_at < to_iso8601(since)) return std::optional<RunRecord>();
  return std::optional(std::move(run));
}

Result<std::vector<RunRecord>> StateStore::recent_runs(int count) {
  FALAJ_ASSIGN(const auto rows,
               core_->database.run(std::string(kRunColumns) +
                                   fmt::format("ORDER BY run_id DESC LIMIT {}", count)));
  std::vector<RunRecord> runs;
  for (const auto& row : rows) runs.push_back(to_record(row));
  return runs;
}

Result<RunId> StateStore::begin_store(StoreId store, const RunId& run, UtcTime now,
                                      Micros resumable_for) {
  const auto id = std::to_string(store.value());
  FALAJ_TRY(core_->database.run(
      "INSERT INTO unfinished_stores (store_id, run_id, began_at) VALUES (?1, ?2, ?3) "
      "ON CONFLICT (store_id) DO UPDATE SET run_id = ?2, began_at = ?3 WHERE began_at < ?4",
      {id, run.value(), to_iso8601(now), to_iso8601(now - resumable_for)}));
  FALAJ_ASSIGN(
      const auto rows,
      core_->database.run("SELECT run_id FROM unfinished_stores WHERE store_id = ?1", {id}));
  return RunId(rows[0][0].value_or(""));
}

Status StateStore::end_store(StoreId store) {
  FALAJ_TRY(core_->database.run("DELETE FROM unfinished_stores WHERE store_id = ?1",
                                {std::to_string(store.value())}));
  return {};
}

Result<std::map<int64_t, RunId>> StateStore::unfinished_stores(UtcTime since) {
  FALAJ_ASSIGN(
      const auto rows,
      core_->database.run("SELECT store_id, run_id FROM unfinished_stores WHERE began_at >= ?1",
                          {to_iso8601(since)}));
  std::map<int64_t, RunId> stores;
  for (const auto& row : rows)
    stores.emplace(std::atoll(row[0].value_or("0").c_str()), RunId(row[1].value_or("")));
  return stores;
}

Result<std::optional<RunId>> StateStore::resumable_run(StoreId store, UtcTime since) {
  FALAJ_ASSIGN(const auto stores, unfinished_stores(since));
  if (const auto found = stores.find(store.value()); found != stores.end())
    return std::optional(found->second);
  FALAJ_ASSIGN(const auto run, unfinished_run(since));
  return run ? std::optional(RunId(run->run_id)) : std::nullopt;
}

Result<std::optional<StoreRecord>> StateStore::find_store(const std::string& fingerprint) {
  FALAJ_ASSIGN(const auto rows,
               core_->database.run("SELECT store_id, name, plan FROM stores WHERE fingerprint = ?1",
                                   {fingerprint}));
  if (rows.empty()) return std::optional<StoreRecord>();
  return std::optional(StoreRecord{std::atoll(rows[0][0].value_or("0").c_str()),
                                   rows[0][1].value_or(""), rows[0][2].value_or("")});
}

Result<std::vector<int64_t>> StateStore::store_ids() {
  FALAJ_ASSIGN(const auto rows,
               core_->database.run("SELECT store_id FROM stores UNION SELECT store_id FROM cursors "
                                   "WHERE store_id <> 0 ORDER BY store_id"));
  std::vector<int64_t> ids;
  for (const auto& row : rows) ids.push_back(std::atoll(row[0].value_or("0").c_str()));
  return ids;
}

Result<std::vector<StoreRecord>> StateStore::stores() {
  FALAJ_ASSIGN(const auto rows,
               core_->database.run("SELECT store_id, MAX(name), MAX(plan) FROM stores GROUP BY "
                                   "store_id ORDER BY 2, 1"));
  std::vector<StoreRecord> stores;
  for (const auto& row : rows) {
    stores.push_back(
        {std::atoll(row[0].value_or("0").c_str()), row[1].value_or(""), row[2].value_or("")});
  }
  return stores;
}

Status StateStore::save_store(const std::string& fingerprint, const StoreRecord& store,
                              UtcTime now) {
  FALAJ_TRY(core_->database.run(
      "INSERT INTO stores (fingerprint, store_id, name, plan, first_seen) VALUES (?1, ?2, ?3, ?4, "
      "?5) "
      "ON CONFLICT (fingerprint) DO UPDATE SET store_id = ?2, name = ?3, plan = ?4",
      {fingerprint, std::to_string(store.store_id), store.name, store.plan, to_iso8601(now)}));
  return {};
}

Result<int64_t> StateStore::count_cursors(StoreId store) {
  FALAJ_ASSIGN(const auto rows,
               core_->database.run("SELECT COUNT(*) FROM cursors WHERE store_id = ?1",
                                   {std::to_string(store.value())}));
  return std::atoll(rows[0][0].value_or("0").c_str());
}

Status StateStore::forget_progress(StoreId store) {
  const auto id = std::to_string(store.value());
  FALAJ_TRY(core_->database.run("BEGIN IMMEDIATE"));
  for (const char* table : {"cursors", "unfinished_stores"}) {
    FALAJ_TRY(core_->database.run(fmt::format("DELETE FROM {} WHERE store_id = ?1", table), {id}));
  }
  FALAJ_TRY(core_->database.run("COMMIT"));
  return {};
}

Status StateStore::forget_store(StoreId store) {
  FALAJ_TRY(core_->database.run("DELETE FROM stores WHERE store_id = ?1",
                                {std::to_string(store.value())}));
  return {};
}

Result<std::optional<std::string>> StateStore::cursor(StoreId store, const std::string& name) {
  FALAJ_ASSIGN(const auto rows,
               core_->database.run("SELECT value FROM cursors WHERE store_id = ?1 AND name = ?2",
                                   {std::to_string(store.value()), name}));
  if (rows.empty()) return std::optional<std::string>();
  return rows[0][0];
}

Status StateStore::set_cursor(StoreId store, const std::string& name, const std::string& value,
                              UtcTime now) {
  FALAJ_TRY(core_->database.run(
      "INSERT INTO cursors (store_id, name, value, updated_at) VALUES (?1, ?2, ?3, ?4) "
      "ON CONFLICT (store_id, name) DO UPDATE SET value = ?3, updated_at = ?4",
      {std::to_string(store.value()), name, value, to_iso8601(now)}));
  return {};
}

}  // namespace falaj::state
