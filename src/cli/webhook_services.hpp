// See cli/services.hpp.
// Threads:  see operate/webhook_services.hpp.
#pragma once

#include "operate/webhook_services.hpp"

namespace falaj::cli {

using operate::WebhookRegisterRequest;
using operate::WebhookRemoveRequest;
using operate::WebhookServeReport;
using operate::WebhookServeRequest;
using operate::WebhookServices;
using operate::WebhookView;

}  // namespace falaj::cli
