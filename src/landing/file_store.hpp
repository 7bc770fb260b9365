// The seam to the disk below landing: real files, or a test's disk that fills up and crashes.
// Owns:     a file closes when its object goes; an AppendFile holds an exclusive lock that dies
//           with the process, which is how recovery tells a live writer from a dead one.
// Threads:  a FileStore is safe; a file belongs to one thread at a time, but sync() may run beside
//           append().
// Errors:   kStorageFailed with the path, the system's text and, when the disk is full, the free
//           space; kNotFound when the path does not exist; kConflict when another holds the lock.
// Test seam: this.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace falaj::landing {

class AppendFile {
 public:
  virtual ~AppendFile() = default;
  virtual Status append(std::string_view bytes) = 0;
  // Returns when everything appended is durable.
  virtual Status sync() = 0;
  // Cuts the file; later appends go there.
  virtual Status truncate(uint64_t bytes) = 0;
};

class ReadFile {
 public:
  virtual ~ReadFile() = default;
  virtual uint64_t size() const = 0;
  // Reads `bytes` at `offset` into `target`; fewer only at the end of the file.
  virtual Result<size_t> read_at(uint64_t offset, char* target, size_t bytes) = 0;
};

class FileStore {
 public:
  virtual ~FileStore() = default;
  // A new file, locked; fails if it exists.
  virtual Result<std::unique_ptr<AppendFile>> create(const std::string& path) = 0;
  // An existing file, locked; kConflict while its writer lives.
  virtual Result<std::unique_ptr<AppendFile>> open_append(const std::string& path) = 0;
  virtual Result<std::unique_ptr<ReadFile>> open_read(const std::string& path) = 0;
  virtual Status make_directory(const std::string& path) = 0;  // parents too; may exist
  virtual Status sync_directory(const std::string& path) = 0;
  virtual Status rename(const std::string& from, const std::string& to) = 0;
  virtual Status remove_all(const std::string& path) = 0;
  virtual Result<std::vector<std::string>> list(const std::string& directory) = 0;  // names, sorted
};

// The machine's disk.
class PosixFileStore final : public FileStore {
 public:
  Result<std::unique_ptr<AppendFile>> create(const std::string& path) override;
  Result<std::unique_ptr<AppendFile>> open_append(const std::string& path) override;
  Result<std::unique_ptr<ReadFile>> open_read(const std::string& path) override;
  Status make_directory(const std::string& path) override;
  Status sync_directory(const std::string& path) override;
  Status rename(const std::string& from, const std::string& to) override;
  Status remove_all(const std::string& path) override;
  Result<std::vector<std::string>> list(const std::string& directory) override;

 private:
  // What is asked of a directory while it is being flushed is done by one flush more, for all who
  // have asked: many packages become durable in the same directory at the same time.
  struct Flush {
    bool is_done = false;
    Status status;
  };
  struct Flushes {
    std::shared_ptr<Flush> next;  // not yet begun
    bool is_flushing = false;
  };
  std::mutex mutex_;
  std::condition_variable flushed_;
  std::map<std::string, Flushes> directories_;  // of those that somebody waits for
};

}  // namespace falaj::landing
