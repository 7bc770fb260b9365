#include "run/run.hpp"

#include "run/pipeline.hpp"
#include "home/demo_mark.hpp"

namespace falaj::run {
namespace {

Status run_stages(Pipeline& pipeline, std::vector<stores::StoreAccess> stores) {
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

Status check_days(const cli::RunRequest& request) {
  if (request.task != cli::RunRequest::Task::kBackfill) return {};
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

std::string task_name(const cli::RunRequest& request) {
  switch (request.task) {
    case cli::RunRequest::Task::kRun: return "run";
    case cli::RunRequest::Task::kReconcile: return "reconcile";
    case cli::RunRequest::Task::kBackfill: break;
  }
  return fmt::format("backfill of {} to {}{}{}", request.from, request.to,
                     request.stream.empty() ? "" : ", ", request.stream);
}

Result<operate::RunReport> run(const home::Home& home, const cli::RunRequest& request,
                               const operate::ProgressSink& progress) {
  FALAJ_TRY(check_days(request));
  if (!request.is_demo) FALAJ_TRY(home::refuse_demo_home(home.paths().root, "reading a store"));
  FALAJ_ASSIGN(auto held, home::hold(home));
  FALAJ_ASSIGN(auto stores, stores::stores_to_read(home, request.stores));
  Pipeline pipeline(home, std::move(held), request, progress);
  if (auto done = run_stages(pipeline, std::move(stores)); !done.ok()) {
    pipeline.fail(done.error());
    return std::move(done).error();
  }
  return pipeline.report();
}

}  // namespace falaj::run
