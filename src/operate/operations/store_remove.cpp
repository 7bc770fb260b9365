// `falaj store remove`: forgets a store's tokens.
#include <fmt/format.h>

#include "operate/answers.hpp"
#include "operate/operations/shared_options.hpp"

namespace falaj::operate::operations {

Operation store_remove(const Services& services) {
  return {.name = "store remove",
          .group = Group::kStores,
          .help = "forget a store's tokens; its data stay in the warehouse",
          .details = "`falaj store purge` takes out the data.",
          .examples = {"falaj store remove riyadh"},
          .options = {store_name("name or id")},
          .touches = {.reads_home = true, .writes_home = true},
          .report = one_of(done_shape()),
          .run = [services](const Context& context, const Request& request) -> Result<Report> {
            const auto name = request.text("NAME");
            FALAJ_TRY(services.store.remove(context.home(), name));
            return Report::of(
                Done{fmt::format("{} is removed from this home; what was loaded stays.", name)},
                done_shape());
          }};
}

}  // namespace falaj::operate::operations
