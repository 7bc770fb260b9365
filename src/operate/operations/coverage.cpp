// `falaj coverage`: how much of each store is known.
#include "operate/operations/shared_options.hpp"
#include "operate/report_shapes.hpp"

namespace falaj::operate::operations {

Operation coverage(const Services& services) {
  return {.name = "coverage",
          .group = Group::kInspect,
          .help = "how much of each store is known, and how deep",
          .details = "From OPS.coverage, which is written with the models in their transaction.",
          .examples = {"falaj coverage --json"},
          .options = {},
          .touches = {.reads_home = true, .reads_warehouse = true},
          .report = list_of(coverage_shape()),
          .run = [services](const Context& context, const Request&) -> Result<Report> {
            FALAJ_ASSIGN(auto rows, services.coverage(context.home()));
            return Report::list(std::move(rows), coverage_shape());
          }};
}

}  // namespace falaj::operate::operations
