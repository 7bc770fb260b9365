// How far a run is, for whoever watches it.
// Units:    counts; eta_seconds < 0 means unknown.
// Threads:  values; a watcher is told from the run's threads, one call at a time.
#pragma once

#include <cstdint>
#include <string>

namespace falaj::run {

struct Progress {
  std::string stage;   // "extract", "load", "transform", "reconcile"
  std::string stream;  // the stream in work, the model being built; empty if none
  int64_t pages = 0;
  int64_t rows = 0;
  int64_t requests = 0;
  int64_t orders_done = 0;  // brought to full depth, of those that need it
  int64_t orders_all = 0;   // 0: not known yet
  int64_t steps_done = 0;   // packages loaded, models built
  int64_t steps_all = 0;    // 0: not known yet
  double requests_per_second = 0;
  double quota_used_percent = -1;  // of what the store allows; < 0: no limit announced
  double eta_seconds = -1;
  int64_t stores_reading = 0;  // at this moment
};

class ProgressWatcher {
 public:
  virtual ~ProgressWatcher() = default;
  virtual void show(const Progress& progress) = 0;
  // Whether the process waits for something that is worth a word; then it is shown each second.
  virtual bool has_waits() const = 0;
};

}  // namespace falaj::run
