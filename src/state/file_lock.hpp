// A lock on a file that holds across processes; the kernel frees it when its holder dies.
// Owns:     the lock and the file descriptor.
// Threads:  a lock belongs to whoever acquired it; another thread of the same process waits for it
//           like another process.
// Errors:   kStorageFailed naming the file; kConflict when `patience` is over; kCancelled.
#pragma once

#include <stop_token>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace falaj::state {

class FileLock {
 public:
  // Makes the file (for its owner alone) if need be and waits for the lock.
  static Result<FileLock> acquire(const std::string& path, Clock& clock, Micros patience,
                                  const std::stop_token& stop);
  // Waits for the lock as long as it takes: for work that is over in a moment.
  static Result<FileLock> acquire(const std::string& path);

  int descriptor() const { return fd_.get(); }

 private:
  explicit FileLock(UniqueFd fd) : fd_(std::move(fd)) {}
  UniqueFd fd_;
};

}  // namespace falaj::state
