// What the steps of a run found, for its report: the steps after extraction.
#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "base/counted.hpp"
#include "run/pipeline.hpp"
#include "run/run_books.hpp"
#include "run/store_totals.hpp"
#include "warehouse/books/row_cells.hpp"

namespace falaj::run {
namespace {

// From here on models gain more from all processors than their threads cost.
constexpr int64_t kRowsWorthThreads = 1'000'000;

}  // namespace

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
  StoreReport line{store.store().id, store.name(), extracted.orders.left_to_deepen, "", 0};
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

Status Pipeline::load() {
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
  report_.warehouse = opener_.place(loading_->warehouse().database_name());
  return {};
}

Status Pipeline::note_quarantine() {
  FALAJ_ASSIGN(auto session, loading_->warehouse().open_session());
  session->tag_statements({.task = "quarantine", .store = stores_.store_list()});
  FALAJ_ASSIGN(const auto open,
               session->query("SELECT stream, COUNT(*) FROM SILVER.quarantine WHERE resolved_at IS "
                              "NULL GROUP BY stream ORDER BY stream"));
  int64_t records = 0;
  std::string by_stream;
  for (const auto& row : open.rows) {
    records += warehouse::number(row[1]);
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
  const auto line = [&](const std::string& stream) -> StreamReport& {
    for (auto& known : report_.streams) {
      if (known.stream == stream) return known;
    }
    report_.streams.push_back({stream});
    return report_.streams.back();
  };
  for (size_t i = 0; i < stores_.size(); ++i) {
    for (const auto& outcome : stores_.store(i).extracted().streams) {
      auto& report = line(outcome.stream);
      report.requests += outcome.tally.requests;
      report.pages += outcome.tally.pages;
    }
  }
  FALAJ_ASSIGN(auto session, loading_->warehouse().open_session());
  session->tag_statements({.task = "books", .store = stores_.store_list()});
  FALAJ_ASSIGN(const auto books, read_books(*session, run_.value()));
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
  auto& warehouse = loading_->warehouse();
  if (home_.settings().warehouse_threads == 0 && report_.rows_loaded() >= kRowsWorthThreads) {
    FALAJ_TRY(
        warehouse.set_threads(static_cast<int>(std::max(1U, std::thread::hardware_concurrency()))));
  }
  FALAJ_TRY(models_.build(
      warehouse, {request_.full_refresh, report_.streams.empty() || report_.rows_loaded() > 0,
                  stores_.announced()}));
  auto built = models_.take();
  report_.models = std::move(built.models);
  report_.coverage = std::move(built.coverage);
  report_.refreshes = built.refreshes;
  std::move(built.notes.begin(), built.notes.end(), std::back_inserter(report_.notes));
  std::move(built.failures.begin(), built.failures.end(), std::back_inserter(report_.mismatches));
  if (has_open_quarantine_ || built.has_open_records) FALAJ_TRY(note_quarantine());
  add_stage("transform", since);
  return {};
}

Status Pipeline::reconcile() {
  const auto since = home_.clock().steady_now();
  const bool has_news = report_.rows_loaded() > 0 || !report_.models.empty();
  const bool is_asked_for = request_.task == Task::kReconcile;
  progress_.show_stage("reconcile");
  FALAJ_ASSIGN(auto session, loading_->warehouse().open_session());
  session->tag_statements({.task = "reconcile", .store = stores_.store_list()});
  FALAJ_ASSIGN(auto announced, compare_lists(*session));
  if (!has_news && !is_asked_for) return {};
  FALAJ_ASSIGN(auto results, run::reconcile(*session));
  if (is_asked_for) FALAJ_TRY(compare_totals(*session, results));
  for (const auto& result : results) {
    if (!result.matches()) report_.mismatches.push_back(result.to_text());
  }
  std::move(announced.begin(), announced.end(), std::back_inserter(results));
  FALAJ_TRY(record_reconciliations(*session, home_.clock(), run_.value(), results));
  add_stage("reconcile", since);
  return {};
}

// A difference is said and does not fail the run: what is announced may be on its way.
Result<std::vector<Reconciliation>> Pipeline::compare_lists(warehouse::Session& session) {
  const auto totals = stores_.list_totals(request_.task == Task::kBackfill);
  FALAJ_ASSIGN(auto differences, compare_with_lists(session, totals));
  std::vector<Reconciliation> results;
  for (auto& difference : differences) {
    report_.differences.push_back(std::move(difference.text));
    results.push_back(std::move(difference.result));
  }
  return results;
}

Status Pipeline::compare_totals(warehouse::Session& session, std::vector<Reconciliation>& results) {
  for (size_t i = 0; i < stores_.size(); ++i) {
    if (!stores_.is_read(i)) continue;
    const auto& store = stores_.store(i);
    const auto& orders = store.extracted().orders;
    if (orders.totals.empty()) {
      note(store, "the store changed while it was read: its own totals were not compared");
      continue;
    }
    std::vector<StoreTotal> totals;
    for (const auto& total : orders.totals) {
      const bool has_days = total.days.days() > 0;
      totals.push_back({has_days ? extract::day_text(total.days.first) : "",
                        has_days ? extract::day_text(total.days.last) : "", total.status,
                        total.total});
    }
    FALAJ_ASSIGN(auto compared,
                 compare_with_store(session, store.store().id, totals, orders.unlisted));
    if (compared.has_other_days) {
      note(store, "the store dates its orders in another zone than it filters them by");
    }
    note(store, fmt::format("compared {} of the store's own with gold",
                            counted(std::ssize(compared.results), "total")));
    std::move(compared.results.begin(), compared.results.end(), std::back_inserter(results));
  }
  return {};
}

}  // namespace falaj::run
