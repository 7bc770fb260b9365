// `falaj webhooks serve`: the receiver of events.
#include <fmt/format.h>

#include "operate/operations/shared_options.hpp"
#include "operate/report_shapes.hpp"

namespace falaj::operate::operations {

Operation webhooks_serve(const Services& services) {
  return {
      .name = "webhooks serve",
      .group = Group::kWebhooks,
      .help = "take events into the home's inbox until stopped",
      .details =
          "Runs beside `falaj run`, which takes in what is in the inbox. Ends at SIGINT "
          "or SIGTERM with 0.",
      .examples = {"SALLA_WEBHOOK_SECRET=... falaj webhooks serve --port 8085"},
      .options = {{.name = "port",
                   .type = OptionType::kInteger,
                   .help = "port; 0 chooses one (default: webhooks.port)",
                   .least = 0,
                   .most = 65535},
                  {.name = "address", .help = "address to listen on (default: webhooks.address)"},
                  {.name = "path", .help = "path of the URL (default: webhooks.path)"}},
      .touches = {.reads_home = true, .writes_home = true, .note = "the inbox"},
      .report = one_of(webhook_serve_shape()),
      .run = [services](const Context& context, const Request& request) -> Result<Report> {
        const WebhookServeRequest serve = {.port = request.integer("port"),
                                           .address = request.text("address"),
                                           .path = request.text("path")};
        FALAJ_ASSIGN(const auto report,
                     services.webhooks.serve(context.home(), serve, [&](const std::string& url) {
                       context.caller.announce(fmt::format("falaj takes webhooks at {}", url));
                     }));
        return Report::of(report, webhook_serve_shape());
      }};
}

}  // namespace falaj::operate::operations
