// The turn of writers: an exclusive flock on one file, held from BEGIN to COMMIT.
// DuckLake 1.5.5 does not retry SQLite's "database is locked" at COMMIT; without this two writers
// fail a quarter of their commits. Who waits next in line holds a second lock (<path>.queue)
// meanwhile, so that a writer that comes back at once does not starve the others.
// Owns:     a descriptor of its own, so that it also excludes other sessions of this process. The
//           kernel frees the lock when the process dies.
// Threads:  confined to one; cancel() is safe.
// Errors:   kTimeout after the wait, kCancelled, kStorageFailed.
#pragma once

#include <atomic>
#include <chrono>
#include <stop_token>
#include <string>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace falaj::warehouse {

class WriterLock {
 public:
  WriterLock(std::string path, std::chrono::seconds timeout, std::stop_token stop = {})
      : path_(std::move(path)), timeout_(timeout), stop_(std::move(stop)) {}

  Status acquire();
  void release();
  bool is_held() const { return held_; }
  // Ends a wait in acquire(), as the stop does.
  void cancel() { cancelled_ = true; }

 private:
  Status open();
  Status wait_for(const UniqueFd& file, std::chrono::steady_clock::time_point give_up);

  std::string path_;
  std::chrono::seconds timeout_;
  std::stop_token stop_;
  UniqueFd file_;
  UniqueFd queue_;
  bool held_ = false;
  std::atomic<bool> cancelled_{false};
};

}  // namespace falaj::warehouse
