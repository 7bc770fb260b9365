#include "cli/program.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <sstream>

#include "base/duration_text.hpp"
#include "base/log.hpp"
#include "base/printable_text.hpp"
#include "cli/command_words.hpp"
#include "cli/output.hpp"
#include "cli/printing.hpp"
#include "cli/sql_command.hpp"
#include "cli/status_line.hpp"
#include "cli/store_commands.hpp"
#include "cli/text_table.hpp"
#include "cli/webhook_commands.hpp"

namespace falaj::cli {
namespace {

constexpr const char* kFooter =
    "Exit status: 0 done; 64 usage; 65 the data are wrong (books do not balance, a check failed);\n"
    "69 a service is unavailable; 70 a bug of falaj; 74 local disk; 75 try again (also: another\n"
    "falaj holds the home); 76 an answer that falaj cannot understand; 77 not allowed; 78\n"
    "configuration; 99 nothing to do.";

struct Options {
  std::string home;
  bool json = false;
  bool quiet = false;
  bool live = false;
  bool print_sql = false;
  std::string log_level;
  int verbose = 0;
  operate::RunRequest run;
  std::string budget;
  operate::DemoRequest demo;
  operate::AcceptRequest accept;
  SqlOptions sql;
  std::string catalog_action;
  std::string catalog_name;
  std::vector<std::string> stores;
  StoreOptions store;
  WebhookOptions webhooks;
};

// What a command shows while it works.
StatusLine::Mode shown(const Options& options) {
  if (options.quiet) return StatusLine::Mode::kQuiet;
  return options.json ? StatusLine::Mode::kWaits : StatusLine::Mode::kProgress;
}

// Of --for.
Result<int64_t> budget_seconds(const std::string& text) {
  FALAJ_ASSIGN(const double seconds, parse_duration(text).while_doing("reading --for"));
  if (seconds >= 1) return static_cast<int64_t>(seconds);
  return Error(ErrorKind::kUsage,
               fmt::format("--for takes a duration of a second or more, {}", kDurationExamples));
}

int print_text(const Result<std::string>& text) {
  if (!text.ok()) return fail(text.error());
  put(*text);
  return 0;
}

template <typename Report>
int print_report(const Result<Report>& report, bool json) {
  if (!report.ok()) return fail(report.error());
  put(json ? to_json(*report).dump(2) + "\n" : to_text(*report));
  return 0;
}

// What the one at the terminal can do about a run that failed; errors of settings and tokens say it
// themselves.
const char* next_step(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kUnavailable:
    case ErrorKind::kTimeout:
    case ErrorKind::kRateLimited:
      return "What was fetched is kept. `falaj check` asks each list once; `falaj run` goes on "
             "from "
             "here.";
    case ErrorKind::kNotFound:
    case ErrorKind::kBadResponse:
    case ErrorKind::kSchemaChanged:
      return "What was fetched is kept. Is SALLA_API_BASE_URL the address of Salla's API, and "
             "nothing in between that answers for it? `falaj run` goes on from here.";
    case ErrorKind::kNotAllowed:
      return "What was fetched is kept. A block passes within minutes; if this stays, see which "
             "scopes "
             "and addresses the app is allowed in the Salla partner portal. `falaj run` goes on "
             "from "
             "here.";
    case ErrorKind::kStorageFailed:
      return "What is on disk is kept. Make room or repair the disk; `falaj run` goes on from "
             "here.";
    case ErrorKind::kOutcomeUnknown:
    case ErrorKind::kCancelled: return "What was fetched is kept. `falaj run` goes on from here.";
    default: return nullptr;
  }
}

int fail_run(const Error& error) {
  const int status = fail(error);
  if (const char* step = next_step(error.kind())) std::fprintf(stderr, "%s\n", step);
  return status;
}

int run_command(const Options& options, const operate::Services& services,
                operate::RunRequest::Task task) {
  operate::RunRequest request = options.run;
  request.task = task;
  request.stores = options.stores;
  if (!options.budget.empty()) {
    auto seconds = budget_seconds(options.budget);
    if (!seconds.ok()) return fail(seconds.error());
    request.budget_seconds = *seconds;
  }
  const auto report = while_showing(shown(options), [&](StatusLine& line) {
    return services.run(options.home, request,
                        [&](const operate::Progress& progress) { line.show(progress); });
  });
  if (!report.ok()) return fail_run(report.error());
  put(options.json ? report->to_json().dump(2) + "\n" : to_text(*report));
  return report->exit_status();
}

int plan_command(const Options& options, const operate::Services& services) {
  operate::RunRequest request = options.run;
  if (!request.from.empty()) request.task = operate::RunRequest::Task::kBackfill;
  request.stores = options.stores;
  return print_report(
      while_showing(shown(options),
                    [&](StatusLine&) { return services.plan(options.home, request); }),
      options.json);
}

int demo_command(const Options& options, const operate::Services& services) {
  const auto report = while_showing(shown(options), [&](StatusLine& line) {
    return services.demo(options.home, options.demo,
                         [&](const operate::Progress& progress) { line.show(progress); });
  });
  if (!report.ok()) return fail_run(report.error());
  if (options.json) {
    Json json;
    json.set("first", report->first.to_json());
    json.set("second", report->second.to_json());
    put(json.dump(2) + "\n");
  } else {
    put(to_text(*report, options.home));
  }
  const bool good = report->first.mismatches.empty() && report->second.mismatches.empty() &&
                    report->second.rows_loaded() == 0;
  return good ? 0 : exit_code(ErrorKind::kRowsRejected);
}

int accept_command(const Options& options, const operate::Services& services) {
  auto request = options.accept;
  request.version = FALAJ_VERSION;
  const auto report = while_showing(shown(options), [&](StatusLine& line) {
    return services.accept(options.home, request,
                           [&](const std::string& words) { line.show(words); });
  });
  if (!report.ok()) return fail(report.error());
  put(options.json ? report->to_json().dump(2) + "\n" : to_text(*report));
  return report->holds() ? 0 : exit_code(ErrorKind::kRowsRejected);
}

int check_command(const Options& options, const operate::Services& services) {
  const auto items =
      while_showing(shown(options), [&](StatusLine&) { return services.check(options.home); });
  const int status = print_report(items, options.json);
  if (status != 0) return status;
  for (const auto& item : *items) {
    if (item.state == operate::CheckItem::State::kFailed) return item.exit_status;
  }
  return 0;
}

int catalog_command(const Options& options, const operate::Services& services) {
  const bool is_check = options.catalog_action == "check";
  const auto streams = services.catalog(options.home, is_check ? options.catalog_name : "",
                                        is_check ? "" : options.catalog_name);
  if (!streams.ok()) return fail(streams.error());
  if (!is_check || options.json) return print_report(streams, options.json);
  put(fmt::format("{}, and nothing to say against {}.\n", counted(std::ssize(*streams), "stream"),
                  streams->size() == 1 ? "it" : "them"));
  return 0;
}

constexpr const char* kUsualHome = "./falaj-home";
// The demo's, so that its store does not come into the way of a real one.
constexpr const char* kDemoHome = "./falaj-demo";

std::string default_home(const std::string& command) {
  const char* home = std::getenv("FALAJ_HOME");
  if (home != nullptr && *home != '\0') return home;
  return command == "demo" ? kDemoHome : kUsualHome;
}

// Options that may stand before and behind a command.
void add_common(CLI::App& app, Options& options) {
  app.add_option(
      "--home", options.home,
      fmt::format("folder with falaj.toml, landing, state and lake (default: FALAJ_HOME, "
                  "else {})",
                  kUsualHome));
  app.add_option("--log-level", options.log_level, "debug, info, warn, error or off")
      ->check(one_of({"debug", "info", "warn", "error", "off"}));
  app.add_flag("-v,--verbose", options.verbose, "--log-level info; twice: debug");
  app.add_flag("--json", options.json, "print JSON");
}

CLI::App* add_command(CLI::App& app, Options& options, const char* name, const char* what,
                      const char* example) {
  auto* command = app.add_subcommand(name, what);
  command->footer(fmt::format("Example:\n  {}\n\n{}", example, kFooter));
  add_common(*command, options);
  return command;
}

void add_store_choice(CLI::App& command, Options& options) {
  command
      .add_option("--store", options.stores,
                  "this store only, by name or id; may be repeated (default: all of the home)")
      ->take_all()
      ->allow_extra_args(false);
}

void declare_init(CLI::App& app, Options& options) {
  add_command(app, options, "init", "make a home: falaj.toml and its folders",
              "falaj init --home /srv/falaj\n  falaj init --print-sql > snowflake.sql")
      ->add_flag("--print-sql", options.print_sql,
                 "make nothing; print the SQL for a Snowflake account: what its administrator "
                 "runs once, and the tables that falaj makes itself");
}

void add_depth(CLI::App& command, Options& options) {
  command
      .add_option("--depth", options.run.depth,
                  "full, or summary: lists only, no details and items")
      ->check(one_of({"full", "summary"}))
      ->capture_default_str();
}

void declare_plan(CLI::App& app, Options& options) {
  auto* plan = add_command(
      app, options, "plan", "what a run or a backfill would take: requests, minutes of quota, rows",
      "falaj plan\n  falaj plan --from 2025-01-01 --to 2025-12-31 --stream orders");
  auto* from = plan->add_option("--from", options.run.from,
                                "of a backfill: its first day, YYYY-MM-DD, of Riyadh");
  auto* to = plan->add_option("--to", options.run.to, "its last day, inclusive");
  from->needs(to);
  to->needs(from);
  plan->add_option("--stream", options.run.stream, "of a backfill: this stream only")->needs(from);
  add_depth(*plan, options);
  add_store_choice(*plan, options);
}

// The other runs, and what they have brought.
void declare_depth(CLI::App& app, Options& options) {
  auto* reconcile = add_command(app, options, "reconcile",
                                "compare everything with the store, and repair what differs",
                                "falaj reconcile --for 1h");
  reconcile->add_option("--for", options.budget,
                        "stop asking for details after this long, such as 2h or 1h30m");
  reconcile->add_flag("--quiet", options.quiet, "no progress line");
  add_store_choice(*reconcile, options);
  auto* backfill =
      add_command(app, options, "backfill", "read what was created on some days, to full depth",
                  "falaj backfill --from 2025-01-01 --to 2025-12-31 --for 2h");
  backfill->add_option("--from", options.run.from, "first day, YYYY-MM-DD, of Riyadh")->required();
  backfill->add_option("--to", options.run.to, "last day, inclusive")->required();
  backfill->add_option("--stream", options.run.stream,
                       "this stream only (default: all that can be asked for by day)");
  add_depth(*backfill, options);
  backfill->add_option("--for", options.budget,
                       "stop asking for details after this long, such as 2h or 1h30m");
  backfill->add_flag("--quiet", options.quiet, "no progress line");
  add_store_choice(*backfill, options);
  add_command(app, options, "coverage", "how much of each store is known, and how deep",
              "falaj coverage --json");
}

void declare_accept(CLI::App& app, Options& options) {
  auto* accept = add_command(
      app, options, "accept",
      "show in a scratch database whether a warehouse keeps what falaj needs, and how fast it is",
      "falaj accept --warehouse snowflake\n"
      "  falaj accept --warehouse snowflake --part models --landing falaj-home/landing");
  accept
      ->add_option("--warehouse", options.accept.warehouse,
                   "lake, duckdb or snowflake (default: the home's)")
      ->check(one_of({"lake", "ducklake", "duckdb", "snowflake"}));
  accept->add_option("--landing", options.accept.landing,
                     "replay the packages of this landing instead of the built-in fixtures");
  accept->add_option("--report", options.accept.report,
                     "the Markdown file (default: accept-WAREHOUSE.md in the home)");
  accept
      ->add_option("--part", options.accept.parts,
                   "contract, models or measures only; may be repeated (default: all)")
      ->take_all()
      ->allow_extra_args(false)
      ->check(one_of({"contract", "models", "measures"}));
}

void declare(CLI::App& app, Options& options) {
  app.set_version_flag("--version", std::string("falaj ") + FALAJ_VERSION);
  app.require_subcommand(1);
  add_common(app, options);
  app.add_subcommand("help", "what a command does: falaj help run");
  app.footer(
      fmt::format("Examples:\n  falaj demo\n  SALLA_API_TOKEN=... falaj run\n"
                  "  falaj sql \"SELECT COUNT(*) FROM GOLD.gold_fact_orders\"\n\n{}",
                  kFooter));
  declare_init(app, options);
  add_command(app, options, "check", "look at everything a run needs, and say what is missing",
              "falaj check --home /srv/falaj");
  declare_plan(app, options);
  auto* run = add_command(app, options, "run", "extract, land, load and model what changed",
                          "falaj run --for 30m");
  add_depth(*run, options);
  run->add_option("--for", options.budget,
                  "stop asking the store after this long, such as 30m or 1h30m");
  add_store_choice(*run, options);
  run->add_flag("--full-refresh", options.run.full_refresh, "build every model anew");
  run->add_flag("--quiet", options.quiet, "no progress line");
  declare_depth(app, options);
  auto* status = add_command(app, options, "status", "the last runs, from the control state",
                             "falaj status --live");
  status->add_flag("--live", options.live, "also open the warehouse and count its tables");
  add_command(app, options, "quota",
              "each store's request limit, as all falaj processes know it now",
              "falaj quota --json");
  auto* sql = add_command(app, options, "sql", "query the warehouse, read-only",
                          "falaj sql --csv \"SELECT * FROM GOLD.mv_daily_sales\" > sales.csv");
  declare_sql(*sql, options.sql);
  add_command(app, options, "config", "each setting, its value and where it came from",
              "falaj config --json");
  auto* catalog = add_command(app, options, "catalog",
                              "the streams that are read: show them, or check a file of yours",
                              "falaj catalog show orders\n  falaj catalog check catalogue.toml");
  catalog->add_option("ACTION", options.catalog_action, "show or check")
      ->check(one_of({"show", "check"}))
      ->required();
  catalog->add_option("NAME", options.catalog_name,
                      "show: one stream; check: a file (default: the home's catalogue.toml)");
  declare_store(
      app, options.store,
      [&options](CLI::App& parent, const char* name, const char* what, const char* example) {
        return add_command(parent, options, name, what, example);
      });
  declare_webhooks(
      app, options.webhooks,
      [&options](CLI::App& parent, const char* name, const char* what, const char* example) {
        return add_command(parent, options, name, what, example);
      });
  auto* demo = add_command(app, options, "demo", "start a simulated store and load it twice",
                           "falaj demo --orders 5000");
  demo->add_option("--orders", options.demo.orders, "orders in the simulated store")
      ->check(CLI::Range(int64_t{1}, int64_t{10'000'000}))
      ->capture_default_str();
  demo->add_option("--dataset", options.demo.dataset,
                   "serve this parquet file of invoice lines instead")
      ->check(CLI::ExistingFile);
  demo->add_option("--plan", options.demo.plan, "the simulated store's plan")
      ->check(one_of({"basic", "plus", "pro", "special", "unlimited"}))
      ->capture_default_str();
  demo->add_flag("--quiet", options.quiet, "no progress line");
  declare_accept(app, options);
}

void apply_log_level(const Options& options) {
  const auto& name = options.log_level;
  if (name.empty() && options.verbose > 0)
    force_log_level(options.verbose > 1 ? LogLevel::kDebug : LogLevel::kInfo);
  if (name == "debug") force_log_level(LogLevel::kDebug);
  if (name == "info") force_log_level(LogLevel::kInfo);
  if (name == "warn") force_log_level(LogLevel::kWarn);
  if (name == "error") force_log_level(LogLevel::kError);
  if (name == "off") force_log_level(LogLevel::kOff);
}

int dispatch(const CLI::App& chosen, const Options& options, const operate::Services& services) {
  const auto command = chosen.get_name();
  if (command == "store")
    return run_store(chosen, options.home, options.json, options.store, services.store);
  if (command == "webhooks")
    return run_webhooks(chosen, options.home, options.json, options.webhooks, services.webhooks);
  if (command == "init" && options.print_sql) return print_text(services.print_sql(options.home));
  if (command == "init") return print_report(services.init(options.home), options.json);
  if (command == "check") return check_command(options, services);
  if (command == "plan") return plan_command(options, services);
  if (command == "run") return run_command(options, services, operate::RunRequest::Task::kRun);
  if (command == "reconcile")
    return run_command(options, services, operate::RunRequest::Task::kReconcile);
  if (command == "backfill")
    return run_command(options, services, operate::RunRequest::Task::kBackfill);
  if (command == "coverage") return print_report(services.coverage(options.home), options.json);
  if (command == "status") {
    return print_report(services.status(options.home, options.live), options.json);
  }
  if (command == "quota") return print_report(services.quota(options.home), options.json);
  if (command == "sql") return run_sql(options.home, options.json, options.sql, services);
  if (command == "config") return print_report(services.config(options.home), options.json);
  if (command == "catalog") return catalog_command(options, services);
  if (command == "accept") return accept_command(options, services);
  return demo_command(options, services);
}

int run_command_line(int argc, const char* const* argv, const operate::Services& services) {
  Options options;
  CLI::App app("falaj moves the data of Salla stores into a warehouse that their owner controls.",
               "falaj");
  declare(app, options);
  const auto words = help_as_option({argv + std::min(argc, 1), argv + argc});
  try {
    app.parse(std::vector<std::string>(words.rbegin(), words.rend()));  // it takes the last first
  } catch (const CLI::Success& asked) {                                 // for help or the version
    if (const auto wrong = wrong_word(app, words); !wrong.empty()) {
      std::fprintf(stderr, "falaj: %s\n", wrong.c_str());
      return exit_code(ErrorKind::kUsage);
    }
    std::ostringstream text;
    const int status = app.exit(asked, text, text);
    put(text.str());
    return status;
  } catch (const CLI::ParseError& error) {
    std::fprintf(stderr, "falaj: %s\n", printable(explain_usage(app, words, error.what())).c_str());
    return exit_code(ErrorKind::kUsage);
  }
  apply_log_level(options);
  const auto& chosen = *app.get_subcommands().front();
  if (chosen.get_name() == "help") {
    put(app.help());
    return 0;
  }
  if (options.home.empty()) options.home = default_home(chosen.get_name());
  return dispatch(chosen, options, services);
}

}  // namespace

int run_program(int argc, const char* const* argv, const operate::Services& services) {
  return finish_output(run_command_line(argc, argv, services));
}

}  // namespace falaj::cli
