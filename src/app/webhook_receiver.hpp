// `falaj webhooks serve`: the receiver with this home's settings, inbox and secrets. It takes no
// lock on the home: it runs while `falaj run` does.
// Threads:  called from the main thread; returns after a signal.
// Errors:   those of Receiver::start(); kInvalidConfig for secrets that cannot be read.
#pragma once

#include <functional>
#include <string>

#include "home/home.hpp"
#include "operate/webhook_services.hpp"
#include "webhooks/receiver.hpp"

namespace falaj::app {

Result<operate::WebhookServeReport> serve_webhooks(
    const home::Home& home, const operate::WebhookServeRequest& request,
    const std::function<void(const std::string& url)>& on_listening);

// What a receiver of this home works with; the hooks may be used by one thread.
webhooks::ReceiverHooks receiver_hooks(const home::Home& home);
Result<webhooks::ReceiverOptions> receiver_options(const home::Home& home);

}  // namespace falaj::app
