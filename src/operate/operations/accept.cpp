// `falaj accept`: whether a warehouse keeps what falaj needs.
#include "operate/operations/shared_options.hpp"
#include "operate/report_shapes.hpp"

namespace falaj::operate::operations {

Operation accept(const Services& services) {
  return {.name = "accept",
          .group = Group::kMaintain,
          .help =
              "show in a scratch database whether a warehouse keeps what falaj needs, and how "
              "fast it is",
          .details =
              "Runs the contract of the port there case by case, replays landed packages and "
              "compares every table with those of another warehouse, measures, and drops "
              "the scratch database.",
          .examples = {"falaj accept --warehouse snowflake",
                       "falaj accept --warehouse snowflake --part models --landing "
                       "falaj-home/landing"},
          .options = {{.name = "warehouse",
                       .help = "lake, duckdb or snowflake (default: the home's)",
                       .words = {"lake", "ducklake", "duckdb", "snowflake"}},
                      {.name = "landing",
                       .type = OptionType::kPath,
                       .help = "replay the packages of this landing instead of the built-in "
                               "fixtures",
                       .value_name = "DIR"},
                      {.name = "report",
                       .type = OptionType::kPath,
                       .help = "the Markdown file (default: accept-WAREHOUSE.md in the home)",
                       .value_name = "FILE"},
                      {.name = "part",
                       .help = "contract, models or measures only; may be repeated (default: all)",
                       .words = {"contract", "models", "measures"},
                       .is_repeatable = true}},
          .touches = {.reads_home = true, .note = "writes a report and a scratch database"},
          .shows = Shows::kProgress,
          .report = one_of(accept_shape()),
          .run = [services](const Context& context, const Request& request) -> Result<Report> {
            const AcceptRequest accept = {.warehouse = request.text("warehouse"),
                                          .landing = request.text("landing"),
                                          .report = request.text("report"),
                                          .parts = request.texts("part"),
                                          .version = context.version};
            FALAJ_ASSIGN(auto report,
                         services.accept(context.home(), accept, [&](const std::string& words) {
                           context.caller.show(words);
                         }));
            const int status = report.holds() ? 0 : exit_code(ErrorKind::kRowsRejected);
            return Report::of(std::move(report), accept_shape(), status);
          }};
}

}  // namespace falaj::operate::operations
