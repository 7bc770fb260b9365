#include "operate/plan.hpp"

#include <algorithm>
#include <filesystem>

#include "base/counted.hpp"
#include "extract/planner.hpp"
#include "home/demo_mark.hpp"
#include "home/home.hpp"
#include "http/quota_state.hpp"
#include "landing/landing.hpp"
#include "operate/typed_request.hpp"
#include "run/extract_options.hpp"
#include "run/known_from_warehouse.hpp"
#include "run/named_entities.hpp"
#include "run/run_limits.hpp"
#include "state/shared_record.hpp"
#include "stores/home_streams.hpp"
#include "stores/quota_books.hpp"
#include "stores/store_access.hpp"
#include "stores/store_client.hpp"

namespace falaj::operate {
namespace {

namespace fs = std::filesystem;

// Control state and warehouse of a home, as far as they are there; nothing is written to them.
class ReadOnlyHome {
 public:
  ReadOnlyHome(const home::Home& home, warehouse::Opener& opener) : home_(home), opener_(opener) {}

  Status open(StoreId store) {
    if (!home_.has_state()) return {};
    FALAJ_ASSIGN(auto opened, state::StateStore::open_to_read(home_.paths().root));
    state_.emplace(std::move(opened));
    FALAJ_ASSIGN(unfinished_,
                 state_->resumable_run(store, home_.clock().now() - run::kResumableFor));
    return {};
  }

  state::StateStore* state() { return state_ ? &*state_ : nullptr; }
  // Which the next run goes on with, for this store.
  const std::optional<RunId>& unfinished() const { return unfinished_; }

  extract::CursorStore cursors(StoreId store) {
    extract::CursorStore cursors;
    cursors.get = [this, store](const std::string& name) -> Result<std::optional<std::string>> {
      if (!state_) return std::optional<std::string>();
      return state_->cursor(store, name);
    };
    cursors.set = [](const std::string& name, const std::string&) -> Status {
      return Error(ErrorKind::kBug, "a plan tried to remember " + name);
    };
    return cursors;
  }

  Result<extract::KnownStore> read(StoreId store) {
    // Whether an account of Snowflake has a warehouse only asking tells, where no run was made.
    if (!state_ || !opener_.exists()) return extract::KnownStore();
    if (!warehouse_) {
      FALAJ_ASSIGN(warehouse_, opener_.open(true, {.dag = "plan", .task = "query"}));
    }
    // A run leaves out what it has loaded itself; a new one has loaded nothing.
    constexpr const char* kAfterAll = "~";
    return run::read_known_store(*warehouse_, store, unfinished_.value_or(RunId(kAfterAll)));
  }

 private:
  const home::Home& home_;
  warehouse::Opener& opener_;
  std::optional<state::StateStore> state_;
  std::optional<RunId> unfinished_;
  std::unique_ptr<warehouse::Warehouse> warehouse_;
};

void take_lines(const extract::ExtractPlan& plan, PlanReport& report) {
  for (const auto& line : plan.streams) {
    report.items.push_back(
        {line.stream, line.part, line.requests, line.rows, line.why, line.is_of_customers});
  }
  for (const auto& window : plan.windows) {
    const auto& part = window.part;
    const bool has_days = part.days.days() > 0;
    report.windows.push_back({window.stream, has_days ? extract::day_text(part.days.first) : "",
                              has_days ? extract::day_text(part.days.last) : "", part.status,
                              part.total, window.requests});
  }
  report.notes = plan.notes;
}

// The next run goes on with one that did not end, and uses what that one has landed.
Status subtract_landed(const home::Home& home, const std::optional<RunId>& run,
                       PlanReport& report) {
  if (!run) return {};
  landing::PosixFileStore files;
  FALAJ_ASSIGN(const auto landing,
               landing::Landing::open(files, home.clock(), home.paths().landing()));
  FALAJ_ASSIGN(const auto landed, landing.requests_of_run(*run, StoreId(report.store_id)));
  if (landed.empty()) return {};
  for (auto& item : report.items) {
    const auto has_come = std::count_if(landed.begin(), landed.end(), [&](const auto& request) {
      if (request.stream != item.stream) return false;
      return item.part.empty() || (item.part == "list") == (request.source == "list");
    });
    if (has_come == 0) continue;
    item.requests.least = std::max<int64_t>(0, item.requests.least - has_come);
    // What has been loaded of them already is no row of the run any more.
    if (item.rows) item.rows->least = 0;
  }
  report.notes.push_back(
      fmt::format("run {} has not ended: the next run goes on with it and does not ask again for "
                  "the {} that it has landed, so that it may take fewer requests",
                  run->value(), counted(std::ssize(landed), "answer")));
  return {};
}

void note_events(const home::Home& home, PlanReport& report) {
  std::error_code ignored;
  for (const auto& file : fs::directory_iterator(home.paths().inbox(), ignored)) {
    if (!file.is_regular_file(ignored) || file.file_size(ignored) == 0) continue;
    report.notes.emplace_back(
        "events wait in the inbox: what they say and what they name is not counted here");
    return;
  }
}

void take_customers_limit(const home::Home& home, PlanReport& report) {
  auto file = state::SharedRecord::open_existing(stores::quota_file(home, ""));
  if (!file.ok()) return;
  file->lock();
  const auto record = *static_cast<const http::SpanRecord*>(file->data());
  file->unlock();
  const auto span = http::span_state(record, home.clock().shared_now());
  report.customers_limit = span.limit;
  report.customers_used = span.used;
}

Result<PlanReport> plan_store(const home::Home& home, warehouse::Opener& opener,
                              const stores::StoreAccess& access, const run::RunRequest& request) {
  stores::StoreClient api(home, access, stores::known_store_id(home, access), {});
  FALAJ_TRY(api.ask_who());
  const StoreId store(api.info().id);
  ReadOnlyHome known(home, opener);
  FALAJ_TRY(known.open(store));
  run::NamedEntities named;
  if (known.state() != nullptr) {
    FALAJ_ASSIGN(named, run::read_named(*known.state(), store));
  }
  FALAJ_ASSIGN(const auto streams, stores::home_streams(home.paths()));
  extract::Planner planner({api.source(), home.clock(), known.cursors(store),
                            [&] { return known.read(store); }, home.stop()},
                           run::extract_options(home.settings(), request, streams, named.all));
  FALAJ_ASSIGN(const auto plan, planner.plan());
  PlanReport report;
  report.store_id = api.info().id;
  report.store_name = api.info().name;
  report.store_plan = api.info().plan;
  report.task = run::task_name(request);
  report.limit_per_minute = api.client().quota().limit_per_minute;
  take_lines(plan, report);
  report.requests_made = api.requests_made();
  take_customers_limit(home, report);
  FALAJ_TRY(subtract_landed(home, known.unfinished(), report));
  note_events(home, report);
  return report;
}

}  // namespace

Result<std::vector<PlanReport>> plan(const home::Home& home, warehouse::Opener& opener,
                                     const RunRequest& asked) {
  FALAJ_ASSIGN(const auto request, typed(asked));
  FALAJ_TRY(home::refuse_demo_home(home.paths().root, "planning a run"));
  FALAJ_ASSIGN(const auto stores, stores::stores_to_read(home, request.stores));
  std::vector<PlanReport> reports;
  for (const auto& store : stores) {
    FALAJ_ASSIGN(auto report,
                 plan_store(home, opener, store, request).while_doing("planning " + store.name));
    reports.push_back(std::move(report));
  }
  return reports;
}

}  // namespace falaj::operate
