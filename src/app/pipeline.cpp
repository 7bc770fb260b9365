#include "app/pipeline.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "app/interrupt.hpp"
#include "app/known_from_warehouse.hpp"
#include "base/log.hpp"
#include "base/sha256.hpp"
#include "load/bronze_schema.hpp"
#include "operate/reconcile.hpp"

namespace falaj::app {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

// From here on models gain more from all processors than their threads cost.
constexpr int64_t kRowsWorthThreads = 1'000'000;

// An older run's lists say little about the store of today; what it has loaded stays known.
constexpr auto kResumableFor = std::chrono::hours(24);

int64_t peak_rss_bytes() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss * 1024;
}

http::ClientOptions client_options(const config::Settings& settings) {
  http::ClientOptions options;
  options.base_url = settings.api_base_url;
  options.token = settings.api_token;
  options.max_in_flight = static_cast<size_t>(settings.max_in_flight);
  options.retry.max_retries = static_cast<int>(settings.max_retries);
  options.retry.delay = std::chrono::seconds(settings.retry_delay_secs);
  options.retry.rate_limit_delay = std::chrono::seconds(settings.rate_limit_delay_secs);
  options.random_seed = UlidGenerator::random_seed();
  return options;
}

}  // namespace

Pipeline::Pipeline(Home home, cli::RunRequest request, operate::ProgressSink progress)
    : home_(std::move(home)),
      request_(std::move(request)),
      progress_(std::move(progress)),
      stop_(interruption()),
      ulids_(*home_.clock, UlidGenerator::random_seed()),
      started_(home_.clock->steady_now()),
      transport_(http::CurlOptions{}) {}

Pipeline::~Pipeline() = default;

void Pipeline::add_stage(const std::string& name, Micros since) {
  report_.stages.push_back(
      {name, duration_cast<milliseconds>(home_.clock->steady_now() - since).count()});
}

Status Pipeline::start() {
  FALAJ_ASSIGN(auto landing, landing::Landing::open(files_, *home_.clock, home_.paths.landing()));
  landing_ = std::make_unique<landing::Landing>(std::move(landing));
  FALAJ_ASSIGN(const auto recovered, landing_->recover());
  if (recovered.frames_cut > 0 || recovered.bytes_cut > 0) {
    report_.notes.push_back(
        fmt::format("landing: {} bytes of a torn tail were cut off", recovered.bytes_cut));
  }
  // Nothing to wait for then: extraction starts while the warehouse is being made.
  FALAJ_ASSIGN(auto landed, landing_->list());
  for (const auto& damage : landed.damaged) log_error("{}", damage.to_text());
  knows_nothing_ = landed.packages.empty() && !warehouse_exists(home_.paths, home_.settings);
  FALAJ_ASSIGN(const auto unfinished,
               home_.state.unfinished_run(home_.clock->now() - kResumableFor));
  run_ = RunId(unfinished ? unfinished->run_id : ulids_.next());
  FALAJ_TRY(home_.state.start_run(run_, home_.clock->now()));
  report_.run_id = run_.value();

  load::LoaderOptions options;
  FALAJ_ASSIGN(streams_, home_streams(home_.paths));
  options.specs = connectors::salla::tables_of(streams_);
  options.run_id = run_.value();
  auto tables = load::load_schema(options.specs);
  for (auto& table : transform::ModelRegistry::built_in().definitions())
    tables.push_back(std::move(table));
  loading_ = std::make_unique<LoadQueue>(
      *landing_, *home_.clock, std::move(options),
      [this] { return open_warehouse(home_.paths, home_.settings, *home_.clock, false); },
      std::move(tables), std::move(landed.packages));
  return {};
}

