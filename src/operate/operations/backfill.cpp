// `falaj backfill`: what was created on some days.
#include "operate/operations/shared_options.hpp"
#include "operate/report_shapes.hpp"

namespace falaj::operate::operations {

Operation backfill(const Services& services) {
  return {.name = "backfill",
          .group = Group::kRun,
          .help = "read what was created on some days, to full depth",
          .details =
              "Takes the backfill's share of the quota, so that runs that follow changes go "
              "first. Stopped or killed, the same command goes on; orders that are at full "
              "depth are left out. `falaj plan` with the same options says what it takes.",
          .examples = {"falaj backfill --from 2025-01-01 --to 2025-12-31 --for 2h"},
          .options = {{.name = "from",
                       .type = OptionType::kDay,
                       .help = "first day, YYYY-MM-DD, of Riyadh",
                       .is_required = true},
                      {.name = "to",
                       .type = OptionType::kDay,
                       .help = "last day, inclusive",
                       .is_required = true},
                      {.name = "stream",
                       .help = "this stream only (default: all that can be asked for by day)",
                       .value_name = "NAME"},
                      depth_choice(),
                      time_limit(),
                      store_choice()},
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
                                      run_request(request, RunRequest::Task::kBackfill));
              },
          .next_step = next_step_of_run};
}

}  // namespace falaj::operate::operations
