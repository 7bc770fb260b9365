// `falaj store purge`: takes a store's data out.
#include <fmt/format.h>

#include "base/counted.hpp"
#include "operate/operations/shared_options.hpp"
#include "operate/report_shapes.hpp"

namespace falaj::operate::operations {
namespace {

// Whether the person wants what was counted to be taken out.
Result<bool> confirm(Caller& caller, const PurgeReport& found) {
  return caller.confirm(Report::of(found, purge_shape()), "Take it out? It cannot be undone.",
                        fmt::format("this takes {} of {} out of the warehouse: say --yes to do it, "
                                    "--dry-run to see the tables",
                                    counted(found.rows(), "row"), found.name));
}

Result<Report> purge(const Services& services, const Context& context, const Request& request) {
  PurgeRequest purge = {
      .name = request.text("NAME"), .is_dry_run = true, .takes_token = request.flag("with-token")};
  if (request.flag("dry-run") || !request.flag("yes")) {
    FALAJ_ASSIGN(auto found, services.store.purge(context.home(), purge));
    if (request.flag("dry-run")) return Report::of(std::move(found), purge_shape());
    FALAJ_ASSIGN(const bool is_wanted, confirm(context.caller, found));
    if (!is_wanted) {
      context.caller.advise("Nothing was done.");
      return Report::of(std::move(found), purge_shape());
    }
  }
  purge.is_dry_run = false;
  FALAJ_ASSIGN(auto report, services.store.purge(context.home(), purge));
  return Report::of(std::move(report), purge_shape());
}

}  // namespace

Operation store_purge(const Services& services) {
  return {.name = "store purge",
          .group = Group::kStores,
          .help = "take a store's data out: landed packages and its rows in every table",
          .details =
              "Afterwards the home is as if it had never had the store; the rows of others "
              "are not touched. All rows go in one transaction; killed at any point, the "
              "same command goes on.",
          .examples = {"falaj store purge riyadh --dry-run", "falaj store purge 1305146709 --yes"},
          .options = {store_name("name or id"),
                      {.name = "dry-run",
                       .type = OptionType::kFlag,
                       .help = "count it, and change nothing"},
                      {.name = "yes", .type = OptionType::kFlag, .help = "do not ask"},
                      {.name = "with-token",
                       .type = OptionType::kFlag,
                       .help = "forget its tokens too: else the next run reads the store again"}},
          .touches = {.reads_home = true,
                      .writes_home = true,
                      .reads_warehouse = true,
                      .writes_warehouse = true},
          .shows = Shows::kWaits,
          .report = one_of(purge_shape()),
          .run = [services](const Context& context, const Request& request) {
            return purge(services, context, request);
          }};
}

}  // namespace falaj::operate::operations
