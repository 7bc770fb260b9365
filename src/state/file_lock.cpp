#include "state/file_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>

#include "base/system_error.hpp"
#include "base/waits.hpp"

namespace falaj::state {
namespace {

using namespace std::chrono_literals;

constexpr Micros kFirstWait = 1ms;
constexpr Micros kLongestWait = 20ms;

Error failed(const char* what, const std::string& path) {
  return Error(ErrorKind::kStorageFailed,
               fmt::format("cannot {} {}: {}", what, path, system_text(errno)));
}

Result<UniqueFd> open_file(const std::string& path) {
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!fd.valid()) return failed("open", path);
  return fd;
}

}  // namespace

Result<FileLock> FileLock::acquire(const std::string& path, Clock& clock, Micros patience,
                                   const std::stop_token& stop) {
  FALAJ_ASSIGN(auto fd, open_file(path));
  const auto until = clock.steady_now() + patience;
  std::optional<ShownWait> shown;
  for (auto wait = kFirstWait; ::flock(fd.get(), LOCK_EX | LOCK_NB) != 0;
       wait = std::min(wait * 2, kLongestWait)) {
    if (errno != EWOULDBLOCK && errno != EINTR) return failed("lock", path);
    if (clock.steady_now() >= until) {
      return Error(ErrorKind::kConflict,
                   fmt::format("another falaj holds {} for longer than {} s; try again", path,
                               patience.count() / 1'000'000));
    }
    if (!shown) shown.emplace(&clock, Wait{WaitFor::kLock, path, "", patience, true});
    if (!clock.wait_for(wait, stop))
      return Error(ErrorKind::kCancelled, "asked to stop while waiting for " + path);
  }
  return FileLock(std::move(fd));
}

Result<FileLock> FileLock::acquire(const std::string& path) {
  FALAJ_ASSIGN(auto fd, open_file(path));
  while (::flock(fd.get(), LOCK_EX) != 0) {
    if (errno != EINTR) return failed("lock", path);
  }
  return FileLock(std::move(fd));
}

}  // namespace falaj::state
