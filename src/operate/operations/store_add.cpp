// `falaj store add`: a store's token comes into the home.
#include "operate/operations/shared_options.hpp"
#include "operate/operations/token_input.hpp"
#include "operate/report_shapes.hpp"

namespace falaj::operate::operations {
namespace {

constexpr const char* kAddedForm = "added store list";

Result<std::vector<NewStore>> new_stores(Caller& caller, const Request& request) {
  if (request.has("from")) return stores_of_file(caller, request.text("from"));
  if (!request.has("NAME")) {
    return Error(ErrorKind::kUsage,
                 "which store? falaj store add NAME --token-file F, or --from FILE with lines of a "
                 "name and a token");
  }
  FALAJ_ASSIGN(auto token, request.has("token-env")
                               ? token_of_variable(request.text("token-env"))
                               : token_of_file(caller, request.text("token-file")));
  std::vector<NewStore> stores;
  stores.push_back({request.text("NAME"), std::move(token)});
  return stores;
}

}  // namespace

Operation store_add(const Services& services) {
  return {.name = "store add",
          .group = Group::kStores,
          .help = "keep a store's token, sealed, after asking who it is",
          .details =
              "A known store gets the new token. The token comes from a file, a variable or "
              "standard input, never from the command line, which every user of the machine "
              "can read.",
          .examples = {"falaj store add riyadh --token-file riyadh.token",
                       "falaj store add --from stores.txt"},
          .options = {{.name = "NAME", .help = "what you call the store", .is_positional = true},
                      {.name = "token-file",
                       .type = OptionType::kPath,
                       .help = "file with the access token, or with the JSON that Salla answered a "
                               "token request with (- = standard input)",
                       .value_name = "FILE",
                       .default_value = "-"},
                      {.name = "token-env",
                       .help = "name of the variable that holds the access token",
                       .value_name = "VARIABLE",
                       .excludes = {"token-file"}},
                      {.name = "from",
                       .type = OptionType::kPath,
                       .help = "file with lines of a name and a token",
                       .value_name = "FILE",
                       .excludes = {"token-file", "token-env", "NAME"}}},
          .touches = {.reads_home = true,
                      .writes_home = true,
                      .asks_store = true,
                      .note = "one request a store"},
          .shows = Shows::kWaits,
          .report = list_of(store_shape()).in_form(kAddedForm),
          .run = [services](const Context& context, const Request& request) -> Result<Report> {
            FALAJ_ASSIGN(const auto stores, new_stores(context.caller, request));
            FALAJ_ASSIGN(auto added, services.store.add(context.home(), stores));
            return Report::list(std::move(added), store_shape()).in_form(kAddedForm);
          }};
}

}  // namespace falaj::operate::operations
