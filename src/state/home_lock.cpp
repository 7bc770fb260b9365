#include "state/home_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace falaj::state {

Result<HomeLock> HomeLock::acquire(const std::string& home, const Clock& clock) {
  const auto path = home + "/falaj.lock";
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  if (!fd.valid()) {
    return Error(ErrorKind::kStorageFailed,
                 fmt::format("cannot open {}: {}", path, std::strerror(errno)));
  }
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) {
      return Error(ErrorKind::kStorageFailed,
                   fmt::format("cannot lock {}: {}", path, std::strerror(errno)));
    }
    std::array<char, 128> holder{};
    const auto got = ::pread(fd.get(), holder.data(), holder.size() - 1, 0);
    const std::string text(holder.data(), got > 0 ? static_cast<size_t>(got) : 0);
    return Error(
        ErrorKind::kConflict,
        fmt::format("another falaj works on {}: {}; wait for it or stop it, then try again", home,
                    text.empty() ? "it has just started" : text));
  }
  const auto text = fmt::format("process {}, since {}", ::getpid(), to_iso8601(clock.now()));
  if (::ftruncate(fd.get(), 0) != 0 ||
      ::pwrite(fd.get(), text.data(), text.size(), 0) != static_cast<ssize_t>(text.size())) {
    return Error(ErrorKind::kStorageFailed,
                 fmt::format("cannot write {}: {}", path, std::strerror(errno)));
  }
  return HomeLock(std::move(fd));
}

}  // namespace falaj::state
