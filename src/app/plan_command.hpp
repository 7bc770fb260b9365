// `falaj plan`: what a run or a backfill would take of each store.
// Threads:  called from the main thread.
// Errors:   of the settings, the stores and the API; kUsage for days or streams that do not fit. A
//           run may be going on meanwhile.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "home/home.hpp"
#include "operate/services.hpp"

namespace falaj::app {

// Asks each store for first pages of its lists; writes nothing.
Result<std::vector<operate::PlanReport>> plan(const home::Home& home,
                                              const operate::RunRequest& request);

}  // namespace falaj::app
