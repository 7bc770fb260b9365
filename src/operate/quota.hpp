// `falaj quota`: what the shared records say of the request limits now; asks no store.
// Threads:  called from the main thread.
// Errors:   of the settings, the control state and the records' files.
#pragma once

#include <string>

#include "base/result.hpp"
#include "home/home.hpp"
#include "operate/quota_report.hpp"

namespace falaj::operate {

Result<QuotaReport> show_quota(const home::Home& home);

}  // namespace falaj::operate
