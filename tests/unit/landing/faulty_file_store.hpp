// A disk that fails on demand: full at the n-th write or at the n-th change of any kind, a failing
// fsync, and a crash that loses what was not fsynced.
// Threads:  safe.
#pragma once

#include <atomic>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "landing/file_store.hpp"

namespace falaj::test {

class FaultyFileStore final : public landing::FileStore {
 public:
  // 0 = never. Counted over all files, from 1; from then on every one fails.
  void fail_write_from(int n) { fail_write_from_ = n; }
  void fail_sync_from(int n) { fail_sync_from_ = n; }
  // The same of everything that may need room: files and folders made, renamed, written, flushed.
  void fail_change_from(int n) { fail_change_from_ = n; }
  int changes() const { return changes_; }
  // Every open for reading fails, as on a disk with bad blocks.
  void fail_reads(bool is_failing) { is_failing_reads_ = is_failing; }
  int writes() const { return writes_; }
  int syncs() const { return syncs_; }

  // Every call fails from now on, as if the process were gone.
  void crash() {
    const std::lock_guard lock(mutex_);
    is_crashed_ = true;
  }
  // After crash(): files keep what was fsynced and `torn_bytes` of what came after; works again.
  void restart(uint64_t torn_bytes) {
    const std::lock_guard lock(mutex_);
    for (const auto& [path, synced] : synced_) {
      std::error_code code;
      const uint64_t size = std::filesystem::file_size(path, code);
      if (!code && size > synced + torn_bytes) {
        std::filesystem::resize_file(path, synced + torn_bytes, code);
      }
    }
    synced_.clear();
    is_crashed_ = false;
    fail_write_from_ = fail_sync_from_ = fail_change_from_ = 0;
  }

  Result<std::unique_ptr<landing::AppendFile>> create(const std::string& path) override {
    FALAJ_TRY(alive());
    FALAJ_TRY(room_for(path));
    FALAJ_ASSIGN(auto file, disk_.create(path));
    const std::lock_guard lock(mutex_);
    synced_[path] = 0;
    return wrap(std::move(file), path);
  }
  Result<std::unique_ptr<landing::AppendFile>> open_append(const std::string& path) override {
    FALAJ_TRY(alive());
    FALAJ_ASSIGN(auto file, disk_.open_append(path));
    return wrap(std::move(file), path);
  }
  Result<std::unique_ptr<landing::ReadFile>> open_read(const std::string& path) override {
    FALAJ_TRY(alive());
    if (is_failing_reads_) {
      return Error(ErrorKind::kStorageFailed, "cannot open " + path + ": Input/output error");
    }
    return disk_.open_read(path);
  }
  Status make_directory(const std::string& path) override {
    FALAJ_TRY(alive());
    FALAJ_TRY(room_for(path));
    return disk_.make_directory(path);
  }
  Status sync_directory(const std::string& path) override {
    FALAJ_TRY(alive());
    FALAJ_TRY(room_for(path));
    return disk_.sync_directory(path);
  }
  Status rename(const std::string& from, const std::string& to) override {
    FALAJ_TRY(alive());
    FALAJ_TRY(room_for(to));
    return disk_.rename(from, to);
  }
  Status remove_all(const std::string& path) override {
    FALAJ_TRY(alive());
    return disk_.remove_all(path);
  }
  Result<std::vector<std::string>> list(const std::string& directory) override {
    return disk_.list(directory);
  }

 private:
  class File final : public landing::AppendFile {
   public:
    File(FaultyFileStore& store, std::unique_ptr<landing::AppendFile> inner, std::string path)
        : store_(store), inner_(std::move(inner)), path_(std::move(path)) {}
    Status append(std::string_view bytes) override {
      FALAJ_TRY(store_.alive());
      const auto room = store_.room_for(path_);
      if (!room.ok() || store_.is_due(store_.writes_, store_.fail_write_from_)) {
        // A full disk takes a part of the bytes first.
        FALAJ_TRY(inner_->append(bytes.substr(0, bytes.size() / 2)));
        return full(path_);
      }
      return inner_->append(bytes);
    }
    Status sync() override {
      FALAJ_TRY(store_.alive());
      FALAJ_TRY(store_.room_for(path_));
      if (store_.is_due(store_.syncs_, store_.fail_sync_from_)) {
        return Error(ErrorKind::kStorageFailed, "cannot flush " + path_ + ": Input/output error");
      }
      std::error_code code;
      const uint64_t size = std::filesystem::file_size(path_, code);
      FALAJ_TRY(inner_->sync());
      const std::lock_guard lock(store_.mutex_);
      if (!code) store_.synced_[path_] = size;
      return {};
    }
    Status truncate(uint64_t bytes) override {
      FALAJ_TRY(store_.alive());
      return inner_->truncate(bytes);
    }

   private:
    FaultyFileStore& store_;
    std::unique_ptr<landing::AppendFile> inner_;
    std::string path_;
  };

  std::unique_ptr<landing::AppendFile> wrap(std::unique_ptr<landing::AppendFile> file,
                                            const std::string& path) {
    return std::make_unique<File>(*this, std::move(file), path);
  }
  static Error full(const std::string& path) {
    return {ErrorKind::kStorageFailed,
            "cannot write " + path +
                ": No space left on device; 0 MB free; make room on this disk and run again"};
  }
  Status room_for(const std::string& path) {
    if (is_due(changes_, fail_change_from_)) return full(path);
    return {};
  }
  static bool is_due(std::atomic<int>& counter, int from) {
    const int n = ++counter;
    return from > 0 && n >= from;
  }
  Status alive() {
    const std::lock_guard lock(mutex_);
    if (is_crashed_) return Error(ErrorKind::kStorageFailed, "the process is gone");
    return {};
  }

  landing::PosixFileStore disk_;
  std::mutex mutex_;
  bool is_crashed_ = false;
  std::atomic<bool> is_failing_reads_ = false;
  std::atomic<int> fail_write_from_ = 0;
  std::atomic<int> fail_sync_from_ = 0;
  std::atomic<int> fail_change_from_ = 0;
  std::atomic<int> writes_ = 0;
  std::atomic<int> syncs_ = 0;
  std::atomic<int> changes_ = 0;
  std::map<std::string, uint64_t> synced_;
};

}  // namespace falaj::test
