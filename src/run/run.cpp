#include "run/run.hpp"

#include "home/demo_mark.hpp"
#include "run/pipeline.hpp"
#include "stores/store_access.hpp"

namespace falaj::run {
namespace {

Status run_steps(Pipeline& steps, std::vector<stores::StoreAccess> stores) {
  FALAJ_TRY(steps.open(stores.size()));
  FALAJ_TRY(steps.recover());
  auto extracted = steps.extract(std::move(stores));
  // What was fetched before a failure is loaded too.
  auto loaded = steps.load();
  // The signal that ended one ends the other: what was not asked for any more says more.
  if (!extracted.ok() && extracted.error().kind() == ErrorKind::kCancelled) return extracted;
  FALAJ_TRY(std::move(loaded));
  FALAJ_TRY(std::move(extracted));
  FALAJ_TRY(steps.transform());
  FALAJ_TRY(steps.reconcile());
  return steps.finish();
}

}  // namespace

Result<RunReport> run(const home::Home& home, const RunRequest& request, RunOutside& outside) {
  if (!request.is_demo) FALAJ_TRY(home::refuse_demo_home(home.paths().root, "reading a store"));
  FALAJ_ASSIGN(auto held, home::hold(home));
  FALAJ_ASSIGN(auto stores, stores::stores_to_read(home, request.stores));
  Pipeline steps(home, std::move(held), request, outside);
  if (auto done = run_steps(steps, std::move(stores)); !done.ok()) {
    steps.fail(done.error());
    return std::move(done).error();
  }
  return steps.report();
}

}  // namespace falaj::run
