// The demo: a simulated store is started, loaded twice, and what was built is shown.
// Owns:     the store's process for the time of the call.
// Errors:   of the run; kUnavailable when salla-sim does not start.
#pragma once

#include <functional>
#include <memory>

#include "base/result.hpp"
#include "home/home.hpp"
#include "operate/services.hpp"
#include "warehouse/opener.hpp"

namespace falaj::operate {

// The warehouse of a home with these settings.
using OpenerOf = std::function<std::unique_ptr<warehouse::Opener>(const home::Home& home)>;

Result<DemoReport> demo(const home::Home& home, const OpenerOf& opener_of,
                        const DemoRequest& request, const ProgressSink& progress);

}  // namespace falaj::operate
