// `falaj store authorize`: the merchant allows the app in a browser.
#include <fmt/format.h>

#include "operate/operations/shared_options.hpp"
#include "operate/report_shapes.hpp"

namespace falaj::operate::operations {
namespace {

AuthorizeRequest authorize_request(const Request& request) {
  return {.name = request.text("NAME"),
          .scopes = request.text("scopes"),
          .redirect_url = request.text("redirect-url"),
          .port = request.integer("port").value_or(0),
          .seconds = static_cast<int64_t>(request.seconds("wait").value_or(0)),
          .opens_browser = !request.flag("no-browser")};
}

}  // namespace

Operation store_authorize(const Services& services) {
  return {
      .name = "store authorize",
      .group = Group::kStores,
      .help = "let the merchant allow the app in a browser",
      .details =
          "OAuth, custom mode. Prints the address to open, waits until the browser comes "
          "back, and keeps the tokens, which falaj then refreshes by itself.",
      .examples = {"falaj store authorize riyadh --port 8910"},
      .options = {store_name("what you call the store"),
                  {.name = "port",
                   .type = OptionType::kInteger,
                   .help = "port of this machine that the browser comes back to; 0 chooses one",
                   .default_value = "0",
                   .least = 0,
                   .most = 65535},
                  {.name = "redirect-url",
                   .help = "address registered with the app, where it is not this machine's own",
                   .value_name = "URL"},
                  {.name = "scopes",
                   .help = "separated by blanks (default: what the home's streams need)"},
                  {.name = "wait",
                   .type = OptionType::kDuration,
                   .help = "how long to wait for the merchant",
                   .default_value = "10m",
                   .least = 1,
                   .most = 86'400},
                  {.name = "no-browser",
                   .type = OptionType::kFlag,
                   .help = "print the address only"}},
      .touches = {.reads_home = true,
                  .writes_home = true,
                  .asks_store = true,
                  .note = "Salla's accounts"},
      .report = one_of(store_shape()),
      .run = [services](const Context& context, const Request& request) -> Result<Report> {
        const auto show = [&](const std::string& url, const std::string& redirect_url) {
          context.caller.advise(
              fmt::format("Open this address in the merchant's browser:\n  {}\nIt comes back to {}",
                          url, redirect_url));
        };
        FALAJ_ASSIGN(auto store,
                     services.store.authorize(context.home(), authorize_request(request), show));
        return Report::of(std::move(store), store_shape());
      }};
}

}  // namespace falaj::operate::operations
