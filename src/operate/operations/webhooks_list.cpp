// `falaj webhooks list`: the subscriptions at the API.
#include "operate/operations/shared_options.hpp"
#include "operate/operations/webhook_report.hpp"
#include "operate/report_shapes.hpp"

namespace falaj::operate::operations {

Operation webhooks_list(const Services& services) {
  return {.name = "webhooks list",
          .group = Group::kWebhooks,
          .help = "the subscriptions at the API",
          .details = "",
          .examples = {"falaj webhooks list"},
          .options = {store_choice()},
          .touches = {.reads_home = true, .asks_store = true},
          .shows = Shows::kWaits,
          .report = list_of(webhook_shape()),
          .run = [services](const Context& context, const Request& request) -> Result<Report> {
            return webhook_report(services.webhooks.list(context.home(), request.texts("store")));
          }};
}

}  // namespace falaj::operate::operations
