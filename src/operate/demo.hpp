// The demo: a simulated store is started, loaded twice, and what was built is shown.
// Owns:     the store's process for the time of the call.
// Errors:   of the run; kUnavailable when salla-sim does not start.
#pragma once

#include <string>

#include "base/result.hpp"
#include "cli/services.hpp"
#include "home/home.hpp"

namespace falaj::operate {

Result<cli::DemoReport> demo(const home::Home& home, const cli::DemoRequest& request,
                             const operate::ProgressSink& progress);

}  // namespace falaj::operate
