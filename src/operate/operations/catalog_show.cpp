// `falaj catalog show`: the streams that are read.
#include "operate/operations/shared_options.hpp"
#include "operate/report_shapes.hpp"

namespace falaj::operate::operations {

Operation catalog_show(const Services& services) {
  return {.name = "catalog show",
          .group = Group::kInspect,
          .help = "the streams that are read; of one, its columns",
          .details = "Those that are built in, with what catalogue.toml of the home changes.",
          .examples = {"falaj catalog show", "falaj catalog show orders"},
          .options = {{.name = "STREAM", .help = "this one only", .is_positional = true}},
          .touches = {.reads_home = true},
          .home_use = HomeUse::kDespiteFaults,
          .report = list_of(stream_shape()),
          .run = [services](const Context& context, const Request& request) -> Result<Report> {
            FALAJ_ASSIGN(auto streams,
                         services.catalog(context.home(), "", request.text("STREAM")));
            return Report::list(std::move(streams), stream_shape());
          }};
}

}  // namespace falaj::operate::operations
