#include "landing/file_store.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/system_error.hpp"
#include "base/unique_fd.hpp"

namespace falaj::landing {
namespace {

namespace fs = std::filesystem;

std::string parent_of(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, std::max<size_t>(slash, 1));
}

// The error of a system call on `path`, with what a person can do about it.
Error system_error(std::string_view doing, const std::string& path, int code) {
  std::string text = fmt::format("cannot {} {}: {}", doing, path, system_text(code));
  if (code == ENOENT) return Error(ErrorKind::kNotFound, std::move(text));
  if (code == EWOULDBLOCK) {
    return Error(ErrorKind::kConflict,
                 fmt::format("cannot {} {}: another process is writing it", doing, path));
  }
  if (code == ENOSPC || code == EDQUOT) {
    struct statvfs space {};
    if (::statvfs(parent_of(path).c_str(), &space) == 0) {
      text += fmt::format("; {} MB free", space.f_bavail * space.f_frsize / 1'000'000);
    }
    text += "; make room on this disk and run again: what is landed stays";
  } else if (code == EACCES || code == EPERM || code == EROFS) {
    text += "; give this user write access to the directory, or choose another with --home";
  } else if (code == EIO) {
    text += "; the disk may be failing: check the system log";
  }
  return Error(ErrorKind::kStorageFailed, std::move(text));
}

class PosixAppendFile final : public AppendFile {
 public:
  PosixAppendFile(UniqueFd fd, std::string path) : fd_(std::move(fd)), path_(std::move(path)) {}

  Status append(std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t written = ::write(fd_.get(), bytes.data(), bytes.size());
      if (written < 0) {
        if (errno == EINTR) continue;
        return system_error("write", path_, errno);
      }
      bytes.remove_prefix(static_cast<size_t>(written));
    }
    return {};
  }

  Status sync() override {
    if (::fdatasync(fd_.get()) != 0) return system_error("flush to disk", path_, errno);
    return {};
  }

  Status truncate(uint64_t bytes) override {
    if (::ftruncate(fd_.get(), static_cast<off_t>(bytes)) != 0) {
      return system_error("cut", path_, errno);
    }
    return {};
  }

 private:
  UniqueFd fd_;
  std::string path_;
};

class PosixReadFile final : public ReadFile {
 public:
  PosixReadFile(UniqueFd fd, std::string path, uint64_t size)
      : fd_(std::move(fd)), path_(std::move(path)), size_(size) {}

  uint64_t size() const override { return size_; }

  Result<size_t> read_at(uint64_t offset, char* target, size_t bytes) override {
    size_t done = 0;
    while (done < bytes) {
      const ssize_t got =
          ::pread(fd_.get(), target + done, bytes - done, static_cast<off_t>(offset + done));
      if (got < 0) {
        if (errno == EINTR) continue;
        return system_error("read", path_, errno);
      }
      if (got == 0) break;
      done += static_cast<size_t>(got);
    }
    return done;
  }

 private:
  UniqueFd fd_;
  std::string path_;
  uint64_t size_;
};

Result<std::unique_ptr<AppendFile>> open_locked(const std::string& path, int flags) {
  UniqueFd fd(::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC | flags, 0644));
  if (!fd.valid()) return system_error("open for writing", path, errno);
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) return system_error("lock", path, errno);
  return std::unique_ptr<AppendFile>(std::make_unique<PosixAppendFile>(std::move(fd), path));
}

Status flush_directory(const std::string& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.valid() || ::fsync(fd.get()) != 0) {
    return system_error("flush to disk the directory", path, errno);
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<AppendFile>> PosixFileStore::create(const std::string& path) {
  return open_locked(path, O_CREAT | O_EXCL);
}

Result<std::unique_ptr<AppendFile>> PosixFileStore::open_append(const std::string& path) {
  return open_locked(path, 0);
}

Result<std::unique_ptr<ReadFile>> PosixFileStore::open_read(const std::string& path) {
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) return system_error("open", path, errno);
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0) return system_error("open", path, errno);
  return std::unique_ptr<ReadFile>(
      std::make_unique<PosixReadFile>(std::move(fd), path, static_cast<uint64_t>(info.st_size)));
}

Status PosixFileStore::make_directory(const std::string& path) {
  std::error_code code;
  fs::create_directories(path, code);
  if (code) return system_error("create the directory", path, code.value());
  return {};
}

Status PosixFileStore::sync_directory(const std::string& path) {
  std::unique_lock lock(mutex_);
  auto& directory = directories_[path];  // stays while a flush of it is next or has begun
  if (directory.next == nullptr) directory.next = std::make_shared<Flush>();
  const auto flush = directory.next;
  flushed_.wait(lock, [&] { return flush->is_done || !directory.is_flushing; });
  if (flush->is_done) return flush->status;
  directory.is_flushing = true;
  directory.next.reset();
  lock.unlock();
  auto status = flush_directory(path);
  lock.lock();
  directory.is_flushing = false;
  flush->is_done = true;
  flush->status = status;
  if (directory.next == nullptr) directories_.erase(path);
  flushed_.notify_all();
  return status;
}

Status PosixFileStore::rename(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) {
    return system_error("rename to " + to, from, errno);
  }
  return {};
}

Status PosixFileStore::remove_all(const std::string& path) {
  std::error_code code;
  fs::remove_all(path, code);
  if (code) return system_error("remove", path, code.value());
  return {};
}

Result<std::vector<std::string>> PosixFileStore::list(const std::string& directory) {
  DIR* handle = ::opendir(directory.c_str());
  if (handle == nullptr) return system_error("list", directory, errno);
  std::vector<std::string> names;
  while (const dirent* entry = ::readdir(handle)) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  ::closedir(handle);
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace falaj::landing
