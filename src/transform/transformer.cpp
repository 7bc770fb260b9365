#include "transform/transformer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "transform/date_dimension.hpp"
#include "transform/model_runner.hpp"

namespace falaj::transform {
namespace {

std::string sql_text(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'') quoted += '\'';
    quoted += c;
  }
  return quoted + "'";
}

// A UTC column's literal.
std::string timestamp_text(UtcTime time) {
  auto text = to_iso8601(time, true);
  text.pop_back();
  text[10] = ' ';
  return text;
}

// Whether a load has stored rows that not every model has seen.
Result<bool> has_news(warehouse::Session& session, size_t models) {
  FALAJ_ASSIGN(const auto seen,
               session.query("SELECT COUNT(*), COALESCE(MIN(last_seq), 0) FROM OPS.watermarks"));
  if (seen.scalar_int() < static_cast<int64_t>(models)) {
    FALAJ_ASSIGN(const auto loaded,
                 session.query("SELECT COUNT(*) FROM OPS.load_packages WHERE loaded > 0"));
    return loaded.scalar_int() > 0;
  }
  FALAJ_ASSIGN(const auto fresh,
               session.query(fmt::format(
                   "SELECT COUNT(*) FROM OPS.load_packages WHERE loaded > 0 AND load_seq > {}",
                   seen.rows[0][1].value_or("0"))));
  return fresh.scalar_int() > 0;
}

Status add_years(warehouse::Session& session, YearRange years) {
  if (years.first > years.last) return {};
  FALAJ_ASSIGN(auto batch, date_dimension(years));
  FALAJ_TRY(session.stage("staged_dates", std::make_shared<rows::RowBatch>(std::move(batch))));
  auto inserted = session.execute("INSERT INTO GOLD.gold_dim_date SELECT * FROM staged_dates");
  auto dropped = session.drop_staged("staged_dates");
  if (!inserted.ok()) return std::move(inserted).error();
  return dropped;
}

// The default years, and those of orders outside of them. Dates that no calendar should have (a
// year of 1 or 9999) stay without a row.
Status fill_date_dimension(warehouse::Session& session) {
  constexpr int kEarliest = 1990;
  constexpr int kLatest = 2100;
  FALAJ_ASSIGN(const auto there,
               session.query("SELECT MIN(year), MAX(year) FROM GOLD.gold_dim_date"));
  FALAJ_ASSIGN(
      const auto needed,
      session.query(fmt::format(
          "SELECT YEAR(MIN(created_at)), YEAR(MAX(created_at)) + 1 FROM BRONZE.bronze_orders "
          "WHERE YEAR(created_at) BETWEEN {} AND {}",
          kEarliest, kLatest - 1)));
  YearRange years;
  if (needed.rows[0][0]) years.first = std::min(years.first, std::stoi(*needed.rows[0][0]));
  if (needed.rows[0][1]) years.last = std::max(years.last, std::stoi(*needed.rows[0][1]));
  if (!there.rows[0][0]) return add_years(session, years);
  FALAJ_TRY(add_years(session, {years.first, std::stoi(*there.rows[0][0]) - 1}));
  return add_years(session, {std::stoi(*there.rows[0][1]) + 1, years.last});
}

