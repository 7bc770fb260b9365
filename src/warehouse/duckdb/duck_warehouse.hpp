// The embedded warehouse: a DuckLake (Parquet files and a SQLite catalog that several processes
// share) or, as its fallback, one DuckDB file; both behind the warehouse port.
// Shape:    <directory>/catalog.sqlite, catalog.lock, data/ for the lake; one file and <file>.lock
//           for DuckDB. Nothing in them says where the folder is: it may be moved. Sessions start with the prelude of prelude.hpp and the functions
//           surrogate_key() and falaj_rows().
// Owns:     the database; reads a staged batch in place until drop_staged().
// Threads:  opened in one thread; the Warehouse is safe.
// Errors:   kNotFound when read-only and there is no warehouse yet; kInvalidConfig for extensions
//           that do not load; kConflict after the retries of a read that met a lock.
// Facts:    docs/decisions/0005-lake-on-sqlite.md
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "warehouse/console.hpp"
#include "warehouse/warehouse.hpp"

namespace falaj::warehouse {

struct LakeOptions {
  std::string directory;
  std::string extension_directory;  // empty: beside libduckdb
  std::string database_name = "SALLA_DWH";
  uint64_t memory_limit_bytes = 0;  // 0: DuckDB's own choice
  int threads = 0;                  // 0: all processors
  std::string temp_directory;       // where DuckDB spills; empty: <directory>/tmp
  // Readers never wait and see no file but the lake's; their SQL cannot change anything.
  bool is_read_only = false;
  // Copies an SQLite database that others may be writing. A reader that may not write to the lake
  // works with a copy of its catalog, as of the moment when it opened it, in a folder of its own.
  std::function<Status(const std::string& from, const std::string& to)> copy_catalog;
  // Holds the catalog's WAL from the start instead of from the first write: for a process that
  // reads often over a long time.
  bool is_long_lived = false;
  std::chrono::seconds lock_timeout{600};  // how long begin() waits for other writers
  std::stop_token stop;                    // ends such a wait, also while the lake is opened
  // Housekeeping: after so many commits; what may still be read by time travel.
  int commits_between_maintenance = 1000;
  std::chrono::days snapshots_kept{90};
  int commits_between_log_resets = 100;  // the catalog's write-ahead log stays below 10 MB
  // Read-only, besides the lake's own: a file that a console may write. Absolute; empty: none.
  std::string writable_file;
  Clock* clock = nullptr;  // required; must outlive the warehouse
};

Result<std::unique_ptr<Warehouse>> open_lake(const LakeOptions& options);

// A plain DuckDB file <directory>/warehouse.duckdb: no time travel, one process at a time.
Result<std::unique_ptr<Warehouse>> open_duckdb_file(const LakeOptions& options);

// The same, opened for what people type. Read-only whatever the options say.
Result<std::unique_ptr<Console>> open_lake_console(LakeOptions options);
Result<std::unique_ptr<Console>> open_duckdb_file_console(LakeOptions options);

// Whether a lake / a file was made there: tells "nothing loaded yet" without opening anything.
bool lake_exists(const std::string& directory);
bool duckdb_file_exists(const std::string& directory);

}  // namespace falaj::warehouse
