// `falaj webhooks register|list|remove`: which events of which stores Salla delivers where.
// Shape:    one line a subscription; one that the API refuses is a line too, and does not stop the
//           others.
// Threads:  called from the main thread.
// Errors:   those of reaching the store; kInvalidConfig when there is no secret to set.
// Facts:    salla-api.md 5.1: one event a webhook; the same URL again updates or restores it;
//           strategy and secret are set by PUT
#pragma once

#include <string>
#include <vector>

#include "home/home.hpp"
#include "operate/webhook_services.hpp"

namespace falaj::app {

Result<std::vector<operate::WebhookView>> list_webhooks(const home::Home& home,
                                                        const std::vector<std::string>& stores);
Result<std::vector<operate::WebhookView>> register_webhooks(
    const home::Home& home, const operate::WebhookRegisterRequest& request);
Result<std::vector<operate::WebhookView>> remove_webhooks(
    const home::Home& home, const operate::WebhookRemoveRequest& request);

}  // namespace falaj::app
