// `falaj catalog check`: a file of streams.
#include "operate/operations/shared_options.hpp"
#include "operate/report_shapes.hpp"

namespace falaj::operate::operations {
namespace {

constexpr const char* kCheckedForm = "checked stream list";

}  // namespace

Operation catalog_check(const Services& services) {
  return {.name = "catalog check",
          .group = Group::kMaintain,
          .help = "read a file of streams, and say what is wrong with it",
          .details = "Names line, column and what is accepted; the exit status is then 78.",
          .examples = {"falaj catalog check catalogue.toml"},
          .options = {{.name = "FILE",
                       .type = OptionType::kPath,
                       .help = "the file (default: the home's catalogue.toml)",
                       .is_positional = true}},
          .touches = {.reads_home = true},
          .home_use = HomeUse::kDespiteFaults,
          .report = list_of(stream_shape()).in_form(kCheckedForm),
          .run = [services](const Context& context, const Request& request) -> Result<Report> {
            FALAJ_ASSIGN(auto streams, services.catalog(context.home(), request.text("FILE"), ""));
            return Report::list(std::move(streams), stream_shape()).in_form(kCheckedForm);
          }};
}

}  // namespace falaj::operate::operations
