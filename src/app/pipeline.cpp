#include "app/pipeline.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cinttypes>
#include <cstdio>
#include <fstream>
#include <thread>
#include <utility>

#include "app/open_warehouse.hpp"
#include "app/places.hpp"
#include "app/run.hpp"
#include "app/snowflake_access.hpp"
#include "app/stream_catalogue.hpp"
#include "app/webhook_intake.hpp"
#include "base/counted.hpp"
#include "base/log.hpp"
#include "home/interrupt.hpp"
#include "load/bronze_schema.hpp"
#include "operate/known_days.hpp"
#include "operate/list_totals.hpp"
#include "operate/model_outcome.hpp"
#include "operate/reconcile.hpp"
#include "operate/run_books.hpp"
#include "operate/store_totals.hpp"

namespace falaj::app {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

// Each transaction of a remote warehouse costs a dozen round trips and wakes what is paid by the
// minute: what one should at least bring while more is to come, and what it brings at the most.
constexpr int64_t kGatheredBytes = int64_t{32} << 20;
constexpr int64_t kBatchBytesOfRemote = int64_t{64} << 20;
// Raw text that is decoded at once where the connections of many stores need memory too.
constexpr int64_t kBatchBytesOfMany = int64_t{16} << 20;

// From here on models gain more from all processors than their threads cost.
constexpr int64_t kRowsWorthThreads = 1'000'000;

// What getrusage() says includes the process that started this one, before exec.
int64_t peak_rss_bytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    int64_t kilobytes = 0;
    if (std::sscanf(line.c_str(), "VmHWM: %" SCNd64, &kilobytes) == 1) return kilobytes * 1024;
  }
  return 0;
}

// Many stores have many connections and files open, and 1024, the usual limit, is for programs that
// use select(), which falaj does not.
void allow_many_files() {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur >= files.rlim_max) return;
  files.rlim_cur = files.rlim_max;
  if (::setrlimit(RLIMIT_NOFILE, &files) != 0)
    log_warn("this run may have {} files open at most", files.rlim_cur);
}

const char* dag_of(operate::RunRequest::Task task) {
  switch (task) {
    case operate::RunRequest::Task::kReconcile: return "reconcile";
    case operate::RunRequest::Task::kBackfill: return "backfill";
    case operate::RunRequest::Task::kRun: break;
  }
  return "run";
}

// Of the home: the last id that a run made.
constexpr const char* kNewestIdCursor = "ids.newest";

// However many stores are read at once, a package is worth its files: each takes half a dozen flushes.
constexpr int64_t kPackageBytesMin = int64_t{2} << 20;

// What a package of one of the stores may hold. Stores that are read at the same speed have
// packages of different sizes, from half to the whole of a store's share: else all of them would be
// full, sealed and waiting to be loaded at the same moment.
int64_t package_bytes_of(size_t store, size_t stores_at_once, int64_t package_max) {
  const auto share = std::max(package_max / static_cast<int64_t>(stores_at_once),
                              std::min(package_max, kPackageBytesMin));
  const auto place = static_cast<int64_t>(store % stores_at_once);
  return share - share * place / (2 * static_cast<int64_t>(stores_at_once));
}

// What all connections of a run have for receiving; a list page of full orders is 300 KB.
constexpr int64_t kReceiveBytes = int64_t{8} << 20;
constexpr int64_t kReceiveBytesMin = int64_t{16} << 10;
constexpr int64_t kReceiveBytesMax = int64_t{512} << 10;

}  // namespace

Pipeline::Pipeline(const home::Home& home, home::HeldHome held, operate::RunRequest request,
                   operate::ProgressSink progress)
    : home_(home),
      held_(std::move(held)),
      request_(std::move(request)),
      note_(home_.paths(), task_name(request_)),
      progress_(home_.clock(),
                [this, progress = std::move(progress)](const operate::Progress& shown) {
                  note_.write(shown);
                  if (progress) progress(shown);
                }),
      ticker_(std::chrono::seconds(1), [this] { progress_.tick(); }),
      stop_(home_.stop()),
      ulids_(home_.clock(), UlidGenerator::random_seed()),
      started_(home_.clock().steady_now()),
      refreshed_at_(started_) {}

