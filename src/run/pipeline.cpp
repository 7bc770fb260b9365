#include "run/pipeline.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/counted.hpp"
#include "base/log.hpp"
#include "load/bronze_schema.hpp"
#include "run/catalogue_check.hpp"
#include "run/process_limits.hpp"
#include "run/run_limits.hpp"
#include "run/webhook_events.hpp"
#include "transform/model_registry.hpp"
#include "webhooks/intake.hpp"

namespace falaj::run {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

// Each transaction of a remote warehouse costs a dozen round trips and wakes what is paid by the
// minute: what one should at least bring while more is to come, and what it brings at the most.
constexpr int64_t kGatheredBytes = int64_t{32} << 20;
constexpr int64_t kBatchBytesOfRemote = int64_t{64} << 20;
// Raw text that is decoded at once where the connections of many stores need memory too.
constexpr int64_t kBatchBytesOfMany = int64_t{16} << 20;

// Of the home: the last id that a run made.
constexpr const char* kNewestIdCursor = "ids.newest";

}  // namespace

Pipeline::Pipeline(const home::Home& home, home::HeldHome held, const RunRequest& request,
                   RunOutside& outside)
    : home_(home),
      held_(std::move(held)),
      request_(request),
      outside_(outside),
      watched_(outside, task_name(request)),
      opener_(outside.warehouse()),
      progress_(home.clock(), &outside),
      started_(home.clock().steady_now()),
      ulids_(home.clock(), UlidGenerator::random_seed()),
      stores_(progress_),
      models_(home, stores_, large_mutex_, progress_),
      ticker_(std::chrono::seconds(1), [this] { progress_.tick(); }) {}

Pipeline::~Pipeline() = default;

void Pipeline::add_stage(const std::string& name, Micros since) {
  report_.stages.push_back(
      {name, duration_cast<milliseconds>(home_.clock().steady_now() - since).count()});
}

Status Pipeline::open(size_t stores) {
  stores_at_once_ = std::min(stores, static_cast<size_t>(home_.settings().stores_at_once));
  if (stores_at_once_ > 1) allow_many_files();
  FALAJ_ASSIGN(auto landing,
               landing::Landing::open(files_, home_.clock(), home_.paths().landing()));
  landing_ = std::make_unique<landing::Landing>(std::move(landing));
  FALAJ_ASSIGN(streams_, stores::home_streams(home_.paths()));
  const auto since = home_.clock().now() - kResumableFor;
  FALAJ_ASSIGN(unfinished_, held_.state.unfinished_run(since));
  FALAJ_ASSIGN(const auto resumable, held_.state.unfinished_stores(since));
  is_resumed_ = unfinished_.has_value() || !resumable.empty();
  return take_in_webhooks();
}

Status Pipeline::take_in_webhooks() {
  webhooks::Inbox inbox(files_, home_.clock(), home_.paths().inbox());
  WebhookEvents events(held_.state, home_.clock(), streams_, is_resumed_);
  webhooks::Intake intake(inbox, files_, *landing_, events);
  FALAJ_ASSIGN(auto taken, intake.run());
  for (auto& note : taken.notes) report_.notes.push_back(std::move(note));
  return {};
}

Status Pipeline::recover() {
  FALAJ_ASSIGN(const auto recovered, landing_->recover());
  if (recovered.frames_cut > 0 || recovered.bytes_cut > 0) {
    report_.notes.push_back(fmt::format("landing: a torn tail of {} was cut off",
                                        counted(recovered.bytes_cut, "byte")));
  }
  FALAJ_ASSIGN(auto landed, landing_->list());
  for (const auto& damage : landed.damaged) log_error("{}", damage.to_text());
  // Nothing to wait for then: extraction starts while the warehouse is being made.
  knows_nothing_ = landed.packages.empty() && !opener_.exists();
  FALAJ_TRY(keep_ids_in_order(landed.packages));
  run_ = RunId(unfinished_ ? unfinished_->run_id : ulids_.next());
  models_.begin(run_);
  FALAJ_TRY(held_.state.start_run(run_, home_.clock().now()));
  report_.run_id = run_.value();
  report_.task = task_name(request_);
  begin_loading(std::move(landed.packages));
  // A catalogue of the user's own is refused before anything is asked for.
  return stores::has_own_catalogue(home_.paths()) && !knows_nothing_ ? loading_->wait_until_ready()
                                                                     : Status();
}

// Runs and packages are told apart by their ids: those of a later run come later, also when the clock
// was ahead and has been set right.
Status Pipeline::keep_ids_in_order(const std::vector<landing::Manifest>& landed) {
  FALAJ_ASSIGN(const auto newest, held_.state.cursor(StoreId(), kNewestIdCursor));
  ulids_.stay_above(newest.value_or(""));
  FALAJ_ASSIGN(const auto runs, held_.state.recent_runs(1));
  for (const auto& run : runs) ulids_.stay_above(run.run_id);
  for (const auto& package : landed) ulids_.stay_above(package.identity.package_id.value());
  return {};
}

