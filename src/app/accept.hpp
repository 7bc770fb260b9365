// `falaj accept`: whether a warehouse keeps what falaj needs, shown in a scratch database that is
// removed afterwards.
// Threads:  called from the main thread.
// Errors:   kUsage (no such landing), of signing in and of making the scratch database. What is
//           found out then is data in the report.
#pragma once

#include <functional>
#include <string>

#include "base/result.hpp"
#include "home/home.hpp"
#include "operate/services.hpp"

namespace falaj::app {

Result<operate::AcceptReport> accept(const home::Home& home, const operate::AcceptRequest& request,
                                     const std::function<void(const std::string&)>& tell);

}  // namespace falaj::app
