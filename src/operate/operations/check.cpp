// `falaj check`: everything that a run needs.
#include "operate/operations/shared_options.hpp"
#include "operate/report_shapes.hpp"

namespace falaj::operate::operations {
namespace {

// Of the first line that failed.
int check_status(const std::vector<CheckItem>& items) {
  for (const auto& item : items) {
    if (item.state == CheckItem::State::kFailed) return item.exit_status;
  }
  return 0;
}

}  // namespace

Operation check(const Services& services) {
  return {.name = "check",
          .group = Group::kMaintain,
          .help = "look at everything a run needs, and say what is missing",
          .details =
              "Opens what a run will open: files, control state, tokens, warehouse, store. "
              "Each line that failed says what to do; the exit status is that of the first.",
          .examples = {"falaj check --home /srv/falaj"},
          .options = {},
          .touches = {.reads_home = true,
                      .reads_warehouse = true,
                      .asks_store = true,
                      .note = "a few requests a store"},
          .shows = Shows::kWaits,
          .home_use = HomeUse::kDespiteFaults,
          .report = list_of(check_shape()),
          .run = [services](const Context& context, const Request&) -> Result<Report> {
            FALAJ_ASSIGN(auto items, services.check(context.home()));
            const int status = check_status(items);
            return Report::list(std::move(items), check_shape(), status);
          }};
}

}  // namespace falaj::operate::operations
