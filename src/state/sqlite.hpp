// SQLite in owning types; inside src/state only.
// Threads:  confined to one. Errors: kStorageFailed with the file and SQLite's words; kConflict
// when another process holds it longer than the busy time-out.
#pragma once

#include <sqlite3.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace falaj::state {

class Sqlite {
 public:
  static Result<Sqlite> open(const std::string& path);
  // What the file holds, in memory: for a file that may not be written to.
  static Result<Sqlite> open_copy(const std::string& path);

  using Row = std::vector<std::optional<std::string>>;
  // Runs one statement with text parameters (?1, ?2, ...); the rows it yields, as text.
  Result<std::vector<Row>> run(const std::string& sql,
                               const std::vector<std::optional<std::string>>& parameters = {});

 private:
  struct Close {
    void operator()(sqlite3* handle) const { sqlite3_close(handle); }
  };
  Sqlite(std::string path, sqlite3* handle) : path_(std::move(path)), handle_(handle) {}
  Error failure(const std::string& doing) const;

  std::string path_;
  std::unique_ptr<sqlite3, Close> handle_;
};

}  // namespace falaj::state
