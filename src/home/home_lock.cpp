#include "home/home_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/log.hpp"
#include "base/system_error.hpp"

namespace falaj::home {
namespace {

std::string lock_file(const std::string& home) {
  return home + "/falaj.lock";
}

std::string text_of(int fd) {
  std::array<char, 128> holder{};
  const auto got = ::pread(fd, holder.data(), holder.size() - 1, 0);
  return std::string(holder.data(), got > 0 ? static_cast<size_t>(got) : 0);
}

// The whole file, for an open file description.
struct flock whole_file(short type) {
  struct flock lock {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  return lock;
}

}  // namespace

Result<HomeLock> HomeLock::acquire(const std::string& home, const Clock& clock) {
  const auto path = lock_file(home);
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  if (!fd.valid()) {
    return Error(ErrorKind::kStorageFailed,
                 fmt::format("cannot open {}: {}", path, system_text(errno)));
  }
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) {
      return Error(ErrorKind::kStorageFailed,
                   fmt::format("cannot lock {}: {}", path, system_text(errno)));
    }
    const auto text = text_of(fd.get());
    return Error(
        ErrorKind::kConflict,
        fmt::format("another falaj works on {}: {}; wait for it or stop it, then try again", home,
                    text.empty() ? "it has just started" : text));
  }
  const auto text = fmt::format("process {}, since {}", ::getpid(), to_iso8601(clock.now()));
  if (::ftruncate(fd.get(), 0) != 0 ||
      ::pwrite(fd.get(), text.data(), text.size(), 0) != static_cast<ssize_t>(text.size())) {
    return Error(ErrorKind::kStorageFailed,
                 fmt::format("cannot write {}: {}", path, system_text(errno)));
  }
  // A second lock, of the kind that one can ask about without taking it.
  auto shown = whole_file(F_WRLCK);
  if (::fcntl(fd.get(), F_OFD_SETLK, &shown) != 0)
    log_debug("{}: {}; `falaj status` will not see this run", path, system_text(errno));
  return HomeLock(std::move(fd));
}

std::optional<std::string> HomeLock::holder(const std::string& home) {
  const UniqueFd fd(::open(lock_file(home).c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) return std::nullopt;
  auto asked = whole_file(F_RDLCK);
  if (::fcntl(fd.get(), F_OFD_GETLK, &asked) != 0 || asked.l_type == F_UNLCK) return std::nullopt;
  return text_of(fd.get());
}

}  // namespace falaj::home
