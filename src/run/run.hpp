// One run: open the home, extract, land, load, transform, reconcile. run.cpp is the map of falaj.
// Threads:  called from the main thread; extraction runs on it, loading beside it.
// Errors:   whatever stopped the run; what had landed is kept and loaded by the next run.
#pragma once

#include "base/result.hpp"
#include "home/home.hpp"
#include "run/run_outside.hpp"
#include "run/run_report.hpp"
#include "run/run_request.hpp"

namespace falaj::run {

Result<RunReport> run(const home::Home& home, const RunRequest& request, RunOutside& outside);

}  // namespace falaj::run
