// One run: open the home, extract, land, load, transform, reconcile. run.cpp is the map of falaj.
// Threads:  called from the main thread; extraction runs on it, loading beside it.
// Errors:   whatever stopped the run; what had landed is kept and loaded by the next run.
#pragma once

#include <string>

#include "base/result.hpp"
#include "cli/services.hpp"

namespace falaj::app {

Result<operate::RunReport> run(const std::string& home, const cli::RunRequest& request,
                               const operate::ProgressSink& progress);

}  // namespace falaj::app
