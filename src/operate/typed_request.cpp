#include "operate/typed_request.hpp"

#include <fmt/format.h>

namespace falaj::operate {
namespace {

Result<extract::Day> day_of(const std::string& text) {
  if (const auto day = extract::parse_day(text)) return *day;
  return Error(ErrorKind::kUsage, fmt::format("\"{}\" is no day; write it as 2026-11-23", text));
}

}  // namespace

Result<run::RunRequest> typed(const RunRequest& request) {
  run::RunRequest typed;
  typed.depth = request.depth == "summary" ? run::Depth::kSummary : run::Depth::kFull;
  if (request.budget_seconds) typed.time_limit = std::chrono::seconds(*request.budget_seconds);
  typed.full_refresh = request.full_refresh;
  typed.stores = request.stores;
  typed.is_demo = request.is_demo;
  if (request.task == RunRequest::Task::kReconcile) typed.task = run::Task::kReconcile;
  if (request.task != RunRequest::Task::kBackfill) return typed;
  typed.task = run::Task::kBackfill;
  typed.stream = request.stream;
  FALAJ_ASSIGN(typed.days.first, day_of(request.from));
  FALAJ_ASSIGN(typed.days.last, day_of(request.to));
  if (typed.days.days() < 1) {
    return Error(ErrorKind::kUsage,
                 fmt::format("a backfill from {} to {} has no days", request.from, request.to));
  }
  return typed;
}

}  // namespace falaj::operate
