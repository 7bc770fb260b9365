// One falaj works on a home at a time: an advisory lock on <home>/falaj.lock.
// Owns:     the lock; the kernel frees it when the process ends, however it ends.
// Shape:    the file says who holds it; holder() only looks, and never keeps anybody from acquiring.
// Errors:   kConflict naming the process that holds it and since when; kStorageFailed.
#pragma once

#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace falaj::home {

class HomeLock {
 public:
  static Result<HomeLock> acquire(const std::string& home, const Clock& clock);
  // "process 4711, since 2026-11-23T14:26:09Z"; nothing when nobody holds it.
  static std::optional<std::string> holder(const std::string& home);

 private:
  explicit HomeLock(UniqueFd fd) : fd_(std::move(fd)) {}
  UniqueFd fd_;
};

}  // namespace falaj::home
