// `falaj store list`: all stores of a home.
#include "operate/operations/shared_options.hpp"
#include "operate/report_shapes.hpp"

namespace falaj::operate::operations {

Operation store_list(const Services& services) {
  return {.name = "store list",
          .group = Group::kStores,
          .help = "all stores of the home",
          .details = "Names, ids, states and dates; never a token.",
          .examples = {"falaj store list"},
          .options = {},
          .touches = {.reads_home = true},
          .report = list_of(store_shape()),
          .run = [services](const Context& context, const Request&) -> Result<Report> {
            FALAJ_ASSIGN(auto stores, services.store.list(context.home()));
            return Report::list(std::move(stores), store_shape());
          }};
}

}  // namespace falaj::operate::operations
