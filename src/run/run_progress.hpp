// How far a run is, of all its stores together: what the progress line says, and how right its
// estimate of the end was.
// Shape:    the run is done with asking when its slowest store is.
// Threads:  safe; called from the threads of the stores. The watcher is told one call at a time, and
//           not for each request.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "extract/extractor.hpp"
#include "run/eta.hpp"
#include "run/progress.hpp"
#include "run/run_report.hpp"

namespace falaj::run {

class RunProgress {
 public:
  // Both must outlive it; without a watcher it only takes samples.
  RunProgress(const Clock& clock, ProgressWatcher* watcher)
      : clock_(clock), watcher_(watcher), started_(clock.steady_now()) {
    shown_.stage = "start";
  }

  // Of so many stores; asking begins now.
  void begin(size_t stores);
  void begin_store(size_t store);
  void show(size_t store, const extract::ExtractProgress& progress);
  // Shows what is waited for, once a second; once more when nothing is waited for any longer.
  void tick();
  void end_store(size_t store);
  // What comes after asking: "load", "transform", "reconcile".
  void show_stage(const std::string& stage);
  // How far that is; of a stage that has not begun nothing is shown.
  void show_steps(const std::string& stage, const std::string& what, int64_t done, int64_t all);

  // Estimates at some parts of the way, as they were given.
  std::vector<EtaSample> samples() const;

 private:
  struct StoreLine {
    extract::ExtractProgress latest;
    Eta eta;
    bool is_being_read = false;
    bool has_ended = false;
  };
  Progress line(const std::string& stream) const;
  void tell(Progress line);  // with what is waited for
  std::optional<Micros> left(Micros now) const;
  void sample(Micros now);

  const Clock& clock_;
  ProgressWatcher* watcher_;
  Micros started_;
  size_t stores_count_ = 0;
  mutable std::mutex mutex_;
  std::map<size_t, StoreLine> stores_;
  int64_t done_ = 0;  // orders of all stores
  int64_t all_ = 0;
  std::string stage_ = "extract";
  Progress shown_;  // what the watcher was told last
  bool has_shown_waits_ = false;
  std::chrono::steady_clock::time_point shown_at_;
  std::vector<EtaSample> samples_;
};

}  // namespace falaj::run
