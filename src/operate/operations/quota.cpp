// `falaj quota`: request limits.
#include "operate/operations/shared_options.hpp"
#include "operate/report_shapes.hpp"

namespace falaj::operate::operations {

Operation quota(const Services& services) {
  return {.name = "quota",
          .group = Group::kInspect,
          .help = "each store's request limit, as all falaj processes know it now",
          .details =
              "What is left of each store's minute, what falaj used of it and for what, and "
              "how long nobody may ask. Sends no request.",
          .examples = {"falaj quota --json"},
          .options = {},
          .touches = {.reads_home = true},
          .report = one_of(quota_shape()),
          .run = [services](const Context& context, const Request&) -> Result<Report> {
            FALAJ_ASSIGN(auto report, services.quota(context.home()));
            return Report::of(std::move(report), quota_shape());
          }};
}

}  // namespace falaj::operate::operations
