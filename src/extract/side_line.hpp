// A second line of work beside the main one, for what must sometimes wait long while the main line
// could go on. The two take turns and never run at the same time, so that they may share everything
// without locks; each sees the other's doing only where it waits.
// Shape:    start() runs the work until it first waits, then returns; resume() lets it go on until
//           it waits again or ends.
// Owns:     a thread, from start() until the work ends.
// Threads:  start(), resume() and take() from the main line; wait() from the side line alone.
// Errors:   the work's own, from take().
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "base/result.hpp"

namespace falaj::extract {

class SideLine {
 public:
  SideLine() = default;
  // The work must have ended.
  ~SideLine();
  SideLine(const SideLine&) = delete;
  SideLine& operator=(const SideLine&) = delete;

  void start(std::function<Status()> work);
  void resume();
  // Gives the turn to the main line and returns when resumed.
  void wait();
  // Whether the caller is the side line.
  bool is_here() const { return std::this_thread::get_id() == id_; }
  bool is_running() const { return is_running_; }
  // What the ended work returned.
  Status take();

 private:
  enum class Turn { kMain, kSide };
  void give(Turn turn);
  void await(Turn turn);

  std::mutex mutex_;
  std::condition_variable changed_;
  Turn turn_ = Turn::kMain;
  bool is_running_ = false;  // read by whoever has the turn
  std::thread::id id_;
  std::thread thread_;
  Status outcome_;
};

}  // namespace falaj::extract
