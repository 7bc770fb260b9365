// The report of operations that list subscriptions.
// Threads:  a function.
#pragma once

#include <vector>

#include "operate/operation.hpp"
#include "operate/services.hpp"

namespace falaj::operate::operations {

// The exit status is 69 when one of them failed.
Result<Report> webhook_report(Result<std::vector<WebhookView>> hooks);

}  // namespace falaj::operate::operations