Status Pipeline::identify_store() {
  client_ = std::make_unique<http::Client>(transport_, *home_.clock, client_options(home_.settings),
                                           stop_);
  source_ = std::make_unique<connectors::salla::SallaSource>(*client_);
  FALAJ_ASSIGN(auto answer,
               client_->get(extract::kStoreInfoRequest).while_doing("asking who the store is"));
  FALAJ_ASSIGN(store_, extract::parse_store_info(answer.body));
  store_answer_ = {answer.status, std::move(answer.body), answer.received_at};
  report_.store_id = store_.id;
  report_.store_name = store_.name;
  const auto fingerprint =
      to_hex(sha256(home_.settings.api_base_url + "\n" + home_.settings.api_token.expose()));
  FALAJ_TRY(home_.state.save_store(fingerprint.substr(0, 16), {store_.id, store_.name, store_.plan},
                                   home_.clock->now()));
  cursors_.get = [this](const std::string& name) {
    return home_.state.cursor(StoreId(store_.id), name);
  };
  cursors_.set = [this](const std::string& name, const std::string& value) {
    return home_.state.set_cursor(StoreId(store_.id), name, value, home_.clock->now());
  };
  return {};
}

Status Pipeline::extract() {
  const auto since = home_.clock->steady_now();
  extract::ExtractOptions options;
  options.is_summary_only = request_.depth == "summary";
  if (request_.budget_seconds) options.budget = std::chrono::seconds(*request_.budget_seconds);
  options.page_size = home_.settings.page_size;
  for (const auto& stream : streams_) {
    if (stream.name == "orders") options.order_volatile_members = stream.table.volatile_members;
  }
  options.more_streams = connectors::salla::more_streams(streams_);
  options.package.raw_bytes_max = static_cast<size_t>(home_.settings.package_mb_max) << 20U;
  options.package.keep_pages = true;
  // A quarter of what a frame may hold: a kill can cost the frame being written and the one that
  // waits, in each of two streams.
  options.package.frame_pages = 4;
  extract::ExtractContext context{
      *source_,
      *landing_,
      ulids_,
      *home_.clock,
      cursors_,
      [this]() -> Result<extract::KnownStore> {
        if (knows_nothing_) return extract::KnownStore();
        FALAJ_TRY(loading_->wait_until_ready());
        return read_known_store(loading_->warehouse(), StoreId(store_.id), run_);
      },
      [this](landing::SealedPackage package) { return loading_->push(std::move(package)); },
      [this](const extract::ExtractProgress& progress) { show(progress); },
      stop_};
  extractor_ = std::make_unique<extract::Extractor>(std::move(context), std::move(options));
  auto extracted = extractor_->run(run_, store_, std::move(store_answer_));
  add_stage("extract", since);
  if (!extracted.ok()) return std::move(extracted).error();
  extracted_ = std::move(extracted).value();
  for (auto& note : extracted_.notes) report_.notes.push_back(std::move(note));
  if (extracted_.codes_cut > 0) {
    report_.notes.push_back(
        fmt::format("{} sold codes and files were cut out before landing", extracted_.codes_cut));
  }
  report_.orders_to_deepen = extracted_.orders.left_to_deepen;
  return {};
}

void Pipeline::show(const extract::ExtractProgress& progress) {
  if (!progress_) return;
  operate::Progress line;
  line.stage = "extract";
  line.stream = progress.stream;
  line.pages = progress.pages;
  line.rows = progress.rows;
  line.requests = progress.counters.requests;
  const double seconds =
      std::chrono::duration<double>(home_.clock->steady_now() - started_).count();
  line.requests_per_second = static_cast<double>(line.requests) / std::max(seconds, 0.001);
  if (progress.counters.limit_per_minute) {
    line.quota_used_percent = 100.0 * static_cast<double>(progress.counters.used_in_window) /
                              static_cast<double>(*progress.counters.limit_per_minute);
  }
  if (progress.all > 0 && progress.done > 0) {
    line.eta_seconds = seconds * static_cast<double>(progress.all - progress.done) /
                       static_cast<double>(progress.done);
  }
  progress_(line);
}

Status Pipeline::finish_loading() {
  const auto since = home_.clock->steady_now();
  FALAJ_ASSIGN(const auto loaded, loading_->finish());
  add_stage("load after extract", since);
  report_.stages.push_back({"load beside extract", loading_->busy_ms()});
  for (const auto& damage : loaded.damaged) {
    report_.notes.push_back("a damaged package was set aside: " + damage.message());
  }
  collect_streams(loaded);
  if (loaded.has_open_quarantine) FALAJ_TRY(note_quarantine());
  report_.warehouse =
      fmt::format("{} in {}", loading_->warehouse().database_name(), home_.paths.lake());
  return {};
}

