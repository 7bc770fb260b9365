// `falaj run`: what changed since the last run.
#include "operate/operations/shared_options.hpp"
#include "operate/report_shapes.hpp"

namespace falaj::operate::operations {

Operation run(const Services& services) {
  return {.name = "run",
          .group = Group::kRun,
          .help = "extract, land, load and model what changed",
          .details =
              "Reads what changed since the last run, lands each answer durably, loads it "
              "once into the warehouse and builds the models that depend on it. A run that "
              "was stopped or killed is resumed: no answer that has landed is asked for "
              "again.",
          .examples = {"falaj run --for 30m", "falaj run --store riyadh --depth summary"},
          .options = {depth_choice(),
                      time_limit(),
                      store_choice(),
                      {.name = "full-refresh",
                       .type = OptionType::kFlag,
                       .help = "build every model again from all of its sources"}},
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
                                      run_request(request, RunRequest::Task::kRun));
              },
          .next_step = next_step_of_run};
}

}  // namespace falaj::operate::operations