Status record(warehouse::Session& session, const ModelRegistry& registry,
              const TransformOptions& options, const std::string& now,
              const TransformReport& report) {
  FALAJ_TRY(session.execute("DELETE FROM OPS.watermarks"));
  std::string marks;
  std::string runs;
  std::string results;
  for (const auto& model : registry.models()) {
    ModelOutcome outcome;
    bool has_run = false;
    for (const auto& one : report.models) {
      if (one.name == model.name) {
        outcome = one;
        has_run = true;
      }
    }
    marks += fmt::format(
        "{}({}, NULL, {}, CAST('{}' AS TIMESTAMP), {}, {}, NULL, CAST('{}' AS TIMESTAMP))",
        marks.empty() ? "" : ", ", sql_text(model.name), report.change_seq, now,
        outcome.inserted + outcome.updated, static_cast<double>(outcome.duration_ms) / 1000.0, now);
    if (!has_run) continue;
    runs += fmt::format("{}({}, {}, CAST('{}' AS TIMESTAMP), {}, {}, {}, {}, {}, {}, {}, {})",
                        runs.empty() ? "" : ", ", sql_text(options.run_id), sql_text(model.name),
                        now, outcome.duration_ms, outcome.rows_in, outcome.inserted,
                        outcome.updated, outcome.closed, outcome.deleted, report.change_seq,
                        outcome.is_full ? "TRUE" : "FALSE");
    for (const auto& check : model.checks) {
      results += fmt::format("{}({}, {}, {}, TRUE, 0, NULL, CAST('{}' AS TIMESTAMP))",
                             results.empty() ? "" : ", ", sql_text(options.run_id),
                             sql_text(model.name), sql_text(check.text()), now);
    }
  }
  FALAJ_TRY(
      session.execute("INSERT INTO OPS.watermarks (entity_name, store_id, last_seq, "
                      "last_load_timestamp, records_loaded, "
                      "load_duration_seconds, load_rate_records_per_sec, updated_at) VALUES " +
                      marks));
  FALAJ_TRY(
      session.execute("INSERT INTO OPS.model_runs (run_id, model, started_at, duration_ms, "
                      "rows_in, inserted, updated, closed, deleted, "
                      "change_seq, is_full) VALUES " +
                      runs));
  FALAJ_TRY(
      session.execute("INSERT INTO OPS.quality_results (run_id, model, check_name, passed, "
                      "failing_rows, details, checked_at) VALUES " +
                      results));
  FALAJ_TRY(
      session.execute(fmt::format("INSERT INTO OPS.commits (seq, kind, run_id, committed_at) "
                                  "VALUES ({}, 'transform', {}, CAST('{}' AS TIMESTAMP))",
                                  report.change_seq, sql_text(options.run_id), now)));
  return {};
}

}  // namespace

Transformer::Transformer(warehouse::Session& session, Clock& clock, const ModelRegistry& registry)
    : session_(session), clock_(clock), registry_(registry) {}

Result<TransformReport> Transformer::run(const TransformOptions& options) {
  TransformReport report;
  FALAJ_ASSIGN(const bool is_needed, has_news(session_, registry_.models().size()));
  if (!is_needed && !options.is_full_refresh) return report;
  FALAJ_TRY(warehouse::in_transaction(session_, clock_, options.attempts,
                                      [&](warehouse::Session&) -> Status {
                                        report = TransformReport();
                                        return run_all(options, report);
                                      }));
  return report;
}

Status Transformer::run_all(const TransformOptions& options, TransformReport& report) {
  FALAJ_ASSIGN(const auto last, session_.query("SELECT COALESCE(MAX(seq), 0) FROM OPS.commits"));
  report.change_seq = last.scalar_int() + 1;
  const auto now = timestamp_text(clock_.now());
  FALAJ_TRY(fill_date_dimension(session_).while_doing("filling gold_dim_date"));
  std::map<std::string, int64_t> watermarks;
  FALAJ_ASSIGN(const auto marks,
               session_.query("SELECT entity_name, last_seq FROM OPS.watermarks"));
  for (const auto& row : marks.rows)
    watermarks[row[0].value_or("")] = std::stoll(row[1].value_or("0"));
  for (const auto& model : registry_.models()) {
    const auto started = clock_.steady_now();
    ModelTask task{watermarks[model.name], report.change_seq, now, options.is_full_refresh};
    ModelRunner runner(session_, model, std::move(task));
    auto outcome = runner.run();
    auto cleaned = runner.clean_up();
    if (!outcome.ok()) return std::move(outcome).error().while_doing("running model " + model.name);
    FALAJ_TRY(std::move(cleaned));
    if (!*outcome) continue;
    (*outcome)->duration_ms =
        std::chrono::duration_cast<std::chrono::milliseconds>(clock_.steady_now() - started)
            .count();
    // A model whose rows all stayed the same was looked at, not touched.
    const auto& done = **outcome;
    if (done.inserted + done.updated + done.closed + done.deleted > 0)
      report.models.push_back(done);
  }
  if (report.models.empty()) {
    // Only the watermarks would move: leave them, the next run looks at the same few rows again.
    report.change_seq = 0;
    return {};
  }
  return record(session_, registry_, options, now, report);
}

}  // namespace falaj::transform
