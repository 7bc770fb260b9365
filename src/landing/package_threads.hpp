// The threads behind the packages that are being written: a few that compress and write frames and a
// few that flush them to disk, for all packages of a landing directory, however many are open.
// Shape:    a package's frame waits its turn; what comes meanwhile makes the next frame or the next
//           flush larger, so a busy disk is asked less often.
// Owns:     the threads, started when first needed, and an encoder (some MB) for each that writes.
// Threads:  safe. Must not be destroyed on one of its own threads; waits there for what was given.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "landing/frame.hpp"

namespace falaj::landing {

class PackageThreads {
 public:
  PackageThreads(size_t writers, size_t syncers);
  ~PackageThreads();
  PackageThreads(const PackageThreads&) = delete;
  PackageThreads& operator=(const PackageThreads&) = delete;

  void write(std::function<void(FrameEncoder&)> task);
  void sync(std::function<void()> task);
  // Calls `is_over` every 20 ms (real time, whatever the clock) until it returns true.
  void watch(std::function<bool()> is_over);

 private:
  template <typename Task>
  class Line {
   public:
    using Work = std::function<void(Line&)>;
    Line(size_t threads, Work work) : most_(threads), work_(std::move(work)) {}
    void push(Task task);
    // Waits for the next task; nothing when the line is closed and empty.
    std::optional<Task> next();
    void close();

   private:
    const size_t most_;
    const Work work_;  // what each thread does: next() until there is none
    std::mutex mutex_;
    std::condition_variable pushed_;
    std::deque<Task> tasks_;
    std::vector<std::thread> threads_;
    size_t idle_ = 0;
    bool is_closed_ = false;
  };

  void watch_all();

  Line<std::function<void(FrameEncoder&)>> writing_;
  Line<std::function<void()>> syncing_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::function<bool()>> watched_;
  bool is_closed_ = false;
  std::thread watcher_;
};

}  // namespace falaj::landing
