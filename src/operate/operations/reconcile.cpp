// `falaj reconcile`: everything compared with the store.
#include "operate/operations/shared_options.hpp"
#include "operate/report_shapes.hpp"

namespace falaj::operate::operations {

Operation reconcile(const Services& services) {
  return {.name = "reconcile",
          .group = Group::kRun,
          .help = "compare everything with the store, and repair what differs",
          .details =
              "For every night. A run that also reads the whole order list and compares the "
              "store's own totals with gold. A difference that remains makes the exit "
              "status 65.",
          .examples = {"falaj reconcile --for 1h"},
          .options = {time_limit(), store_choice()},
          .touches = {.reads_home = true,
                      .writes_home = true,
                      .reads_warehouse = true,
                      .writes_warehouse = true,
                      .asks_store = true},
          .shows = Shows::kProgress,
          .report = one_of(run_shape()),
          .run =
              [services](const Context& context, const Request& request) {
                return run_and_report(services, context,
                                      run_request(request, RunRequest::Task::kReconcile));
              },
          .next_step = next_step_of_run};
}

}  // namespace falaj::operate::operations
