// `falaj webhooks register`: subscribes a URL to events.
#include "operate/operations/shared_options.hpp"
#include "operate/operations/webhook_report.hpp"
#include "operate/report_shapes.hpp"

namespace falaj::operate::operations {

Operation webhooks_register(const Services& services) {
  return {.name = "webhooks register",
          .group = Group::kWebhooks,
          .help = "subscribe a URL at the API; again changes nothing",
          .details =
              "Sets strategy and secret of each subscription. A line whose state begins with "
              "\"failed\" makes the exit status 69.",
          .examples = {"falaj webhooks register --url https://shop.example.com/webhooks/salla",
                       "falaj webhooks register --url ... --event order.created"},
          .options = {{.name = "url",
                       .help = "where Salla is to deliver",
                       .value_name = "URL",
                       .is_required = true},
                      {.name = "event",
                       .help = "this event; may be repeated (default: all that falaj makes use of)",
                       .value_name = "NAME",
                       .is_repeatable = true},
                      store_choice()},
          .touches = {.reads_home = true, .asks_store = true, .note = "changes subscriptions"},
          .shows = Shows::kWaits,
          .report = list_of(webhook_shape()),
          .run = [services](const Context& context, const Request& request) -> Result<Report> {
            return webhook_report(
                services.webhooks.add(context.home(), {.url = request.text("url"),
                                                       .events = request.texts("event"),
                                                       .stores = request.texts("store")}));
          }};
}

}  // namespace falaj::operate::operations