void Pipeline::begin_loading(std::vector<landing::Manifest> landed) {
  const bool reads_several = stores_at_once_ > 1;
  load::LoaderOptions options;
  options.specs = connectors::salla::tables_of(streams_);
  options.run_id = run_.value();
  if (opener_.is_remote()) options.batch_bytes = kBatchBytesOfRemote;
  if (reads_several) options.batch_bytes = kBatchBytesOfMany;
  auto tables = load::load_schema(options.specs);
  for (auto& table : transform::ModelRegistry::built_in().definitions())
    tables.push_back(std::move(table));
  LoadQueue::Options queue;
  queue.gather_bytes = opener_.is_remote() ? kGatheredBytes : 0;
  queue.has_low_priority = reads_several;
  queue.is_waited_for = !knows_nothing_;
  queue.on_loaded = [this](int64_t loaded, int64_t all) {
    progress_.show_steps("load", "", loaded, all);
  };
  queue.check = [this](warehouse::Warehouse& warehouse) {
    return check_catalogue(warehouse, home_.paths(), streams_);
  };
  const auto open = [this] {
    return opener_.open(false, {.dag = dag_name(request_.task), .run = run_.value()});
  };
  loading_ = std::make_unique<LoadQueue>(*landing_, home_.clock(), std::move(options), open,
                                         std::move(tables), std::move(landed), std::move(queue));
}

RunParts Pipeline::parts_of_stores() {
  RunParts parts{home_, held_.state, state_mutex_, large_mutex_, request_,
                 run_,  *landing_,   ulids_,       *loading_,    streams_};
  parts.knows_nothing = knows_nothing_;
  parts.keeps_pages = stores_at_once_ == 1 && !opener_.is_remote();
  parts.stop = home_.stop();
  if (request_.time_limit) parts.deadline = started_ + *request_.time_limit;
  return parts;
}

Status Pipeline::extract(std::vector<stores::StoreAccess> stores) {
  const auto since = home_.clock().steady_now();
  stores_.make(std::move(stores), stores_at_once_, parts_of_stores(), models_);
  const auto outcomes = stores_.read();
  add_stage("extract", since);
  report_.eta = progress_.samples();
  for (size_t i = 0; i < stores_.size(); ++i) collect_store(stores_.store(i), outcomes[i]);
  const bool all_failed =
      std::none_of(outcomes.begin(), outcomes.end(), [](const auto& each) { return each.ok(); });
  return all_failed ? outcomes.front() : Status();
}

Status Pipeline::finish() {
  FALAJ_TRY(stores_.remember());
  FALAJ_TRY(held_.state.set_cursor(StoreId(), kNewestIdCursor, ulids_.next(), home_.clock().now()));
  auto& warehouse = loading_->warehouse();
  FALAJ_TRY(warehouse.maintain());
  report_.duration_ms = duration_cast<milliseconds>(home_.clock().steady_now() - started_).count();
  report_.peak_rss_bytes = peak_rss_bytes();
  report_.usage = warehouse.usage();
  const auto status = !report_.mismatches.empty()  ? "mismatch"
                      : report_.exit_status() != 0 ? "partial"
                                                   : "done";
  auto summary = outside_.to_json(report_);
  // The home may be moved: what it keeps does not say where it is.
  if (!opener_.is_remote()) summary.set("warehouse", warehouse.database_name() + " in lake");
  FALAJ_TRY(held_.state.finish_run(run_, status, home_.clock().now(), summary.dump()));
  return remove_old_packages();
}

void Pipeline::fail(const Error& error) {
  if (run_.value().empty()) return;
  Json summary;
  summary.set("task", task_name(request_));
  summary.set("error", error.to_text());
  summary.set("kind", to_string(error.kind()));
  // Unless loading failed too: then who asks for the number looks into the books.
  if (!report_.warehouse.empty()) summary.set("rows_loaded", report_.rows_loaded());
  // Answers that contradict each other have landed: a run that went on from them would end the same.
  // Other stores are read on from where they were.
  const bool is_contradictory = std::any_of(
      report_.stores.begin(), report_.stores.end(),
      [](const auto& store) { return store.exit_status == exit_code(ErrorKind::kSchemaChanged); });
  const auto* status = is_contradictory ? "dropped" : "failed";
  auto recorded = held_.state.finish_run(run_, status, home_.clock().now(), summary.dump());
  if (!recorded.ok()) log_error("{}", recorded.error().to_text());
}

// Loaded and older than the setting, and not of a run that a store may still go on with.
Status Pipeline::remove_old_packages() {
  const auto limit = home_.clock().now() - std::chrono::hours(home_.settings().retention_hours);
  FALAJ_ASSIGN(const auto listed, landing_->list());
  FALAJ_ASSIGN(const auto unfinished,
               held_.state.unfinished_stores(home_.clock().now() - kResumableFor));
  for (const auto& package : listed.packages) {
    if (package.last_fetched_at >= limit) continue;
    const auto& identity = package.identity;
    const auto found = unfinished.find(identity.store_id.value());
    if (found != unfinished.end() && found->second == identity.run_id) continue;
    FALAJ_TRY(landing_->remove(package.identity.package_id));
  }
  return {};
}

}  // namespace falaj::run