Status Pipeline::note_quarantine() {
  FALAJ_ASSIGN(auto session, loading_->warehouse().open_session());
  FALAJ_ASSIGN(const auto open,
               session->query("SELECT COUNT(*) FROM SILVER.quarantine WHERE resolved_at IS NULL"));
  if (open.scalar_int() == 0) return {};
  report_.notes.push_back(fmt::format(
      "{} records are in quarantine (SILVER.quarantine says why); orders that lack them are asked "
      "for again by the next run",
      open.scalar_int()));
  return {};
}

// Requests and pages as extraction saw them, rows as the books have them.
void Pipeline::collect_streams(const load::LoadReport& loaded) {
  const auto line = [&](const std::string& stream) -> operate::StreamReport& {
    for (auto& known : report_.streams) {
      if (known.stream == stream) return known;
    }
    report_.streams.push_back({stream});
    return report_.streams.back();
  };
  for (const auto& outcome : extracted_.streams) {
    auto& report = line(outcome.stream);
    report.requests = outcome.tally.requests;
    report.pages = outcome.tally.pages;
  }
  for (const auto& table : loaded.tables) {
    if (table.is_set_table) continue;
    auto& report = line(table.stream);
    report.fetched += table.fetched;
    report.loaded += table.loaded;
    report.unchanged += table.unchanged;
    report.quarantined += table.quarantined;
  }
}

Status Pipeline::transform() {
  const auto since = home_.clock->steady_now();
  if (home_.settings.warehouse_threads == 0 && report_.rows_loaded() >= kRowsWorthThreads) {
    FALAJ_TRY(loading_->warehouse().set_threads(
        static_cast<int>(std::max(1U, std::thread::hardware_concurrency()))));
  }
  FALAJ_ASSIGN(auto session, loading_->warehouse().open_session());
  transform::Transformer transformer(*session, *home_.clock);
  transform::TransformOptions options;
  options.run_id = run_.value();
  options.is_full_refresh = request_.full_refresh;
  FALAJ_ASSIGN(const auto done, transformer.run(options).while_doing("building the models"));
  for (const auto& model : done.models) {
    report_.models.push_back({model.name, model.rows_in, model.inserted, model.updated,
                              model.closed, model.deleted, model.duration_ms});
  }
  add_stage("transform", since);
  return {};
}

Status Pipeline::reconcile() {
  const auto since = home_.clock->steady_now();
  const bool has_news = report_.rows_loaded() > 0 || !report_.models.empty();
  if (!has_news) return {};
  FALAJ_ASSIGN(auto session, loading_->warehouse().open_session());
  FALAJ_ASSIGN(const auto results, operate::reconcile(*session));
  for (const auto& result : results) {
    if (!result.matches()) report_.mismatches.push_back(result.to_text());
  }
  FALAJ_TRY(operate::record_reconciliations(*session, *home_.clock, run_.value(), results));
  add_stage("reconcile", since);
  return {};
}

Status Pipeline::finish() {
  FALAJ_TRY(extractor_->remember());
  FALAJ_TRY(loading_->warehouse().maintain());
  report_.duration_ms = duration_cast<milliseconds>(home_.clock->steady_now() - started_).count();
  report_.peak_rss_bytes = peak_rss_bytes();
  const auto status = report_.mismatches.empty() ? "done" : "mismatch";
  FALAJ_TRY(home_.state.finish_run(run_, status, home_.clock->now(), report_.to_json().dump()));
  return remove_old_packages();
}

void Pipeline::fail(const Error& error) {
  if (run_.value().empty()) return;
  Json summary;
  summary.set("error", error.to_text());
  summary.set("kind", to_string(error.kind()));
  auto recorded = home_.state.finish_run(run_, "failed", home_.clock->now(), summary.dump());
  if (!recorded.ok()) log_error("{}", recorded.error().to_text());
}

// Loaded and older than the setting; only after a complete run, since a resumed one reads them.
Status Pipeline::remove_old_packages() {
  const auto limit = home_.clock->now() - std::chrono::hours(home_.settings.retention_hours);
  FALAJ_ASSIGN(const auto listed, landing_->list());
  for (const auto& package : listed.packages) {
    if (package.last_fetched_at >= limit) continue;
    FALAJ_TRY(landing_->remove(package.identity.package_id));
  }
  return {};
}

}  // namespace falaj::app
