// `falaj demo`: a simulated store, loaded twice.
#include "operate/answers.hpp"
#include "operate/operations/shared_options.hpp"

namespace falaj::operate::operations {
namespace {

int demo_status(const DemoReport& report) {
  const bool is_good = report.first.mismatches.empty() && report.second.mismatches.empty() &&
                       report.second.rows_loaded() == 0;
  return is_good ? 0 : exit_code(ErrorKind::kRowsRejected);
}

DemoRequest demo_request(const Request& request) {
  DemoRequest demo;
  demo.orders = request.integer("orders").value_or(demo.orders);
  demo.dataset = request.text("dataset");
  demo.plan = request.text("plan");
  return demo;
}

}  // namespace

Operation demo(const Services& services) {
  return {.name = "demo",
          .group = Group::kRun,
          .help = "start a simulated store and load it twice",
          .details =
              "Needs no store and no settings. The simulated store stays in a home of its "
              "own, ./falaj-demo, and goes with that folder. The second run loads nothing.",
          .examples = {"falaj demo --orders 5000"},
          .options = {{.name = "orders",
                       .type = OptionType::kInteger,
                       .help = "orders in the simulated store",
                       .unit = "orders",
                       .default_value = "2000",
                       .least = 1,
                       .most = 10'000'000},
                      {.name = "dataset",
                       .type = OptionType::kPath,
                       .help = "serve this parquet file of invoice lines instead",
                       .must_exist = true},
                      {.name = "plan",
                       .help = "the simulated store's plan",
                       .default_value = "unlimited",
                       .words = {"basic", "plus", "pro", "special", "unlimited"}}},
          .touches = {.reads_home = true,
                      .writes_home = true,
                      .reads_warehouse = true,
                      .writes_warehouse = true,
                      .note = "a home of its own; asks a store of its own"},
          .shows = Shows::kProgress,
          .usual_home = "./falaj-demo",
          .report = one_of(demo_shape()),
          .run = [services](const Context& context, const Request& request) -> Result<Report> {
            FALAJ_ASSIGN(auto report, services.demo(context.home(), demo_request(request),
                                                    [&](const Progress& progress) {
                                                      context.caller.show(progress);
                                                    }));
            const int status = demo_status(report);
            return Report::of(DemoAnswer{std::move(report), context.home_as_given}, demo_shape(),
                              status);
          },
          .next_step = next_step_of_run};
}

}  // namespace falaj::operate::operations
