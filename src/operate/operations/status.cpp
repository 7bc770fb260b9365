// `falaj status`: the last runs.
#include "operate/operations/shared_options.hpp"
#include "operate/report_shapes.hpp"

namespace falaj::operate::operations {

Operation status(const Services& services) {
  return {.name = "status",
          .group = Group::kInspect,
          .help = "the last runs, from the control state",
          .details = "May be called while a run is going on, and shows how far it is.",
          .examples = {"falaj status --live"},
          .options = {{.name = "live",
                       .type = OptionType::kFlag,
                       .help = "also open the warehouse and count its tables"}},
          .touches = {.reads_home = true,
                      .reads_warehouse = true,
                      .note = "the warehouse with --live, and for the books of a run that was "
                              "killed"},
          .home_use = HomeUse::kDespiteFaults,
          .report = one_of(status_shape()),
          .run = [services](const Context& context, const Request& request) -> Result<Report> {
            FALAJ_ASSIGN(auto report, services.status(context.home(), request.flag("live")));
            return Report::of(std::move(report), status_shape());
          }};
}

}  // namespace falaj::operate::operations
