// How far a run is, for the progress line of a terminal and for the log.
// Units:    counts; eta_seconds < 0 means unknown.
// Threads:  values; the sink is called from the run's threads, one call at a time.
#pragma once

#include <functional>
#include <vector>

#include "base/json.hpp"
#include "operate/waits.hpp"
#include "run/progress.hpp"

namespace falaj::operate {

struct Progress : run::Progress {
  std::vector<WaitView> waits;  // of this moment
};

Json to_json(const Progress& progress);
Progress progress_of(const Json& json);

using ProgressSink = std::function<void(const Progress&)>;

}  // namespace falaj::operate
