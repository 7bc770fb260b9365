#include "warehouse/duckdb/writer_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <thread>

#include "base/system_error.hpp"
#include "base/waits.hpp"

namespace falaj::warehouse {
namespace {

constexpr std::chrono::microseconds kFirstWait{200};
constexpr std::chrono::microseconds kLongestWait{2000};

Result<UniqueFd> open_lock_file(const std::string& path) {
  UniqueFd file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  if (file.valid()) return file;
  return Error(ErrorKind::kStorageFailed,
               fmt::format("cannot open the lock file {}: {}", path, system_text(errno)));
}

}  // namespace

Status WriterLock::open() {
  if (file_.valid()) return {};
  FALAJ_ASSIGN(queue_, open_lock_file(path_ + ".queue"));
  FALAJ_ASSIGN(file_, open_lock_file(path_));
  return {};
}

Status WriterLock::wait_for(const UniqueFd& file, std::chrono::steady_clock::time_point give_up) {
  auto wait = kFirstWait;
  std::optional<ShownWait> shown;
  while (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) {
      return Error(ErrorKind::kStorageFailed,
                   fmt::format("cannot lock {}: {}", path_, system_text(errno)));
    }
    if (cancelled_ || stop_.stop_requested()) {
      return Error(ErrorKind::kCancelled, fmt::format("stopped while waiting for {}", path_));
    }
    if (std::chrono::steady_clock::now() > give_up) {
      return Error(ErrorKind::kTimeout,
                   fmt::format("another writer has held {} for {} s; look for a falaj process that "
                               "hangs, or try again later",
                               path_, timeout_.count()));
    }
    if (!shown) {
      const auto left = give_up - std::chrono::steady_clock::now();
      shown.emplace(nullptr, Wait{WaitFor::kLock, path_, "another writer has it",
                                  std::chrono::duration_cast<Micros>(left), true});
    }
    std::this_thread::sleep_for(wait);
    wait = std::min(wait * 2, kLongestWait);
  }
  return {};
}

Status WriterLock::acquire() {
  if (held_) return {};
  FALAJ_TRY(open());
  cancelled_ = false;
  // Real time, not the Clock's: the others who hold the lock live in real time.
  const auto give_up = std::chrono::steady_clock::now() + timeout_;
  FALAJ_TRY(wait_for(queue_, give_up));
  Status done = wait_for(file_, give_up);
  ::flock(queue_.get(), LOCK_UN);
  held_ = done.ok();
  return done;
}

void WriterLock::release() {
  if (held_) ::flock(file_.get(), LOCK_UN);
  held_ = false;
}

}  // namespace falaj::warehouse
