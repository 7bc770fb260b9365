#include "transform/transformer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/log.hpp"
#include "transform/date_dimension.hpp"
#include "transform/model_progress.hpp"
#include "transform/model_runner.hpp"
#include "warehouse/books/commits.hpp"
#include "warehouse/books/row_cells.hpp"
#include "warehouse/books/sql_literal.hpp"

namespace falaj::transform {
namespace {

constexpr const char* kStagedDates = "staged_dates";

std::string column_names() {
  std::string names;
  for (const auto& column : date_dimension_definition().columns.columns) {
    names += (names.empty() ? "" : ", ") + column.name;
  }
  return names;
}

Status add_rows(warehouse::Session& session, rows::RowBatch batch) {
  FALAJ_TRY(session.stage(kStagedDates, std::make_shared<rows::RowBatch>(std::move(batch))));
  auto inserted = session.execute(fmt::format(
      "INSERT INTO GOLD.gold_dim_date ({0}) SELECT {0} FROM {1}", column_names(), kStagedDates));
  auto dropped = session.drop_staged(kStagedDates);
  if (!inserted.ok()) return std::move(inserted).error();
  return dropped;
}

Status add_years(warehouse::Session& session, YearRange years) {
  if (years.first > years.last) return {};
  FALAJ_ASSIGN(auto batch, date_dimension(years));
  return add_rows(session, std::move(batch));
}

// The default years, those of orders outside of them, and the unknown member. Dates that no calendar
// should have (a year of 1 or 9999) stay without a row: facts point to the unknown member. Orders up to the watermark were looked at before.
Status fill_date_dimension(warehouse::Session& session, int64_t watermark) {
  FALAJ_ASSIGN(
      const auto table,
      session.query(fmt::format(
          "SELECT d.earliest, d.latest, YEAR(o.earliest), YEAR(o.latest) + 1, d.unknown "
          "FROM (SELECT MIN(year) AS earliest, MAX(year) AS latest, SUM(CASE WHEN date_key = -1 "
          "THEN 1 ELSE 0 END) AS unknown FROM GOLD.gold_dim_date) "
          "AS d CROSS JOIN (SELECT MIN(created_at) AS earliest, MAX(created_at) AS latest "
          "FROM BRONZE.bronze_orders WHERE load_seq > {} AND YEAR(created_at) BETWEEN {} "
          "AND {}) AS o",
          watermark, kEarliestYear, kLatestYear - 1)));
  const auto& row = table.rows[0];
  if (warehouse::number(row[4]) == 0) FALAJ_TRY(add_rows(session, unknown_date()));
  YearRange years;
  if (row[2]) years.first = std::min(years.first, std::stoi(*row[2]));
  if (row[3]) years.last = std::max(years.last, std::stoi(*row[3]));
  if (!row[0]) return add_years(session, years);
  FALAJ_TRY(add_years(session, {years.first, std::stoi(*row[0]) - 1}));
  return add_years(session, {std::stoi(*row[1]) + 1, years.last});
}

std::string check_rows(const TransformOptions& options, UtcTime now, const Model& model,
                       const ModelOutcome& outcome) {
  std::string results;
  const auto add = [&](const std::string& check, int64_t failing, const std::string& details) {
    results +=
        fmt::format("{}({}, {}, {}, {}, {}, {}, {})", results.empty() ? "" : ", ",
                    warehouse::text_literal(options.run_id), warehouse::text_literal(model.name),
                    warehouse::text_literal(check), failing == 0 ? "TRUE" : "FALSE", failing,
                    details.empty() ? "NULL" : warehouse::text_literal(details),
                    warehouse::timestamp_literal(now));
  };
  for (const auto& check : model.checks) add(check.text(), 0, "");
  for (const auto* rules : {&model.rules, &model.notes}) {
    for (const auto& rule : *rules) {
      int64_t rows = 0;
      std::string examples;
      for (const auto& broken : outcome.rules.broken) {
        if (broken.rule != rule.text()) continue;
        rows += broken.rows;
        examples = broken.examples;
      }
      add(rule.text(), rows, examples);
    }
  }
  return results;
}

// Of models that were left out the watermarks stay.
std::string without(const std::set<std::string>& left_out) {
  std::string list;
  for (const auto& model : left_out)
    list += (list.empty() ? "" : ", ") + warehouse::text_literal(model);
  return list.empty() ? "" : fmt::format(" WHERE entity_name NOT IN ({})", list);
}

Status record(warehouse::Session& session, const ModelRegistry& registry,
              const TransformOptions& options, UtcTime now, const TransformReport& report,
              const std::set<std::string>& left_out) {
  FALAJ_TRY(session.execute("DELETE FROM OPS.watermarks" + without(left_out)));
  const auto at = warehouse::timestamp_literal(now);
  std::string marks;
  std::string runs;
  std::string results;
  for (const auto& model : registry.models()) {
    if (left_out.contains(model.name)) continue;
    ModelOutcome outcome;
    bool has_run = false;
    for (const auto& one : report.models) {
      if (one.name == model.name) {
        outcome = one;
        has_run = true;
      }
    }
    marks += fmt::format("{}({}, NULL, {}, {}, {}, {}, NULL, {})", marks.empty() ? "" : ", ",
                         warehouse::text_literal(model.name), report.change_seq, at,
                         outcome.inserted + outcome.updated,
                         static_cast<double>(outcome.duration_ms) / 1000.0, at);
    if (!has_run) continue;
    runs += fmt::format("{}({}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {})", runs.empty() ? "" : ", ",
                        warehouse::text_literal(options.run_id),
                        warehouse::text_literal(model.name), at, outcome.duration_ms,
                        outcome.rows_in, outcome.inserted, outcome.updated, outcome.closed,
                        outcome.deleted, report.change_seq, outcome.is_full ? "TRUE" : "FALSE");
    if (const auto rows = check_rows(options, now, model, outcome); !rows.empty())
      results += (results.empty() ? "" : ", ") + rows;
  }
  FALAJ_TRY(
      session.execute("INSERT INTO OPS.watermarks (entity_name, store_id, last_seq, "
                      "last_load_timestamp, records_loaded, "
                      "load_duration_seconds, load_rate_records_per_sec, updated_at) VALUES " +
                      marks));
  if (runs.empty())
    return warehouse::record_commit(session, report.change_seq, "transform", options.run_id, now);
  FALAJ_TRY(
      session.execute("INSERT INTO OPS.model_runs (run_id, model, started_at, duration_ms, "
                      "rows_in, inserted, updated, closed, deleted, "
                      "change_seq, is_full) VALUES " +
                      runs));
  FALAJ_TRY(
      session.execute("INSERT INTO OPS.quality_results (run_id, model, check_name, passed, "
                      "failing_rows, details, checked_at) VALUES " +
                      results));
  return warehouse::record_commit(session, report.change_seq, "transform", options.run_id, now);
}

}  // namespace

Transformer::Transformer(warehouse::Session& session, Clock& clock, const ModelRegistry& registry)
    : session_(session), clock_(clock), registry_(registry) {}

Result<TransformReport> Transformer::run(const TransformOptions& options) {
  TransformReport report;
  session_.tag_statements({.run = options.run_id, .task = "transform", .store = options.stores});
  scopes_at_once_ = options.scopes_at_once.value_or(session_.entities_at_once());
  left_out_.clear();
  failures_.clear();
  for (;;) {
    const Status done = run_committed(options, report);
    if (done.ok()) return report;
    if (!warehouse::is_out_of_memory(done.error())) return done.error();
    if (!narrow(done.error()) && !session_.take_more_memory()) return done.error();
  }
}

// A few rows with long texts take the memory of many thousands: parts follow from what was tried.
bool Transformer::narrow(const Error& error) {
  if (building_.empty() || scopes_tried_ <= 1) return false;
  auto& at_once = narrowed_[building_];
  at_once = std::max<int64_t>(1, scopes_tried_ / 4);
  log_info("the rows of {} take more memory than there is; {} at once from here on: {}", building_,
           at_once, error.to_text());
  return true;
}

Status Transformer::run_committed(const TransformOptions& options, TransformReport& report) {
  constexpr int kLostAnswers = 3;
  for (int lost = 0;;) {
    FALAJ_ASSIGN(const auto progress, read_progress(session_));
    report = {.failures = failures_, .open_records = progress.open_records_of_all()};
    if (!progress.has_news(registry_.models().size()) && !options.is_full_refresh) return {};
    declared_ = stale_models(registry_, progress, options.is_full_refresh, left_out_);
    FALAJ_TRY(declare_tables(options));
    const Status done = warehouse::in_transaction(session_, clock_, options.attempts,
                                                  [&](warehouse::Session&) -> Status {
                                                    report = {.failures = failures_};
                                                    return run_all(options, report);
                                                  });
    if (done.ok() && !is_overtaken_) return {};
    if (done.ok() || leave_out_failed(done.error())) continue;
    if (done.error().kind() != ErrorKind::kOutcomeUnknown || lost == kLostAnswers) return done;
    ++lost;
    log_warn("looking up whether the models' commit arrived: {}", done.error().to_text());
    FALAJ_ASSIGN(const bool has_arrived, is_committed(options, report.change_seq));
    if (has_arrived) return {};
  }
}

// What rows or SQL of one model bring about; a disk, a network or a stop is nobody's fault here.
bool Transformer::leave_out_failed(const Error& error) {
  const bool is_of_model =
      error.kind() == ErrorKind::kRowsRejected || error.kind() == ErrorKind::kUsage;
  if (!is_of_model || building_.empty()) return false;
  ModelFailure failure{building_, error.to_text(), {}};
  left_out_.insert(building_);
  for (const auto& model : registry_.models()) {
    const bool reads_one = std::any_of(model.reads.begin(), model.reads.end(),
                                       [&](const auto& read) { return is_left_out(read); });
    if (reads_one && left_out_.insert(model.name).second) failure.held_up.push_back(model.name);
  }
  log_error("model {} could not be built; it and {} models that read it stay as they were: {}",
            failure.model, failure.held_up.size(), failure.error);
  failures_.push_back(std::move(failure));
  return true;
}

// Bronze's books count its rows; of what models made, those of this run are known.
Result<int64_t> Transformer::rows_read_by(const Model& model,
                                          const std::map<std::string, int64_t>& rows) {
  int64_t most = 0;
  for (const auto& table : model.change_sources) {
    if (const auto known = rows.find(table); known != rows.end()) {
      most = std::max(most, known->second);
    } else if (!table.starts_with("BRONZE.")) {
      FALAJ_ASSIGN(const auto counted, session_.query("SELECT COUNT(*) FROM " + table));
      most = std::max(most, counted.scalar_int());
    }
  }
  return most;
}

Status Transformer::declare_tables(const TransformOptions& options) {
  FALAJ_TRY(session_.declare(kStagedDates, date_dimension_definition().columns));
  for (const auto& model : registry_.models()) {
    const auto stale = declared_.find(model.name);
    if (stale == declared_.end()) continue;
    ModelTask task;
    task.is_first = stale->second;
    task.is_full_refresh = options.is_full_refresh;
    FALAJ_TRY(ModelRunner(session_, model, std::move(task)).declare_tables());
  }
  return {};
}

// In a transaction of its own: its turn comes when the one whose answer was lost has ended.
Result<bool> Transformer::is_committed(const TransformOptions& options, int64_t change_seq) {
  bool is_there = change_seq == 0;  // it had nothing to write
  FALAJ_TRY(warehouse::in_transaction(
      session_, clock_, options.attempts, [&](warehouse::Session&) -> Status {
        FALAJ_ASSIGN(const bool found,
                     warehouse::has_commit(session_, change_seq, "transform", options.run_id));
        is_there = is_there || found;
        return {};
      }));
  return is_there;
}

Status Transformer::run_all(const TransformOptions& options, TransformReport& report) {
  FALAJ_ASSIGN(auto progress, read_progress(session_));
  const auto& watermarks = progress.watermarks;
  report.open_records = progress.open_records_of_all();
  building_.clear();
  const auto stale = stale_models(registry_, progress, options.is_full_refresh, left_out_);
  is_overtaken_ = !std::includes(declared_.begin(), declared_.end(), stale.begin(), stale.end());
  if (is_overtaken_) return {};
  report.change_seq = progress.last_commit + 1;
  const auto now = clock_.now();
  const auto orders = watermarks.find("silver_orders");
  const int64_t seen_orders = orders == watermarks.end() ? 0 : orders->second;
  FALAJ_TRY(fill_date_dimension(session_, seen_orders).while_doing("filling gold_dim_date"));
  bool builds_any = false;
  int64_t built = 0;
  for (const auto& model : registry_.models()) {
    if (!stale.contains(model.name)) continue;
    if (options.on_model) options.on_model(model.name, built++, std::ssize(stale));
    const auto started = clock_.steady_now();
    const auto mark = watermarks.find(model.name);
    const bool is_first = mark == watermarks.end();
    builds_any = builds_any || is_first;
    const int64_t watermark = is_first ? 0 : mark->second;
    const auto has_news = [&progress, watermark](const std::string& table) {
      return progress.has_news_of(table, watermark);
    };
    const auto narrowed = narrowed_.find(model.name);
    ModelTask task{watermark,
                   report.change_seq,
                   warehouse::timestamp_text(now.time_since_epoch().count()),
                   is_first,
                   options.is_full_refresh,
                   has_news,
                   narrowed == narrowed_.end() ? scopes_at_once_ : narrowed->second};
    task.open_records = progress.open_records_of(model.name);
    building_ = model.name;
    if (is_first || options.is_full_refresh) {
      FALAJ_ASSIGN(task.source_rows, rows_read_by(model, progress.rows));
    }
    session_.tag_statements(
        {.run = options.run_id, .task = "transform", .model = model.name, .store = options.stores});
    ModelRunner runner(session_, model, std::move(task));
    auto outcome = runner.run();
    scopes_tried_ = runner.scopes_tried();
    auto cleaned = runner.clean_up();
    if (!outcome.ok()) return std::move(outcome).error().while_doing("running model " + model.name);
    building_.clear();
    FALAJ_TRY(std::move(cleaned));
    if (!*outcome) continue;
    if ((*outcome)->is_full) progress.rows[model.table()] = (*outcome)->rows_in;
    (*outcome)->duration_ms =
        std::chrono::duration_cast<std::chrono::milliseconds>(clock_.steady_now() - started)
            .count();
    // A model whose rows all stayed the same was looked at, not touched.
    const auto& done = **outcome;
    if (!done.is_touched()) continue;
    progress.newest[model.table()] = report.change_seq;
    if (done.rules.quarantined > 0) progress.newest["SILVER.quarantine"] = report.change_seq;
    report.open_records += done.rules.quarantined - done.rules.released;
    report.models.push_back(done);
  }
  if (report.models.empty() && !builds_any) {
    // Only the watermarks would move: leave them, the next run looks at the same few rows again.
    report.change_seq = 0;
    return {};
  }
  session_.tag_statements({.run = options.run_id, .task = "transform", .store = options.stores});
  if (options.before_commit) FALAJ_TRY(options.before_commit(session_));
  return record(session_, registry_, options, now, report, left_out_);
}

}  // namespace falaj::transform
