// `falaj webhooks`: the receiver of events, and the subscriptions at the API.
// Threads:  called from the main thread.
#pragma once

#include <string>

#include "cli/store_commands.hpp"
#include "operate/webhook_services.hpp"

namespace falaj::cli {

struct WebhookOptions {
  int64_t port = -1;  // -1: as the settings say
  operate::WebhookServeRequest serve;
  operate::WebhookRegisterRequest add;
  operate::WebhookRemoveRequest remove;
  std::vector<std::string> stores;
};

void declare_webhooks(CLI::App& app, WebhookOptions& options, const Decorate& decorate);
int run_webhooks(const CLI::App& command, const std::string& home, bool json,
                 const WebhookOptions& options, const operate::WebhookServices& services);

}  // namespace falaj::cli