Pipeline::~Pipeline() = default;

void Pipeline::add_stage(const std::string& name, Micros since) {
  report_.stages.push_back(
      {name, duration_cast<milliseconds>(home_.clock().steady_now() - since).count()});
}

Status Pipeline::start(size_t stores) {
  stores_at_once_ = std::min(stores, static_cast<size_t>(home_.settings().stores_at_once));
  const bool reads_several = stores_at_once_ > 1;
  if (reads_several) allow_many_files();
  FALAJ_ASSIGN(auto landing,
               landing::Landing::open(files_, home_.clock(), home_.paths().landing()));
  landing_ = std::make_unique<landing::Landing>(std::move(landing));
  FALAJ_ASSIGN(streams_, home_streams(home_.paths()));
  FALAJ_ASSIGN(const auto unfinished,
               held_.state.unfinished_run(home_.clock().now() - kResumableFor));
  FALAJ_ASSIGN(const auto resumable,
               held_.state.unfinished_stores(home_.clock().now() - kResumableFor));
  FALAJ_TRY(take_in_webhooks(unfinished.has_value() || !resumable.empty()));
  FALAJ_ASSIGN(const auto recovered, landing_->recover());
  if (recovered.frames_cut > 0 || recovered.bytes_cut > 0) {
    report_.notes.push_back(fmt::format("landing: a torn tail of {} was cut off",
                                        counted(recovered.bytes_cut, "byte")));
  }
  // Nothing to wait for then: extraction starts while the warehouse is being made.
  FALAJ_ASSIGN(auto landed, landing_->list());
  for (const auto& damage : landed.damaged) log_error("{}", damage.to_text());
  knows_nothing_ = landed.packages.empty() && !warehouse_exists(home_);
  FALAJ_TRY(keep_ids_in_order(landed.packages));
  run_ = RunId(unfinished ? unfinished->run_id : ulids_.next());
  FALAJ_TRY(held_.state.start_run(run_, home_.clock().now()));
  report_.run_id = run_.value();
  report_.task = task_name(request_);

  load::LoaderOptions options;
  options.specs = connectors::salla::tables_of(streams_);
  options.run_id = run_.value();
  const bool is_remote = uses_snowflake(home_.settings());
  if (is_remote) options.batch_bytes = kBatchBytesOfRemote;
  if (reads_several) options.batch_bytes = kBatchBytesOfMany;
  auto tables = load::load_schema(options.specs);
  for (auto& table : transform::ModelRegistry::built_in().definitions())
    tables.push_back(std::move(table));
  loading_ = std::make_unique<LoadQueue>(
      *landing_, home_.clock(), std::move(options),
      [this] {
        return open_warehouse(home_, false, {.dag = dag_of(request_.task), .run = run_.value()});
      },
      std::move(tables), std::move(landed.packages),
      LoadQueue::Options{
          is_remote ? kGatheredBytes : 0, reads_several, !knows_nothing_,
          [this](int64_t loaded, int64_t all) { progress_.show_steps("load", "", loaded, all); },
          check_of_catalogue(home_.paths(), streams_)});
  // A catalogue of the user's own is refused before anything is asked for.
  return has_own_catalogue(home_.paths()) && !knows_nothing_ ? loading_->wait_until_ready()
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

Status Pipeline::take_in_webhooks(bool is_resumed) {
  webhooks::Inbox inbox(files_, home_.clock(), home_.paths().inbox());
  WebhookIntake intake(inbox, files_, *landing_, held_.state, home_.clock(), streams_);
  FALAJ_ASSIGN(auto taken, intake.run(is_resumed));
  for (auto& note : taken.notes) report_.notes.push_back(std::move(note));
  return {};
}

Status Pipeline::extract(std::vector<StoreAccess> stores) {
  const auto since = home_.clock().steady_now();
  make_stores(std::move(stores));
  progress_.begin(stores_.size());
  const auto outcomes = run_stores();
  add_stage("extract", since);
  report_.eta = progress_.samples();
  for (size_t i = 0; i < stores_.size(); ++i) {
    is_read_.push_back(outcomes[i].ok());
    collect_store(*stores_[i], outcomes[i]);
  }
  const bool all_failed =
      std::none_of(outcomes.begin(), outcomes.end(), [](const auto& each) { return each.ok(); });
  return all_failed ? outcomes.front() : Status();
}

void Pipeline::make_stores(std::vector<StoreAccess> stores) {
  const auto package_max = home_.settings().package_mb_max << 20;
  const auto connections = static_cast<int64_t>(stores_at_once_) * home_.settings().max_in_flight;
  const auto receive_bytes =
      std::clamp(kReceiveBytes / connections, kReceiveBytesMin, kReceiveBytesMax);
  std::optional<Micros> deadline;
  if (request_.budget_seconds) deadline = started_ + std::chrono::seconds(*request_.budget_seconds);
  for (size_t i = 0; i < stores.size(); ++i) {
    RunParts parts{home_,
                   held_.state,
                   state_mutex_,
                   large_mutex_,
                   request_,
                   run_,
                   *landing_,
                   ulids_,
                   *loading_,
                   streams_,
                   knows_nothing_,
                   package_bytes_of(i, stores_at_once_, package_max),
                   stores_at_once_ == 1 && !uses_snowflake(home_.settings()),
                   static_cast<size_t>(receive_bytes),
                   [this] { request_refresh(Micros(0)); },
                   stop_,
                   deadline};
    stores_.push_back(std::make_unique<StoreRun>(
        parts, std::move(stores[i]),
        [this, i](const extract::ExtractProgress& progress) { progress_.show(i, progress); },
        [this] { loading_->let_begin(); }));
  }
}

std::vector<Status> Pipeline::run_stores() {
  std::vector<Status> outcomes(stores_.size());
  run_in_places(stores_.size(), stores_at_once_, [&](size_t i, Place& place) {
    progress_.begin_store(i);
    outcomes[i] = stores_[i]->run([this, &place] {
      place.leave();
      request_refresh_in_time();
    });
    progress_.end_store(i);
    if (outcomes[i].ok()) request_refresh_in_time();
    if (!outcomes[i].ok() && stores_.size() > 1)
      log_error("{}: {}", stores_[i]->name(), outcomes[i].error().to_text());
  });
  return outcomes;
}

void Pipeline::note(const StoreRun& store, const std::string& text) {
  report_.notes.push_back(stores_.size() == 1 ? text : store.name() + ": " + text);
}

// Once, however many stores say so.
void Pipeline::note_clock(const StoreRun& store) {
  if (!store.clock_skew() || std::exchange(is_clock_noted_, true)) return;
  report_.notes.push_back(http::skew_text(*store.clock_skew()) +
                          " (Date header): its answers were dated by the store's; set the clock "
                          "right, since events are judged by it");
}

void Pipeline::collect_store(const StoreRun& store, const Status& outcome) {
  note_clock(store);
  const auto& extracted = store.extracted();
  operate::StoreReport line{store.store().id, store.name(), extracted.orders.left_to_deepen, "", 0};
  if (!outcome.ok()) {
    line.error = outcome.error().to_text();
    line.exit_status = exit_code(outcome.error().kind());
  }
  report_.orders_to_deepen += extracted.orders.left_to_deepen;
  report_.stores.push_back(std::move(line));
  for (const auto& text : extracted.notes) note(store, text);
  if (extracted.codes_cut > 0) {
    note(store, fmt::format("{} cut out before landing", extracted.codes_cut == 1
                                                             ? "1 sold code or file was"
                                                             : with_thousands(extracted.codes_cut) +
                                                                   " sold codes and files were"));
  }
}

Status Pipeline::finish_loading() {
  const auto since = home_.clock().steady_now();
  progress_.show_stage("load");
  FALAJ_ASSIGN(const auto loaded, loading_->finish());
  add_stage("load after extract", since);
  report_.stages.push_back({"load beside extract", loading_->busy_ms()});
  for (const auto& damage : loaded.damaged) {
    report_.notes.push_back("a damaged package was set aside: " + damage.message());
  }
  FALAJ_TRY(collect_streams());
  for (auto& text : loaded.lost_notes()) report_.notes.push_back(std::move(text));
  has_open_quarantine_ = loaded.has_open_quarantine;
  report_.warehouse =
      uses_snowflake(home_.settings())
          ? fmt::format("{} in Snowflake account {}", loading_->warehouse().database_name(),
                        home_.settings().snowflake_account)
          : fmt::format("{} in {}", loading_->warehouse().database_name(), home_.paths().lake());
  return {};
}

std::string Pipeline::store_list() const {
  std::vector<int64_t> ids;
  for (const auto& store : stores_) ids.push_back(store->store().id);
  return warehouse::store_list(ids);
}

Status Pipeline::note_quarantine() {
  FALAJ_ASSIGN(auto session, loading_->warehouse().open_session());
  session->tag_statements({.task = "quarantine", .store = store_list()});
  FALAJ_ASSIGN(const auto open,
               session->query("SELECT stream, COUNT(*) FROM SILVER.quarantine WHERE resolved_at IS "
                              "NULL GROUP BY stream ORDER BY stream"));
  int64_t records = 0;
  std::string by_stream;
  for (const auto& row : open.rows) {
    records += std::stoll(row[1].value_or("0"));
    by_stream += fmt::format("{}{} {}", by_stream.empty() ? "" : ", ", row[0].value_or(""),
                             row[1].value_or("0"));
  }
  if (records == 0) return {};
  report_.notes.push_back(fmt::format(
      "{} in quarantine (SILVER.quarantine says why): {}; orders that lack them are "
      "asked for again by the next run",
      records == 1 ? "1 record is" : fmt::format("{} records are", records), by_stream));
  return {};
}

Status Pipeline::collect_streams() {
  const auto line = [&](const std::string& stream) -> operate::StreamReport& {
    for (auto& known : report_.streams) {
      if (known.stream == stream) return known;
    }
    report_.streams.push_back({stream});
    return report_.streams.back();
  };
  for (const auto& store : stores_) {
    for (const auto& outcome : store->extracted().streams) {
      auto& report = line(outcome.stream);
      report.requests += outcome.tally.requests;
      report.pages += outcome.tally.pages;
    }
  }
  FALAJ_ASSIGN(auto session, loading_->warehouse().open_session());
  session->tag_statements({.task = "books", .store = store_list()});
  FALAJ_ASSIGN(const auto books, operate::read_books(*session, run_.value()));
  for (const auto& stream : books) {
    auto& report = line(stream.stream);
    report.fetched = stream.fetched;
    report.loaded = stream.loaded;
    report.unchanged = stream.unchanged;
    report.quarantined = stream.quarantined;
  }
  return {};
}

Status Pipeline::transform() {
  const auto since = home_.clock().steady_now();
  progress_.show_stage("transform");
  if (home_.settings().warehouse_threads == 0 && report_.rows_loaded() >= kRowsWorthThreads) {
    FALAJ_TRY(loading_->warehouse().set_threads(
        static_cast<int>(std::max(1U, std::thread::hardware_concurrency()))));
  }
  std::vector<operate::Announced> announced;
  for (const auto& store : stores_) {
    for (const auto& list : store->extracted().streams) {
      if (list.announced >= 0)
        announced.push_back({store->store().id, list.stream, list.announced});
    }
  }
  FALAJ_TRY(build_models(loading_->warehouse(), request_.full_refresh, announced));
  for (auto& text : model_failures_) report_.mismatches.push_back(std::move(text));
  if (has_open_quarantine_ || has_open_records_) FALAJ_TRY(note_quarantine());
  add_stage("transform", since);
  return {};
}

Status Pipeline::build_models(warehouse::Warehouse& warehouse, bool is_full_refresh,
                              const std::vector<operate::Announced>& announced) {
  std::lock_guard lock(large_mutex_);
  FALAJ_ASSIGN(auto session, warehouse.open_session());
  // Before the end what was loaded is not counted yet, but something was.
  std::vector<operate::WholeDays> whole;
  for (const auto& store : stores_) {
    const auto days = store->whole_days();
    if (days) whole.push_back({store->store().id, {days->first, days->last}});
  }
  session->tag_statements({.task = "known_days", .store = store_list()});
  FALAJ_TRY(operate::note_known_days(
                *session, home_.clock(), run_.value(), whole,
                is_full_refresh || report_.streams.empty() || report_.rows_loaded() > 0)
                .while_doing("noting which days are known whole"));
  transform::Transformer transformer(*session, home_.clock());
  transform::TransformOptions options;
  options.run_id = run_.value();
  options.stores = store_list();
  options.is_full_refresh = is_full_refresh;
  options.on_model = [this](const std::string& model, int64_t built, int64_t all) {
    progress_.show_steps("transform", model, built, all);
  };
  options.before_commit = [&](warehouse::Session& inside) {
    return operate::write_coverage(inside, home_.clock().now(), announced);
  };
  FALAJ_ASSIGN(const auto done, transformer.run(options).while_doing("building the models"));
  for (const auto& model : done.models) {
    auto known = std::find_if(report_.models.begin(), report_.models.end(),
                              [&](const auto& each) { return each.model == model.name; });
    if (known == report_.models.end())
      known = report_.models.insert(known, operate::ModelReport{model.name});
    known->rows_in += model.rows_in;
    known->inserted += model.inserted;
    known->updated += model.updated;
    known->closed += model.closed;
    known->deleted += model.deleted;
    known->duration_ms += model.duration_ms;
  }
  model_failures_ = operate::failures(done);
  has_open_records_ = done.open_records > 0;
  for (auto& text : operate::notes(done)) report_.notes.push_back(std::move(text));
  if (!done.models.empty()) {
    FALAJ_ASSIGN(report_.coverage, operate::read_coverage(*session));
  }
  return {};
}

// On the loading thread; what goes wrong here goes wrong again at the end, and is reported there.
void Pipeline::request_refresh(Micros not_before) {
  const auto refresh = [this](warehouse::Warehouse& warehouse) {
    auto built = build_models(warehouse, false, {});
    refreshed_at_ = home_.clock().steady_now();
    if (!built.ok()) {
      log_warn("silver and gold could not be refreshed: {}", built.error().to_text());
      return;
    }
    ++report_.refreshes;
  };
  loading_->request(refresh, not_before);
}

// What a store has brought does not wait for slower ones.
void Pipeline::request_refresh_in_time() {
  request_refresh(refreshed_at_.load() + std::chrono::seconds(home_.settings().refresh_secs));
}

Status Pipeline::reconcile() {
  const auto since = home_.clock().steady_now();
  const bool has_news = report_.rows_loaded() > 0 || !report_.models.empty();
  const bool is_asked_for = request_.task == operate::RunRequest::Task::kReconcile;
  progress_.show_stage("reconcile");
  FALAJ_ASSIGN(auto session, loading_->warehouse().open_session());
  session->tag_statements({.task = "reconcile", .store = store_list()});
  FALAJ_ASSIGN(auto announced, compare_with_lists(*session));
  if (!has_news && !is_asked_for) return {};
  FALAJ_ASSIGN(auto results, operate::reconcile(*session));
  if (is_asked_for) FALAJ_TRY(compare_with_stores(*session, results));
  for (const auto& result : results) {
    if (!result.matches()) report_.mismatches.push_back(result.to_text());
  }
  std::move(announced.begin(), announced.end(), std::back_inserter(results));
  FALAJ_TRY(operate::record_reconciliations(*session, home_.clock(), run_.value(), results));
  add_stage("reconcile", since);
  return {};
}

// A difference is said and does not fail the run: what is announced may be on its way.
Result<std::vector<operate::Reconciliation>> Pipeline::compare_with_lists(
    warehouse::Session& session) {
  std::vector<operate::ListTotal> totals;
  const bool is_partial = request_.task == operate::RunRequest::Task::kBackfill;
  for (size_t i = 0; i < stores_.size(); ++i) {
    const auto& streams = stores_[i]->extracted().streams;
    const bool has_orders = std::any_of(streams.begin(), streams.end(), [](const auto& stream) {
      return stream.stream == "orders" && stream.tally.pages > 0;
    });
    if (!is_read_[i] || !has_orders) continue;
    const auto& orders = stores_[i]->extracted().orders;
    totals.push_back({stores_[i]->store().id, stores_.size() == 1 ? "" : stores_[i]->name(),
                      orders.list_total, orders.unlisted, is_partial});
  }
  FALAJ_ASSIGN(auto differences, operate::compare_with_lists(session, totals));
  std::vector<operate::Reconciliation> results;
  for (auto& difference : differences) {
    report_.differences.push_back(std::move(difference.text));
    results.push_back(std::move(difference.result));
  }
  return results;
}

Status Pipeline::compare_with_stores(warehouse::Session& session,
                                     std::vector<operate::Reconciliation>& results) {
  for (size_t i = 0; i < stores_.size(); ++i) {
    if (!is_read_[i]) continue;
    const auto& store = *stores_[i];
    const auto& orders = store.extracted().orders;
    if (orders.totals.empty()) {
      note(store, "the store changed while it was read: its own totals were not compared");
      continue;
    }
    std::vector<operate::StoreTotal> totals;
    for (const auto& total : orders.totals) {
      const bool has_days = total.days.days() > 0;
      totals.push_back({has_days ? extract::day_text(total.days.first) : "",
                        has_days ? extract::day_text(total.days.last) : "", total.status,
                        total.total});
    }
    FALAJ_ASSIGN(auto compared,
                 operate::compare_with_store(session, store.store().id, totals, orders.unlisted));
    if (compared.has_other_days) {
      note(store, "the store dates its orders in another zone than it filters them by");
    }
    note(store, fmt::format("compared {} of the store's own with gold",
                            counted(std::ssize(compared.results), "total")));
    std::move(compared.results.begin(), compared.results.end(), std::back_inserter(results));
  }
  return {};
}

Status Pipeline::finish() {
  for (size_t i = 0; i < stores_.size(); ++i) {
    if (is_read_[i]) FALAJ_TRY(stores_[i]->remember());
  }
  FALAJ_TRY(held_.state.set_cursor(StoreId(), kNewestIdCursor, ulids_.next(), home_.clock().now()));
  FALAJ_TRY(loading_->warehouse().maintain());
  report_.duration_ms = duration_cast<milliseconds>(home_.clock().steady_now() - started_).count();
  report_.peak_rss_bytes = peak_rss_bytes();
  report_.usage = loading_->warehouse().usage();
  const auto status = !report_.mismatches.empty()  ? "mismatch"
                      : report_.exit_status() != 0 ? "partial"
                                                   : "done";
  auto summary = report_.to_json();
  // The home may be moved: what it keeps does not say where it is.
  if (!uses_snowflake(home_.settings()))
    summary.set("warehouse", loading_->warehouse().database_name() + " in lake");
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
  // Other stores go on all the same where they were.
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

}  // namespace falaj::app
