#include "state/shared_record.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/check.hpp"
#include "base/system_error.hpp"

namespace falaj::state {
namespace {

// Ranges far behind the data: the kernel keeps locks of bytes that a file does not have.
constexpr off_t kMutexByte = 1 << 20;
constexpr off_t kFirstMemberByte = kMutexByte + 1;

struct flock range(off_t byte, int16_t kind) {
  struct flock lock {};
  lock.l_type = kind;
  lock.l_whence = SEEK_SET;
  lock.l_start = byte;
  lock.l_len = 1;
  return lock;
}

Error failed(const std::string& what, const std::string& path) {
  return Error(ErrorKind::kStorageFailed,
               fmt::format("cannot {} {}: {}", what, path, system_text(errno)));
}

}  // namespace

Result<SharedRecord> SharedRecord::map(UniqueFd fd, const std::string& path, size_t member) {
  void* data = ::mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd.get(), 0);
  if (data == MAP_FAILED) return failed("map", path);
  return SharedRecord(std::move(fd), data, member);
}

Result<SharedRecord> SharedRecord::open_existing(const std::string& path) {
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CLOEXEC));
  if (!fd.valid() && errno == ENOENT)
    return Error(ErrorKind::kNotFound, fmt::format("there is no {}", path));
  if (!fd.valid()) return failed("open", path);
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0) return failed("look at", path);
  if (static_cast<size_t>(info.st_size) < kBytes)
    return Error(ErrorKind::kNotFound, fmt::format("{} is not written yet", path));
  return map(std::move(fd), path, kNoMember);
}

Result<SharedRecord> SharedRecord::open(const std::string& path, bool as_member) {
  std::error_code problem;
  const auto folder = std::filesystem::path(path).parent_path();
  std::filesystem::create_directories(folder, problem);
  if (problem) {
    return Error(ErrorKind::kStorageFailed,
                 fmt::format("cannot make {}: {}", folder.string(), system_text(problem)));
  }
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!fd.valid()) return failed("open", path);
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0) return failed("look at", path);
  // Growing is the same whoever does it: new bytes are zero.
  if (static_cast<size_t>(info.st_size) < kBytes &&
      ::ftruncate(fd.get(), static_cast<off_t>(kBytes)) != 0) {
    return failed("grow", path);
  }
  if (!as_member) return map(std::move(fd), path, kNoMember);
  for (size_t member = 0; member < kMembers; ++member) {
    auto lock = range(kFirstMemberByte + static_cast<off_t>(member), F_WRLCK);
    if (::fcntl(fd.get(), F_OFD_SETLK, &lock) != 0) {
      if (errno == EAGAIN || errno == EACCES) continue;
      return failed("lock", path);
    }
    return map(std::move(fd), path, member);
  }
  return Error(
      ErrorKind::kConflict,
      fmt::format("{} is in use by {} clients, which is all it has room for", path, kMembers));
}

SharedRecord::SharedRecord(SharedRecord&& other) noexcept
    : fd_(std::move(other.fd_)),
      data_(std::exchange(other.data_, nullptr)),
      member_(other.member_) {}

SharedRecord::~SharedRecord() {
  if (data_ != nullptr) ::munmap(data_, kBytes);
}

void SharedRecord::lock() {
  auto lock = range(kMutexByte, F_WRLCK);
  int done = 0;
  do {
    done = ::fcntl(fd_.get(), F_OFD_SETLKW, &lock);
  } while (done != 0 && errno == EINTR);
  FALAJ_CHECK(done == 0, "a lock of an open file failed: {}", system_text(errno));
}

void SharedRecord::unlock() {
  auto lock = range(kMutexByte, F_UNLCK);
  ::fcntl(fd_.get(), F_OFD_SETLK, &lock);
}

bool SharedRecord::is_alive(size_t member) const {
  if (member == member_) return true;
  auto lock = range(kFirstMemberByte + static_cast<off_t>(member), F_WRLCK);
  if (::fcntl(fd_.get(), F_OFD_GETLK, &lock) != 0) return true;
  return lock.l_type != F_UNLCK;
}

}  // namespace falaj::state
