// `falaj run`, `falaj reconcile` and `falaj backfill`: a run that is watched.
// Threads:  called from the main thread; progress is told from the run's threads, one call at a time.
// Errors:   of the run.
#pragma once

#include "base/result.hpp"
#include "home/home.hpp"
#include "operate/services.hpp"
#include "warehouse/opener.hpp"

namespace falaj::operate {

Result<RunReport> run_home(const home::Home& home, warehouse::Opener& opener,
                           const RunRequest& request, const ProgressSink& progress);

}  // namespace falaj::operate
