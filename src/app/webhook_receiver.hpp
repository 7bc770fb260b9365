// `falaj webhooks serve`: the receiver with this home's settings, inbox and secrets. It takes no
// lock on the home: it runs while `falaj run` does.
// Threads:  called from the main thread; returns after a signal.
// Errors:   those of Receiver::start(); kInvalidConfig for secrets that cannot be read.
#pragma once

#include <functional>
#include <string>

#include "app/home.hpp"
#include "cli/webhook_services.hpp"
#include "webhooks/receiver.hpp"

namespace falaj::app {

Result<cli::WebhookServeReport> serve_webhooks(
    const std::string& home, const cli::WebhookServeRequest& request,
    const std::function<void(const std::string& url)>& on_listening);

// What a receiver of this home works with; the hooks may be used by one thread.
webhooks::ReceiverHooks receiver_hooks(const HomePaths& paths, const config::Settings& settings,
                                       Clock& clock);
Result<webhooks::ReceiverOptions> receiver_options(const HomePaths& paths,
                                                   const config::Settings& settings);

}  // namespace falaj::app
