#include "warehouse/duckdb/writer_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <thread>

namespace falaj::warehouse {
namespace {

constexpr std::chrono::microseconds kFirstWait{500};
constexpr std::chrono::microseconds kLongestWait{5000};

}  // namespace

Status WriterLock::acquire() {
  if (held_) return {};
  if (!file_.valid()) {
    file_ = UniqueFd(::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
    if (!file_.valid()) {
      return Error(ErrorKind::kStorageFailed,
                   fmt::format("cannot open the lock file {}: {}", path_, std::strerror(errno)));
    }
  }
  cancelled_ = false;
  // Real time, not the Clock's: the others who hold the lock live in real time.
  const auto give_up = std::chrono::steady_clock::now() + timeout_;
  auto wait = kFirstWait;
  for (;;) {
    if (::flock(file_.get(), LOCK_EX | LOCK_NB) == 0) break;
    if (errno != EWOULDBLOCK && errno != EINTR) {
      return Error(ErrorKind::kStorageFailed,
                   fmt::format("cannot lock {}: {}", path_, std::strerror(errno)));
    }
    if (cancelled_) {
      return Error(ErrorKind::kCancelled, fmt::format("stopped while waiting for {}", path_));
    }
    if (std::chrono::steady_clock::now() > give_up) {
      return Error(ErrorKind::kTimeout,
                   fmt::format("another writer has held {} for {} s; look for a falaj process that "
                               "hangs, or try again later",
                               path_, timeout_.count()));
    }
    std::this_thread::sleep_for(wait);
    wait = std::min(wait * 2, kLongestWait);
  }
  held_ = true;
  return {};
}

void WriterLock::release() {
  if (held_) ::flock(file_.get(), LOCK_UN);
  held_ = false;
}

}  // namespace falaj::warehouse
