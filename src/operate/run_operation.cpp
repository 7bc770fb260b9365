#include "operate/run_operation.hpp"

#include "operate/run_watch.hpp"
#include "operate/typed_request.hpp"
#include "run/run.hpp"

namespace falaj::operate {

Result<RunReport> run_home(const home::Home& home, warehouse::Opener& opener,
                           const RunRequest& request, const ProgressSink& progress) {
  FALAJ_ASSIGN(const auto typed_request, typed(request));
  RunWatch watch(home, opener, progress);
  FALAJ_ASSIGN(auto report, run::run(home, typed_request, watch));
  return RunReport(std::move(report));
}

}  // namespace falaj::operate
