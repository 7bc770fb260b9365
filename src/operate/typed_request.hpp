// A request of the command line in the types that a run takes.
// Threads:  a function.
// Errors:   kUsage: a backfill's days are no days, or not in order.
#pragma once

#include "base/result.hpp"
#include "operate/services.hpp"
#include "run/run_request.hpp"

namespace falaj::operate {

Result<run::RunRequest> typed(const RunRequest& request);

}  // namespace falaj::operate
