// How far a run is, for the progress line of a terminal and for the log.
// Units:    counts; eta_seconds < 0 means unknown.
// Threads:  values; the sink is called from the run's threads, one call at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "operate/waits.hpp"

namespace falaj::operate {

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
  int64_t stores_reading = 0;   // at this moment
  std::vector<WaitView> waits;  // of this moment
};

Json to_json(const Progress& progress);
Progress progress_of(const Json& json);

using ProgressSink = std::function<void(const Progress&)>;

}  // namespace falaj::operate
