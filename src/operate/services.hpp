// What operations ask of the program behind them. app fills these in; an operation names no store,
// no warehouse and no file format.
// Threads:  called from the main thread. interrupted() turns true at Ctrl-C or SIGTERM.
// Errors:   each returned error decides the exit status (base/error.hpp).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "home/home.hpp"
#include "operate/accept_report.hpp"
#include "operate/coverage.hpp"
#include "operate/plan_report.hpp"
#include "operate/progress.hpp"
#include "operate/quota_report.hpp"
#include "operate/reports.hpp"
#include "operate/run_report.hpp"
#include "operate/sql_console.hpp"
#include "operate/store_services.hpp"
#include "operate/webhook_services.hpp"

namespace falaj::operate {

struct RunRequest {
  // run: what changed; reconcile: everything compared with the store; backfill: some days.
  enum class Task { kRun, kReconcile, kBackfill };
  Task task = Task::kRun;
  std::string from;                       // backfill: YYYY-MM-DD, inclusive
  std::string to;                         // inclusive
  std::string stream;                     // backfill: empty: all that can be asked for by day
  std::string depth = "full";             // full | summary
  std::optional<int64_t> budget_seconds;  // --for 30m
  bool full_refresh = false;              // rebuild every model
  std::vector<std::string> stores;        // names or ids; empty: all of the home
  bool is_demo = false;                   // of the simulated store, in a home of its own
};

struct DemoRequest {
  int64_t orders = 2000;
  std::string dataset;  // a parquet file instead of a generated store
  std::string plan = "unlimited";
};

struct DemoReport {
  RunReport first;
  RunReport second;  // the same again: loads nothing
  struct Month {
    std::string month;    // YYYY-MM
    std::string revenue;  // exact text
    std::string currency;
    int64_t orders = 0;
  };
  std::vector<Month> months;
  std::string store_url;
};

struct AcceptRequest {
  std::string warehouse;           // lake | duckdb | snowflake; empty: the home's
  std::string landing;             // packages to replay; empty: the built-in fixtures
  std::string report;              // a file; empty: accept-<warehouse>.md in the home
  std::vector<std::string> parts;  // contract, models, measures; empty: all
  std::string version;             // of this program, for the report
};

struct SqlRequest {
  std::string parquet;    // a file that one statement's rows go to; empty: none
  bool is_shell = false;  // Ctrl-C stops a statement, and the program goes on
};

struct Services {
  std::function<Result<InitReport>(const home::Home& home)> init;
  // The SQL that a Snowflake account needs, for `init --print-sql`.
  std::function<Result<std::string>(const home::Home& home)> print_sql;
  std::function<Result<std::vector<CheckItem>>(const home::Home& home)> check;
  // One a store, of what the same request to `run` would take.
  std::function<Result<std::vector<PlanReport>>(const home::Home& home, const RunRequest&)> plan;
  std::function<Result<RunReport>(const home::Home& home, const RunRequest&, const ProgressSink&)>
      run;
  std::function<Result<StatusReport>(const home::Home& home, bool live)> status;
  std::function<Result<QuotaReport>(const home::Home& home)> quota;
  std::function<Result<std::vector<Coverage>>(const home::Home& home)> coverage;
  std::function<Result<std::unique_ptr<SqlConsole>>(const home::Home& home, const SqlRequest&)>
      open_sql;
  std::function<Result<std::vector<SettingView>>(const home::Home& home)> config;
  // `file` in place of the home's catalogue.toml unless empty; `stream` alone unless empty.
  std::function<Result<std::vector<StreamView>>(const home::Home& home, const std::string& file,
                                                const std::string& stream)>
      catalog;
  std::function<Result<DemoReport>(const home::Home& home, const DemoRequest&, const ProgressSink&)>
      demo;
  // Tells what it is at, in words.
  std::function<Result<AcceptReport>(const home::Home& home, const AcceptRequest&,
                                     const std::function<void(const std::string&)>& tell)>
      accept;
  StoreServices store;
  WebhookServices webhooks;
};

}  // namespace falaj::operate
