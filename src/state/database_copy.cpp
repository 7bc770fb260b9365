#include "state/database_copy.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <memory>
#include <optional>
#include <thread>
#include <tuple>

#include "base/unique_fd.hpp"
#include "state/sqlite_copy.hpp"

namespace falaj::state {
namespace {

namespace fs = std::filesystem;

constexpr int kAttempts = 150;
constexpr std::chrono::milliseconds kWait{20};
constexpr int kBusyMilliseconds = 2000;

struct Close {
  void operator()(sqlite3* handle) const { sqlite3_close(handle); }
};
using Handle = std::unique_ptr<sqlite3, Close>;

// Removed when it goes.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::error_code problem;
    std::string made = (fs::temp_directory_path(problem) / "falaj-copy-XXXXXX").string();
    if (!problem && ::mkdtemp(made.data()) != nullptr) path_ = made;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

bool is_there(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0;
}

// Tells whether a file was written to in between.
std::optional<std::tuple<ino_t, off_t, time_t, long>> state_of(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return std::nullopt;
  return std::tuple(info.st_ino, info.st_size, info.st_mtim.tv_sec, info.st_mtim.tv_nsec);
}

std::string uri_of(const std::string& path, const char* how) {
  std::string uri = "file:";
  for (const char c : path) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || c == '/' || c == '.' || c == '_' || c == '-';
    uri += is_plain ? std::string(1, c)
                    : fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
  }
  return uri + how;
}

// SQLite's code.
int copy_pages(sqlite3* target, const std::string& uri) {
  sqlite3* raw = nullptr;
  int code = sqlite3_open_v2(uri.c_str(), &raw, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, nullptr);
  const Handle source(raw);
  if (code != SQLITE_OK) return code;
  sqlite3_busy_timeout(source.get(), kBusyMilliseconds);
  auto* backup = sqlite3_backup_init(target, "main", source.get(), "main");
  if (backup == nullptr) return sqlite3_errcode(target);
  code = sqlite3_backup_step(backup, -1);
  const int finished = sqlite3_backup_finish(backup);
  return code == SQLITE_DONE ? finished : code;
}

bool copy_file(const std::string& from, const std::string& to) {
  std::error_code problem;
  return fs::copy_file(from, to, problem) && !problem &&
         ::chmod(to.c_str(), S_IRUSR | S_IWUSR) == 0;
}

// A log without its index: nobody works with it, and SQLite would have to write the index first.
int copy_with_log(sqlite3* target, const std::string& from) {
  const TemporaryFolder folder;
  const auto aside = folder.path() + "/database";
  if (folder.path().empty() || !copy_file(from, aside) ||
      !copy_file(from + "-wal", aside + "-wal")) {
    return SQLITE_CANTOPEN;
  }
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(aside.c_str(), &raw, SQLITE_OPEN_READWRITE, nullptr);
  const Handle source(raw);
  if (code != SQLITE_OK) return code;
  auto* backup = sqlite3_backup_init(target, "main", source.get(), "main");
  if (backup == nullptr) return sqlite3_errcode(target);
  const int copied = sqlite3_backup_step(backup, -1);
  const int finished = sqlite3_backup_finish(backup);
  return copied == SQLITE_DONE ? finished : copied;
}

int copy_once(sqlite3* target, const std::string& from) {
  const auto log = from + "-wal";
  if (!is_there(log)) {
    // One file, and whoever begins to write makes the log first: then it is read again.
    const auto before = state_of(from);
    const int code = copy_pages(target, uri_of(from, "?immutable=1"));
    return is_there(log) || state_of(from) != before ? SQLITE_BUSY : code;
  }
  if (!is_there(from + "-shm")) {
    const auto before = std::pair(state_of(from), state_of(log));
    const int code = copy_with_log(target, from);
    return std::pair(state_of(from), state_of(log)) != before ? SQLITE_BUSY : code;
  }
  return copy_pages(target, uri_of(from, "?mode=ro"));
}

bool is_damage(int code) {
  return (code & 0xFF) == SQLITE_CORRUPT || (code & 0xFF) == SQLITE_NOTADB;
}

}  // namespace

bool may_write_database(const std::string& path) {
  const auto folder = fs::path(path).parent_path().string();
  return ::access(path.c_str(), W_OK) == 0 &&
         ::access(folder.empty() ? "." : folder.c_str(), W_OK | X_OK) == 0;
}

Status copy_into(sqlite3* target, const std::string& from) {
  {
    const UniqueFd readable(::open(from.c_str(), O_RDONLY | O_CLOEXEC));
    if (!readable.valid()) {
      const auto kind = errno == ENOENT   ? ErrorKind::kNotFound
                        : errno == EACCES ? ErrorKind::kNotAllowed
                                          : ErrorKind::kStorageFailed;
      return Error(kind, fmt::format("cannot read {}: {}", from, std::strerror(errno)));
    }
  }
  int code = SQLITE_OK;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    code = copy_once(target, from);
    if (code == SQLITE_OK) return {};
    if (is_damage(code) && attempt > 2) break;
    std::this_thread::sleep_for(kWait);
  }
  const bool is_busy = (code & 0xFF) == SQLITE_BUSY || (code & 0xFF) == SQLITE_LOCKED;
  Error error(is_busy ? ErrorKind::kConflict : ErrorKind::kStorageFailed,
              fmt::format("cannot read a copy of {}: {}", from, sqlite3_errstr(code)));
  error.vendor_code = std::to_string(code);
  return error;
}

Status copy_database(const std::string& from, const std::string& to) {
  sqlite3* raw = nullptr;
  const int code =
      sqlite3_open_v2(to.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
  const Handle target(raw);
  if (code != SQLITE_OK) {
    return Error(ErrorKind::kStorageFailed,
                 fmt::format("cannot make {}: {}", to, sqlite3_errstr(code)));
  }
  // A copy that a crash cuts is of no use anyway.
  for (const char* pragma : {"PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF"})
    sqlite3_exec(target.get(), pragma, nullptr, nullptr, nullptr);
  return copy_into(target.get(), from);
}

}  // namespace falaj::state
