#include "run/run_request.hpp"

#include <fmt/format.h>

namespace falaj::run {

std::string task_name(const RunRequest& request) {
  if (request.task != Task::kBackfill) return dag_name(request.task);
  return fmt::format("backfill of {} to {}{}{}", extract::day_text(request.days.first),
                     extract::day_text(request.days.last), request.stream.empty() ? "" : ", ",
                     request.stream);
}

std::string dag_name(Task task) {
  switch (task) {
    case Task::kReconcile: return "reconcile";
    case Task::kBackfill: return "backfill";
    case Task::kRun: break;
  }
  return "run";
}

}  // namespace falaj::run
