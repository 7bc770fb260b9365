// The answers of the smaller commands (check, status, init, config, sql), as data: the
// command line and the web UI print the same ones.
// Threads:  values.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "operate/progress.hpp"
#include "warehouse/warehouse.hpp"

namespace falaj::operate {

// What `falaj sql` shows: the warehouse's own result table.
using ResultTable = warehouse::Table;

struct CheckItem {
  enum class State { kOk, kWarning, kFailed };
  std::string name;
  State state = State::kOk;
  std::string detail;   // what was found
  std::string remedy;   // what to do; empty when nothing is to be done
  int exit_status = 0;  // of the failure, as errors have it
};

struct StatusReport {
  struct Run {
    std::string run_id;
    std::string task;    // "run", "reconcile", "backfill of 2025-01-01 to 2025-03-31"
    std::string status;  // of a run that was killed: interrupted
    std::string started_at;
    std::string finished_at;
    int64_t rows_loaded = 0;  // < 0: not known
    std::string verdict;
  };
  struct Layer {
    std::string layer;
    std::string table;
    int64_t rows = 0;
    std::string last_change;
  };
  // The run that is going on now.
  struct Current {
    std::string holder;  // "process 4711, since ..."
    std::string task;    // empty: it has not said anything yet
    Progress progress;
    double seconds_ago = 0;  // when it said so
  };
  std::string home;
  bool is_home_there = true;
  std::optional<Current> current;
  std::vector<Run> runs;  // newest first
  int64_t packages_on_disk = 0;
  int64_t landing_bytes = 0;
  std::vector<Layer> layers;  // only with --live
  struct Depth {
    int64_t store_id = 0;
    std::string stream;
    int64_t known = 0;
    int64_t deep = 0;
  };
  std::vector<Depth> depth;  // after the last run that changed something
};

struct SettingView {
  std::string name;
  std::string value;   // secrets masked
  std::string origin;  // default, file, environment, .env
  std::string help;
};

// One stream of the catalogue, as `falaj catalog` prints it.
struct StreamView {
  std::string name;
  std::string path;  // empty: falaj's own records
  std::string paging;
  std::string parent;
  std::string changes;
  std::string scope;
  std::string bucket;
  std::string cost;
  std::string table;
  std::string note;
  std::string document;
  bool is_enabled = true;
  struct Column {
    std::string name;
    std::string kind;
    std::string paths;
    std::string empty;       // what [] and {} mean: "none", "0", "as it came"
    std::string empty_text;  // what "" means
    bool is_important = false;
  };
  std::vector<Column> columns;
};

struct InitReport {
  std::string home;
  std::vector<std::string> created;
  std::vector<std::string> kept;
};

Json to_json(const std::vector<CheckItem>& items);
Json to_json(const StatusReport& status);
Json to_json(const std::vector<SettingView>& settings);
Json to_json(const std::vector<StreamView>& streams);
Json to_json(const InitReport& report);

}  // namespace falaj::operate
