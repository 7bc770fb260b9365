// What a run asks of the world outside of this folder: the warehouse of its home, and who watches it.
// Threads:  the watcher is told from the run's threads, one call at a time; the rest is for the main
//           thread and the loading thread.
#pragma once

#include <string>

#include "base/json.hpp"
#include "run/progress.hpp"
#include "run/run_report.hpp"
#include "warehouse/opener.hpp"

namespace falaj::run {

class RunOutside : public ProgressWatcher {
 public:
  // The home is held: a run of that name begins, and has ended. What watches is told in between.
  virtual void begin(const std::string& task) = 0;
  virtual void end() = 0;
  virtual warehouse::Opener& warehouse() = 0;
  // The report as the home keeps it, for `falaj status`.
  virtual Json to_json(const RunReport& report) const = 0;
};

}  // namespace falaj::run
