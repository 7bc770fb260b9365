// `falaj store rekey`: a new key for the token vault.
#include "operate/answers.hpp"
#include "operate/operations/shared_options.hpp"
#include "operate/operations/token_input.hpp"

namespace falaj::operate::operations {

Operation store_rekey(const Services& services) {
  return {.name = "store rekey",
          .group = Group::kStores,
          .help = "seal all tokens with a new key",
          .details =
              "Where the key is a file, a new one is made. Where FALAJ_VAULT_KEY has it, name "
              "the variable with the new one.",
          .examples = {"falaj store rekey"},
          .options = {{.name = "new-key-env",
                       .help = "name of the variable that holds the new key, where FALAJ_VAULT_KEY "
                               "has the old",
                       .value_name = "VARIABLE"}},
          .touches = {.reads_home = true, .writes_home = true},
          .report = one_of(done_shape()),
          .run = [services](const Context& context, const Request& request) -> Result<Report> {
            Secret key;
            if (request.has("new-key-env")) {
              FALAJ_ASSIGN(key, token_of_variable(request.text("new-key-env")));
            }
            FALAJ_TRY(services.store.rekey(context.home(), key));
            return Report::of(Done{"The vault has a new key."}, done_shape());
          }};
}

}  // namespace falaj::operate::operations
