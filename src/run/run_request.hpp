// What a run is asked to do, in types: made where a request is read, used by all that runs.
// Units:    days of Riyadh; a duration in seconds.
// Threads:  values.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "extract/day_window.hpp"

namespace falaj::run {

// run: what changed; reconcile: everything compared with the store; backfill: some days.
enum class Task { kRun, kReconcile, kBackfill };
// kSummary: lists only, no details and items.
enum class Depth { kFull, kSummary };

struct RunRequest {
  Task task = Task::kRun;
  extract::DayWindow days{1, 0};  // of a backfill
  std::string stream;             // of a backfill; empty: all that can be asked for by day
  Depth depth = Depth::kFull;
  std::optional<std::chrono::seconds> time_limit;
  bool full_refresh = false;        // rebuild every model
  std::vector<std::string> stores;  // names or ids; empty: all of the home
  bool is_demo = false;             // of the simulated store, in a home of its own
};

// "run", "reconcile", "backfill of 2025-01-01 to 2025-03-31, orders"
std::string task_name(const RunRequest& request);
// As statements are tagged: "run", "reconcile", "backfill".
std::string dag_name(Task task);

}  // namespace falaj::run
