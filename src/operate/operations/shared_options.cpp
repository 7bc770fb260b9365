#include "operate/operations/shared_options.hpp"

#include <algorithm>

#include "operate/report_shapes.hpp"

namespace falaj::operate::operations {

Option store_choice() {
  return {.name = "store",
          .help = "this store only, by name or id; may be repeated (default: all of the home)",
          .value_name = "NAME",
          .is_repeatable = true};
}

Option depth_choice() {
  return {.name = "depth",
          .help = "full, or summary: lists only, no details and items",
          .default_value = "full",
          .words = {"full", "summary"}};
}

Option time_limit() {
  return {.name = "for",
          .type = OptionType::kDuration,
          .help = "send no request to the store after this time, such as 30m or 1h30m",
          .least = 1};
}

Option store_name(const std::string& help) {
  return {.name = "NAME", .help = help, .is_required = true, .is_positional = true};
}

RunRequest run_request(const Request& request, RunRequest::Task task) {
  RunRequest run;
  run.task = task;
  const auto has = [&](const char* name) { return request.declares(name); };
  if (has("from")) run.from = request.text("from");
  if (has("to")) run.to = request.text("to");
  if (has("stream")) run.stream = request.text("stream");
  if (has("depth")) run.depth = request.text("depth");
  if (has("full-refresh")) run.full_refresh = request.flag("full-refresh");
  if (has("store")) run.stores = request.texts("store");
  if (has("for") && request.has("for"))
    run.budget_seconds = static_cast<int64_t>(request.seconds("for").value_or(0));
  return run;
}

Result<Report> run_and_report(const Services& services, const Context& context,
                              const RunRequest& request) {
  FALAJ_ASSIGN(auto report, services.run(context.home(), request, [&](const Progress& progress) {
    context.caller.show(progress);
  }));
  const int status = report.exit_status();
  return Report::of(std::move(report), run_shape(), status);
}

// Errors of settings and tokens say it themselves.
std::string next_step_of_run(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kUnavailable:
    case ErrorKind::kTimeout:
    case ErrorKind::kRateLimited:
      return "What was fetched is kept. `falaj check` asks each list once; `falaj run` goes on "
             "from here.";
    case ErrorKind::kNotFound:
    case ErrorKind::kBadResponse:
    case ErrorKind::kSchemaChanged:
      return "What was fetched is kept. Is SALLA_API_BASE_URL the address of Salla's API, and "
             "nothing in between that answers for it? `falaj run` goes on from here.";
    case ErrorKind::kNotAllowed:
      return "What was fetched is kept. A block passes within minutes; if this stays, see which "
             "scopes and addresses the app is allowed in the Salla partner portal. `falaj run` "
             "goes on from here.";
    case ErrorKind::kStorageFailed:
      return "What is on disk is kept. Make room or repair the disk; `falaj run` goes on from "
             "here.";
    case ErrorKind::kOutcomeUnknown:
    case ErrorKind::kCancelled: return "What was fetched is kept. `falaj run` goes on from here.";
    default: return "";
  }
}

}  // namespace falaj::operate::operations
