// The demo: a simulated store is started, loaded twice, and what was built is shown.
// Owns:     the store's process for the time of the call.
// Errors:   of the run; kUnavailable when salla-sim does not start.
#pragma once

#include <string>

#include "base/result.hpp"
#include "home/home.hpp"
#include "operate/services.hpp"

namespace falaj::app {

Result<operate::DemoReport> demo(const home::Home& home, const operate::DemoRequest& request,
                                 const operate::ProgressSink& progress);

}  // namespace falaj::app
