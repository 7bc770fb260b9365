#include "app/run.hpp"

#include "app/pipeline.hpp"
#include "home/demo_mark.hpp"

namespace falaj::app {
namespace {

Status run_stages(Pipeline& pipeline, std::vector<StoreAccess> stores) {
  FALAJ_TRY(pipeline.start(stores.size()));
  auto extracted = pipeline.extract(std::move(stores));
  // What was fetched before a failure is loaded all the same.
  auto loaded = pipeline.finish_loading();
  // The signal that ended one ends the other: what was not asked for any more says more.
  if (!extracted.ok() && extracted.error().kind() == ErrorKind::kCancelled) return extracted;
  FALAJ_TRY(std::move(loaded));
  FALAJ_TRY(std::move(extracted));
  FALAJ_TRY(pipeline.transform());
  FALAJ_TRY(pipeline.reconcile());
  return pipeline.finish();
}

}  // namespace

Status check_days(const operate::RunRequest& request) {
  if (request.task != operate::RunRequest::Task::kBackfill) return {};
  for (const auto& day : {request.from, request.to}) {
    if (!extract::parse_day(day)) {
      return Error(ErrorKind::kUsage, fmt::format("\"{}\" is no day; write it as 2026-11-23", day));
    }
  }
  if (request.from > request.to) {
    return Error(ErrorKind::kUsage,
                 fmt::format("a backfill from {} to {} has no days", request.from, request.to));
  }
  return {};
}

std::string task_name(const operate::RunRequest& request) {
  switch (request.task) {
    case operate::RunRequest::Task::kRun: return "run";
    case operate::RunRequest::Task::kReconcile: return "reconcile";
    case operate::RunRequest::Task::kBackfill: break;
  }
  return fmt::format("backfill of {} to {}{}{}", request.from, request.to,
                     request.stream.empty() ? "" : ", ", request.stream);
}

Result<operate::RunReport> run(const home::Home& home, const operate::RunRequest& request,
                               const operate::ProgressSink& progress) {
  FALAJ_TRY(check_days(request));
  if (!request.is_demo) FALAJ_TRY(home::refuse_demo_home(home.paths().root, "reading a store"));
  FALAJ_ASSIGN(auto held, home::hold(home));
  FALAJ_ASSIGN(auto stores, stores_to_read(home, request.stores));
  Pipeline pipeline(home, std::move(held), request, progress);
  if (auto done = run_stages(pipeline, std::move(stores)); !done.ok()) {
    pipeline.fail(done.error());
    return std::move(done).error();
  }
  return pipeline.report();
}

}  // namespace falaj::app
