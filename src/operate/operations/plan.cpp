// `falaj plan`: what a run or a backfill would take.
#include "operate/operations/shared_options.hpp"
#include "operate/report_shapes.hpp"

namespace falaj::operate::operations {

Operation plan(const Services& services) {
  return {
      .name = "plan",
      .group = Group::kInspect,
      .help = "what a run or a backfill would take: requests, minutes of quota, rows",
      .details =
          "Makes the decisions of a run with the same code, on what is known and a few "
          "first pages. Writes nothing, and may be called while a run is going on.",
      .examples = {"falaj plan", "falaj plan --from 2025-01-01 --to 2025-12-31 --stream orders"},
      .options = {{.name = "from",
                   .type = OptionType::kDay,
                   .help = "of a backfill: its first day, YYYY-MM-DD, of Riyadh",
                   .needs = {"to"}},
                  {.name = "to",
                   .type = OptionType::kDay,
                   .help = "its last day, inclusive",
                   .needs = {"from"}},
                  {.name = "stream",
                   .help = "of a backfill: this stream only",
                   .value_name = "NAME",
                   .needs = {"from"}},
                  depth_choice(),
                  store_choice()},
      .touches = {.reads_home = true,
                  .reads_warehouse = true,
                  .asks_store = true,
                  .note = "some 25 requests a store"},
      .shows = Shows::kWaits,
      .report = one_or_list_of(plan_shape(), "stores"),
      .run = [services](const Context& context, const Request& request) -> Result<Report> {
        const auto task =
            request.has("from") ? RunRequest::Task::kBackfill : RunRequest::Task::kRun;
        FALAJ_ASSIGN(auto plans, services.plan(context.home(), run_request(request, task)));
        return Report::one_or_list(std::move(plans), plan_shape(), "stores");
      }};
}

}  // namespace falaj::operate::operations
