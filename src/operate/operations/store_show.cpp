// `falaj store show`: one store of a home.
#include "operate/operations/shared_options.hpp"
#include "operate/report_shapes.hpp"

namespace falaj::operate::operations {

Operation store_show(const Services& services) {
  return {.name = "store show",
          .group = Group::kStores,
          .help = "one store",
          .details = "Its names, state, dates and scopes; never a token.",
          .examples = {"falaj store show riyadh"},
          .options = {store_name("name or id")},
          .touches = {.reads_home = true},
          .report = one_of(store_shape()),
          .run = [services](const Context& context, const Request& request) -> Result<Report> {
            FALAJ_ASSIGN(auto store, services.store.show(context.home(), request.text("NAME")));
            return Report::of(std::move(store), store_shape());
          }};
}

}  // namespace falaj::operate::operations
