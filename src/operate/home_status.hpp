// `falaj status` and `falaj coverage`: what the home says of its runs and of what it knows.
// Threads:  called from the main thread.
// Errors:   of the control state and the warehouse.
#pragma once

#include <vector>

#include "base/result.hpp"
#include "home/home.hpp"
#include "operate/coverage.hpp"
#include "operate/reports.hpp"
#include "warehouse/opener.hpp"

namespace falaj::operate {

// From the control state; with `live` the warehouse is opened and its tables are counted.
Result<StatusReport> home_status(const home::Home& home, warehouse::Opener& opener, bool live);

// OPS.coverage of the warehouse, opened read-only; empty before the first run.
Result<std::vector<Coverage>> home_coverage(warehouse::Opener& opener);

}  // namespace falaj::operate
