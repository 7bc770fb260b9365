// What the run that is going on says of itself, in a small file of the home: `falaj status` reads it
// while the home is locked. It says nothing that would have to survive a crash.
// Shape:    state/progress.json, written aside and renamed; removed with the note.
// Threads:  write() one call at a time.
// Errors:   none: a run does not fail over it.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "home/home.hpp"
#include "operate/progress.hpp"
#include "operate/reports.hpp"

namespace falaj::operate {

class ProgressNote {
 public:
  ProgressNote(const home::HomePaths& paths, std::string task);
  ~ProgressNote();
  ProgressNote(const ProgressNote&) = delete;
  ProgressNote& operator=(const ProgressNote&) = delete;

  // Once a second at most, and whenever the stage changes or a wait begins or ends.
  void write(const Progress& progress);
  // Nothing when no run is going on, or it has not said anything yet.
  static std::optional<StatusReport::Current> read(const home::HomePaths& paths);

 private:
  std::string path_;
  std::string task_;
  std::chrono::steady_clock::time_point written_at_;  // real time: people read it
  std::string stage_;
  bool has_waits_ = false;
};

}  // namespace falaj::operate
