// `falaj config`: settings.
#include "operate/operations/shared_options.hpp"
#include "operate/report_shapes.hpp"

namespace falaj::operate::operations {

Operation config(const Services& services) {
  return {.name = "config",
          .group = Group::kInspect,
          .help = "each setting, its value and where it came from",
          .details = "Secrets are masked.",
          .examples = {"falaj config --json"},
          .options = {},
          .touches = {.reads_home = true},
          .report = list_of(setting_shape()),
          .run = [services](const Context& context, const Request&) -> Result<Report> {
            FALAJ_ASSIGN(auto settings, services.config(context.home()));
            return Report::list(std::move(settings), setting_shape());
          }};
}

}  // namespace falaj::operate::operations
