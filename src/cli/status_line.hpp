// What a command is at while it works: one line of a terminal that is rewritten each second, so that
// a wait counts down; without a terminal a line of the log about each long wait.
// Owns:     a thread. The line is cleared when it goes: before the command prints its answer.
// Threads:  safe.
#pragma once

#include <mutex>
#include <optional>
#include <string>

#include "base/ticker.hpp"
#include "operate/progress.hpp"
#include "operate/waits.hpp"

namespace falaj::cli {

class StatusLine {
 public:
  enum class Mode {
    kQuiet,
    kWaits,     // what is waited for, and nothing while it works
    kProgress,  // how far it is as well
  };
  // A terminal gets a line, everything else the log.
  explicit StatusLine(Mode mode);
  ~StatusLine();
  StatusLine(const StatusLine&) = delete;
  StatusLine& operator=(const StatusLine&) = delete;

  void show(const operate::Progress& progress);
  void show(const std::string& words);

 private:
  void tick();
  void draw();  // holds the mutex

  Mode mode_;
  bool is_terminal_;
  std::mutex mutex_;
  operate::Progress progress_;
  std::string words_;
  bool is_shown_ = false;
  operate::WaitLog log_;
  std::optional<Ticker> ticker_;
};

// Does what may have to wait; its result when the line is gone.
template <typename Work>
auto while_showing(StatusLine::Mode mode, Work work) {
  StatusLine line(mode);
  return work(line);
}

}  // namespace falaj::cli
