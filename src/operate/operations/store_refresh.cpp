// `falaj store refresh`: fresh tokens.
#include "operate/operations/shared_options.hpp"
#include "operate/report_shapes.hpp"

namespace falaj::operate::operations {
namespace {

constexpr const char* kRefreshedForm = "refreshed store list";

}  // namespace

Operation store_refresh(const Services& services) {
  return {.name = "store refresh",
          .group = Group::kStores,
          .help = "make sure that tokens are fresh",
          .details = "A run does this by itself; a home that nothing reads for two weeks needs it.",
          .examples = {"falaj store refresh", "falaj store refresh riyadh --now"},
          .options = {{.name = "NAME",
                       .help = "name or id (default: each that can be refreshed)",
                       .is_positional = true},
                      {.name = "now",
                       .type = OptionType::kFlag,
                       .help = "also before it is due",
                       .needs = {"NAME"}},
                      {.name = "again",
                       .type = OptionType::kFlag,
                       .help = "send the refresh token though the outcome of an earlier refresh is "
                               "unknown",
                       .needs = {"NAME"}}},
          .touches = {.reads_home = true,
                      .writes_home = true,
                      .asks_store = true,
                      .note = "Salla's accounts"},
          .shows = Shows::kWaits,
          .report = list_of(store_shape()).in_form(kRefreshedForm),
          .run = [services](const Context& context, const Request& request) -> Result<Report> {
            const bool is_again = request.flag("again");
            FALAJ_ASSIGN(
                auto stores,
                services.store.refresh(context.home(), {.name = request.text("NAME"),
                                                        .is_asked = request.flag("now") || is_again,
                                                        .is_again = is_again}));
            return Report::list(std::move(stores), store_shape()).in_form(kRefreshedForm);
          }};
}

}  // namespace falaj::operate::operations
