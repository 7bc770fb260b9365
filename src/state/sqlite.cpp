#include "state/sqlite.hpp"

#include <cstdlib>

#include "state/sqlite_copy.hpp"

namespace falaj::state {
namespace {

constexpr int kBusyMilliseconds = 10'000;

struct Finalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};

// What helps is not the same for a file that is damaged and one that is whole.
std::string opening(const std::string& path, const Error& error) {
  switch (std::atoi(error.vendor_code.c_str()) & 0xFF) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return fmt::format(
          "opening the control state; the file is damaged: put back a backup of {}, or move it "
          "aside: runs and cursors are lost then, data are not",
          path);
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return fmt::format(
          "opening the control state; may this user write {} and the folder that it is in?", path);
    case SQLITE_FULL: return "opening the control state; make room on the disk";
    default: return "opening the control state";
  }
}

}  // namespace

Error Sqlite::failure(const std::string& doing) const {
  const int code = sqlite3_extended_errcode(handle_.get());
  const bool busy = (code & 0xFF) == SQLITE_BUSY || (code & 0xFF) == SQLITE_LOCKED;
  Error error(busy ? ErrorKind::kConflict : ErrorKind::kStorageFailed,
              fmt::format("{}: {}: {}", path_, doing, sqlite3_errmsg(handle_.get())));
  error.vendor_code = std::to_string(code);
  return error;
}

Result<Sqlite> Sqlite::open(const std::string& path) {
  sqlite3* handle = nullptr;
  const int code =
      sqlite3_open_v2(path.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
  Sqlite database(path, handle);
  if (code != SQLITE_OK) {
    auto error = database.failure("opening it");
    return std::move(error).while_doing(opening(path, error));
  }
  sqlite3_busy_timeout(handle, kBusyMilliseconds);
  for (const char* pragma :
       {"PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "PRAGMA foreign_keys = ON"}) {
    if (auto done = database.run(pragma); !done.ok())
      return std::move(done).error().while_doing(opening(path, done.error()));
  }
  return database;
}

Result<Sqlite> Sqlite::open_copy(const std::string& path) {
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(":memory:", &handle, SQLITE_OPEN_READWRITE, nullptr);
  Sqlite database(path, handle);
  if (code != SQLITE_OK) return database.failure("making room for the control state");
  auto copied = copy_into(handle, path);
  if (!copied.ok()) return std::move(copied).error().while_doing(opening(path, copied.error()));
  return database;
}

Result<std::vector<Sqlite::Row>> Sqlite::run(
    const std::string& sql, const std::vector<std::optional<std::string>>& parameters) {
  sqlite3_stmt* raw = nullptr;
  if (sqlite3_prepare_v2(handle_.get(), sql.c_str(), -1, &raw, nullptr) != SQLITE_OK) {
    return failure("preparing " + sql.substr(0, 60));
  }
  const std::unique_ptr<sqlite3_stmt, Finalize> statement(raw);
  for (size_t i = 0; i < parameters.size(); ++i) {
    const int position = static_cast<int>(i) + 1;
    if (parameters[i]) {
      sqlite3_bind_text(raw, position, parameters[i]->c_str(),
                        static_cast<int>(parameters[i]->size()), SQLITE_TRANSIENT);
    } else {
      sqlite3_bind_null(raw, position);
    }
  }
  std::vector<Row> rows;
  int code = 0;
  while ((code = sqlite3_step(raw)) == SQLITE_ROW) {
    Row row;
    for (int i = 0; i < sqlite3_column_count(raw); ++i) {
      const auto* text = sqlite3_column_text(raw, i);
      if (text == nullptr) {
        row.emplace_back();
      } else {
        // SQLite's bytes are unsigned char, our texts char: the same bytes.
        row.emplace_back(std::string(reinterpret_cast<const char*>(text),
                                     static_cast<size_t>(sqlite3_column_bytes(raw, i))));
      }
    }
    rows.push_back(std::move(row));
  }
  if (code != SQLITE_DONE) return failure("running " + sql.substr(0, 60));
  return rows;
}

}  // namespace falaj::state
