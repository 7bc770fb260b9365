// One DuckDB instance, embedded: in memory or a file.
// Owns:     the instance; connections keep it alive, so it may go before them.
// Threads:  safe; a Connection belongs to one thread at a time.
// Errors:   kStorageFailed, kConflict (another process holds the file), kInvalidConfig (a setting
//           or an extension that does not fit), each with the path.
// Facts:    libduckdb 1.5.5; extensions load from absolute paths, signatures checked; installing
//           and loading on demand are off, so nothing ever asks the network.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "duck/connection.hpp"

namespace falaj::duck {

struct DatabaseOptions {
  std::string path;                 // empty: in memory
  int threads = 0;                  // 0: as many as there are processors
  uint64_t memory_limit_bytes = 0;  // 0: DuckDB's own choice, 80 % of the machine
  std::string temp_directory;       // where it spills; empty: DuckDB's own choice
  bool is_read_only = false;
  bool keeps_insertion_order = true;
  // Absolute paths. Loaded at once in a thread each, since checking a signature takes 0.1 s.
  std::vector<std::string> extensions;
};

class Database {
 public:
  static Result<Database> open(const DatabaseOptions& options);
  Result<Connection> connect();

 private:
  explicit Database(std::shared_ptr<DatabaseHandle> handle) : handle_(std::move(handle)) {}
  std::shared_ptr<DatabaseHandle> handle_;
};

// The version of the library, e.g. "v1.5.5".
std::string library_version();
// The folder that libduckdb.so was loaded from: its extensions lie beside it.
std::string library_directory();

}  // namespace falaj::duck
