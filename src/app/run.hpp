// One run: open the home, extract, land, load, transform, reconcile. run.cpp is the map of falaj.
// Threads:  called from the main thread; extraction runs on it, loading beside it.
// Errors:   whatever stopped the run; what had landed is kept and loaded by the next run.
#pragma once

#include <chrono>
#include <string>

#include "base/result.hpp"
#include "home/home.hpp"
#include "operate/services.hpp"

namespace falaj::app {

// An older run's lists say little about the store of today; what it has loaded stays known.
constexpr auto kResumableFor = std::chrono::hours(24);

// kUsage unless a backfill's days are days, in order.
Status check_days(const operate::RunRequest& request);

// "run", "reconcile", "backfill of 2025-01-01 to 2025-03-31, orders"
std::string task_name(const operate::RunRequest& request);

Result<operate::RunReport> run(const home::Home& home, const operate::RunRequest& request,
                               const operate::ProgressSink& progress);

}  // namespace falaj::app
