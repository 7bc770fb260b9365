#include "app/plan_command.hpp"

#include <algorithm>
#include <filesystem>

#include "app/client_options.hpp"
#include "app/extract_options.hpp"
#include "app/known_from_warehouse.hpp"
#include "app/open_warehouse.hpp"
#include "app/quota_books.hpp"
#include "app/run.hpp"
#include "app/store_access.hpp"
#include "app/stream_catalogue.hpp"
#include "app/webhook_intake.hpp"
#include "base/counted.hpp"
#include "connectors/salla/salla_source.hpp"
#include "extract/planner.hpp"
#include "extract/store_info.hpp"
#include "home/demo_mark.hpp"
#include "home/home.hpp"
#include "home/interrupt.hpp"
#include "http/curl_transport.hpp"
#include "http/quota_state.hpp"
#include "landing/landing.hpp"
#include "state/shared_record.hpp"

namespace falaj::app {
namespace {

namespace fs = std::filesystem;

// One store's API, asked through the request limit that all falaj processes share.
struct Api {
  http::CurlTransport transport{http::CurlOptions{}};
  std::unique_ptr<http::Client> client;
  std::unique_ptr<connectors::salla::SallaSource> source;
  extract::StoreInfo store;

  void open(const home::Home& home, const StoreAccess& access, const std::string& store_id) {
    source.reset();
    auto options = client_options(home, access);
    options.quota = quota_options(home.settings(), store_id);
    client =
        std::make_unique<http::Client>(transport, home.clock(), std::move(options), home.stop());
    source = std::make_unique<connectors::salla::SallaSource>(*client);
  }

  Status identify(const home::Home& home, const StoreAccess& access) {
    open(home, access, access.id ? std::to_string(access.id->value()) : "");
    FALAJ_ASSIGN(const auto answer,
                 client->get(extract::kStoreInfoRequest).while_doing("asking who the store is"));
    FALAJ_ASSIGN(store, extract::parse_store_info(answer.body));
    if (!access.id) open(home, access, std::to_string(store.id));
    return {};
  }
};

// Control state and warehouse of a home, as far as they are there; nothing is written to them.
class Memory {
 public:
  explicit Memory(const home::Home& home) : home_(home) {}

  Status open(StoreId store) {
    if (!home_.has_state()) return {};
    FALAJ_ASSIGN(auto opened, state::StateStore::open_to_read(home_.paths().root));
    state_.emplace(std::move(opened));
    FALAJ_ASSIGN(unfinished_, state_->resumable_run(store, home_.clock().now() - kResumableFor));
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

  Result<extract::KnownStore> known(StoreId store) {
    // Whether an account of Snowflake has a warehouse only asking tells, where no run was made.
    if (!state_ || !warehouse_exists(home_)) return extract::KnownStore();
    if (!warehouse_) {
      FALAJ_ASSIGN(warehouse_, open_warehouse(home_, true, {.dag = "plan", .task = "query"}));
    }
    // A run leaves out what it has loaded itself; a new one has loaded nothing.
    constexpr const char* kAfterAll = "~";
    return read_known_store(*warehouse_, store, unfinished_.value_or(RunId(kAfterAll)));
  }

 private:
  const home::Home& home_;
  std::optional<state::StateStore> state_;
  std::optional<RunId> unfinished_;
  std::unique_ptr<warehouse::Warehouse> warehouse_;
};

void take_lines(const extract::ExtractPlan& plan, operate::PlanReport& report) {
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
                       operate::PlanReport& report) {
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

void note_events(const home::Home& home, operate::PlanReport& report) {
  std::error_code ignored;
  for (const auto& file : fs::directory_iterator(home.paths().inbox(), ignored)) {
    if (!file.is_regular_file(ignored) || file.file_size(ignored) == 0) continue;
    report.notes.emplace_back(
        "events wait in the inbox: what they say and what they name is not counted here");
    return;
  }
}

void take_customers_limit(const home::Home& home, operate::PlanReport& report) {
  auto file = state::SharedRecord::open_existing(quota_file(home.settings(), ""));
  if (!file.ok()) return;
  file->lock();
  const auto record = *static_cast<const http::SpanRecord*>(file->data());
  file->unlock();
  const auto span = http::span_state(record, home.clock().shared_now());
  report.customers_limit = span.limit;
  report.customers_used = span.used;
}

Result<operate::PlanReport> plan_store(const home::Home& home, const StoreAccess& access,
                                       const operate::RunRequest& request) {
  Api api;
  FALAJ_TRY(api.identify(home, access));
  const StoreId store(api.store.id);
  Memory memory(home);
  FALAJ_TRY(memory.open(store));
  NamedEntities named;
  if (memory.state() != nullptr) {
    FALAJ_ASSIGN(named, read_named(*memory.state(), store));
  }
  FALAJ_ASSIGN(const auto streams, home_streams(home.paths()));
  extract::Planner planner({*api.source, home.clock(), memory.cursors(store),
                            [&] { return memory.known(store); }, home.stop()},
                           extract_options(home.settings(), request, streams, named.all));
  FALAJ_ASSIGN(const auto plan, planner.plan());
  operate::PlanReport report;
  report.store_id = api.store.id;
  report.store_name = api.store.name;
  report.store_plan = api.store.plan;
  report.task = task_name(request);
  report.limit_per_minute = api.client->quota().limit_per_minute;
  take_lines(plan, report);
  // The client of a store that was not known was opened anew after the first request.
  report.requests_made = api.client->counters().requests + (access.id ? 0 : 1);
  take_customers_limit(home, report);
  FALAJ_TRY(subtract_landed(home, memory.unfinished(), report));
  note_events(home, report);
  return report;
}

}  // namespace

Result<std::vector<operate::PlanReport>> plan(const home::Home& home,
                                              const operate::RunRequest& request) {
  FALAJ_TRY(check_days(request));
  FALAJ_TRY(home::refuse_demo_home(home.paths().root, "planning a run"));
  FALAJ_ASSIGN(const auto stores, stores_to_read(home, request.stores));
  std::vector<operate::PlanReport> reports;
  for (const auto& store : stores) {
    FALAJ_ASSIGN(auto report,
                 plan_store(home, store, request).while_doing("planning " + store.name));
    reports.push_back(std::move(report));
  }
  return reports;
}

}  // namespace falaj::app
