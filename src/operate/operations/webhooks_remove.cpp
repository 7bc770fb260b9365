// `falaj webhooks remove`: ends subscriptions.
#include "operate/operations/shared_options.hpp"
#include "operate/operations/webhook_report.hpp"
#include "operate/report_shapes.hpp"

namespace falaj::operate::operations {

Operation webhooks_remove(const Services& services) {
  return {.name = "webhooks remove",
          .group = Group::kWebhooks,
          .help = "end subscriptions",
          .details = "",
          .examples = {"falaj webhooks remove --url https://shop.example.com/webhooks/salla"},
          .options = {{.name = "url",
                       .help = "all that deliver there",
                       .value_name = "URL",
                       .excludes = {"id"}},
                      {.name = "id",
                       .type = OptionType::kInteger,
                       .help = "one, by its number in `falaj webhooks list`"},
                      store_choice()},
          .touches = {.reads_home = true, .asks_store = true, .note = "changes subscriptions"},
          .shows = Shows::kWaits,
          .report = list_of(webhook_shape()),
          .run = [services](const Context& context, const Request& request) -> Result<Report> {
            WebhookRemoveRequest remove;
            remove.url = request.text("url");
            remove.id = request.integer("id").value_or(0);
            remove.stores = request.texts("store");
            if (remove.url.empty() && remove.id == 0)
              return Error(ErrorKind::kUsage, "say which: --url or --id");
            return webhook_report(services.webhooks.remove(context.home(), remove));
          }};
}

}  // namespace falaj::operate::operations
