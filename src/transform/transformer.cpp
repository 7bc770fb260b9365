#include "transform/transformer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/log.hpp"
#include "transform/date_dimension.hpp"
#include "transform/model_runner.hpp"

namespace falaj::transform {
namespace {

constexpr const char* kStagedDates = "staged_dates";
// A part of fewer scopes than this that does not fit into memory never will.
constexpr int64_t kScopesMin = 1000;

std::string column_names() {
  std::string names;
  for (const auto& column : date_dimension_definition().columns.columns) {
    names += (names.empty() ? "" : ", ") + column.name;
  }
  return names;
}

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

// How far commits, models and tables are.
struct Progress {
  int64_t last_commit = 0;
  std::map<std::string, int64_t> watermarks;  // by model
  std::map<std::string, int64_t> newest;      // by table: what wrote it last
  std::map<std::string, int64_t> rows;        // by table, where known

  // Whether a load has stored rows that not every model has seen.
  bool has_news(size_t models) const {
    int64_t loaded = 0;
    for (const auto& [table, seq] : newest) loaded = std::max(loaded, seq);
    if (watermarks.size() < models) return loaded > 0;
    return std::any_of(watermarks.begin(), watermarks.end(),
                       [&](const auto& mark) { return mark.second < loaded; });
  }
};

// Models that must be looked at: whose sources have rows that they have not seen, or may get some
// from a model before them. True for those that were never built.
std::map<std::string, bool> stale_models(const ModelRegistry& registry, const Progress& progress,
                                         bool is_full_refresh) {
  std::map<std::string, bool> stale;
  std::set<std::string> written;  // tables
  for (const auto& model : registry.models()) {
    const auto mark = progress.watermarks.find(model.name);
    const auto has_news = [&](const std::string& table) {
      const auto newest = progress.newest.find(table);
      return written.contains(table) ||
             (newest != progress.newest.end() && newest->second > mark->second);
    };
    const bool is_first = mark == progress.watermarks.end();
    if (!is_full_refresh && !is_first &&
        std::none_of(model.change_sources.begin(), model.change_sources.end(), has_news)) {
      continue;
    }
    stale.emplace(model.name, is_first);
    written.insert(model.table());
  }
  return stale;
}

Result<Progress> read_progress(warehouse::Session& session) {
  FALAJ_ASSIGN(
      const auto rows,
      session.query("SELECT 'commits' AS kind, '' AS name, COALESCE(MAX(seq), 0), 0 FROM "
                    "OPS.commits UNION ALL SELECT 'model', entity_name, last_seq, 0 FROM "
                    "OPS.watermarks UNION ALL SELECT 'table', 'BRONZE.' || table_name, "
                    "MAX(load_seq), CAST(SUM(loaded) AS BIGINT) FROM OPS.load_packages WHERE "
                    "loaded > 0 GROUP BY table_name"));
  Progress progress;
  for (const auto& row : rows.rows) {
    const auto seq = std::stoll(row[2].value_or("0"));
    if (row[0] == "commits") progress.last_commit = seq;
    if (row[0] == "model") progress.watermarks[*row[1]] = seq;
    if (row[0] != "table") continue;
    progress.newest[*row[1]] = seq;
    progress.rows[*row[1]] = std::stoll(row[3].value_or("0"));
  }
  return progress;
}

Status add_years(warehouse::Session& session, YearRange years) {
  if (years.first > years.last) return {};
  FALAJ_ASSIGN(auto batch, date_dimension(years));
  FALAJ_TRY(session.stage(kStagedDates, std::make_shared<rows::RowBatch>(std::move(batch))));
  auto inserted = session.execute(fmt::format(
      "INSERT INTO GOLD.gold_dim_date ({0}) SELECT {0} FROM {1}", column_names(), kStagedDates));
  auto dropped = session.drop_staged(kStagedDates);
  if (!inserted.ok()) return std::move(inserted).error();
  return dropped;
}

// The default years, and those of orders outside of them. Dates that no calendar should have (a
// year of 1 or 9999) stay without a row. Orders up to the watermark were looked at before.
Status fill_date_dimension(warehouse::Session& session, int64_t watermark) {
  constexpr int kEarliest = 1990;
  constexpr int kLatest = 2100;
  FALAJ_ASSIGN(
      const auto table,
      session.query(fmt::format(
          "SELECT d.earliest, d.latest, YEAR(o.earliest), YEAR(o.latest) + 1 "
          "FROM (SELECT MIN(year) AS earliest, MAX(year) AS latest FROM GOLD.gold_dim_date) "
          "AS d CROSS JOIN (SELECT MIN(created_at) AS earliest, MAX(created_at) AS latest "
          "FROM BRONZE.bronze_orders WHERE load_seq > {} AND YEAR(created_at) BETWEEN {} "
          "AND {}) AS o",
          watermark, kEarliest, kLatest - 1)));
  const auto& row = table.rows[0];
  YearRange years;
  if (row[2]) years.first = std::min(years.first, std::stoi(*row[2]));
  if (row[3]) years.last = std::max(years.last, std::stoi(*row[3]));
  if (!row[0]) return add_years(session, years);
  FALAJ_TRY(add_years(session, {years.first, std::stoi(*row[0]) - 1}));
  return add_years(session, {std::stoi(*row[1]) + 1, years.last});
}

Status commit_entry(warehouse::Session& session, const TransformOptions& options,
                    const std::string& now, int64_t change_seq) {
  FALAJ_TRY(
      session.execute(fmt::format("INSERT INTO OPS.commits (seq, kind, run_id, committed_at) "
                                  "VALUES ({}, 'transform', {}, CAST('{}' AS TIMESTAMP))",
                                  change_seq, sql_text(options.run_id), now)));
  return {};
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
  if (runs.empty()) return commit_entry(session, options, now, report.change_seq);
  FALAJ_TRY(
      session.execute("INSERT INTO OPS.model_runs (run_id, model, started_at, duration_ms, "
                      "rows_in, inserted, updated, closed, deleted, "
                      "change_seq, is_full) VALUES " +
                      runs));
  FALAJ_TRY(
      session.execute("INSERT INTO OPS.quality_results (run_id, model, check_name, passed, "
                      "failing_rows, details, checked_at) VALUES " +
                      results));
  return commit_entry(session, options, now, report.change_seq);
}

}  // namespace

Transformer::Transformer(warehouse::Session& session, Clock& clock, const ModelRegistry& registry)
    : session_(session), clock_(clock), registry_(registry) {}

Result<TransformReport> Transformer::run(const TransformOptions& options) {
  TransformReport report;
  session_.tag_statements({.run = options.run_id, .task = "transform", .store = options.stores});
  scopes_at_once_ = options.scopes_at_once.value_or(session_.entities_at_once());
  for (;;) {
    const Status done = run_committed(options, report);
    if (done.ok()) return report;
    if (!warehouse::is_out_of_memory(done.error()) || scopes_at_once_ < kScopesMin)
      return done.error();
    scopes_at_once_ /= 4;
    log_info("the models' rows take more memory than there is; {} scopes at once from here on: {}",
             scopes_at_once_, done.error().to_text());
  }
}

Status Transformer::run_committed(const TransformOptions& options, TransformReport& report) {
  constexpr int kLostAnswers = 3;
  for (int lost = 0;;) {
    FALAJ_ASSIGN(const auto progress, read_progress(session_));
    if (!progress.has_news(registry_.models().size()) && !options.is_full_refresh) return {};
    declared_ = stale_models(registry_, progress, options.is_full_refresh);
    FALAJ_TRY(declare_tables(options));
    const Status done = warehouse::in_transaction(session_, clock_, options.attempts,
                                                  [&](warehouse::Session&) -> Status {
                                                    report = TransformReport();
                                                    return run_all(options, report);
                                                  });
    if (done.ok() && !is_overtaken_) return {};
    if (done.ok()) continue;
    if (done.error().kind() != ErrorKind::kOutcomeUnknown || lost == kLostAnswers) return done;
    ++lost;
    log_warn("looking up whether the models' commit arrived: {}", done.error().to_text());
    FALAJ_ASSIGN(const bool has_arrived, is_committed(options, report.change_seq));
    if (has_arrived) return {};
  }
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
        FALAJ_ASSIGN(const auto found,
                     session_.query(fmt::format("SELECT COUNT(*) FROM OPS.commits WHERE seq = {} "
                                                "AND kind = 'transform' AND run_id = {}",
                                                change_seq, sql_text(options.run_id))));
        is_there = is_there || found.scalar_int() > 0;
        return {};
      }));
  return is_there;
}

Status Transformer::run_all(const TransformOptions& options, TransformReport& report) {
  FALAJ_ASSIGN(auto progress, read_progress(session_));
  const auto& watermarks = progress.watermarks;
  auto& newest = progress.newest;
  const auto stale = stale_models(registry_, progress, options.is_full_refresh);
  is_overtaken_ = !std::includes(declared_.begin(), declared_.end(), stale.begin(), stale.end());
  if (is_overtaken_) return {};
  report.change_seq = progress.last_commit + 1;
  const auto now = timestamp_text(clock_.now());
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
    const auto has_news = [&newest, watermark](const std::string& table) {
      const auto found = newest.find(table);
      return found != newest.end() && found->second > watermark;
    };
    ModelTask task{watermark, report.change_seq, now, is_first, options.is_full_refresh,
                   has_news,  scopes_at_once_};
    if (is_first || options.is_full_refresh) {
      FALAJ_ASSIGN(task.source_rows, rows_read_by(model, progress.rows));
    }
    session_.tag_statements(
        {.run = options.run_id, .task = "transform", .model = model.name, .store = options.stores});
    ModelRunner runner(session_, model, std::move(task));
    auto outcome = runner.run();
    auto cleaned = runner.clean_up();
    if (!outcome.ok()) return std::move(outcome).error().while_doing("running model " + model.name);
    FALAJ_TRY(std::move(cleaned));
    if (!*outcome) continue;
    if ((*outcome)->is_full) progress.rows[model.table()] = (*outcome)->rows_in;
    (*outcome)->duration_ms =
        std::chrono::duration_cast<std::chrono::milliseconds>(clock_.steady_now() - started)
            .count();
    // A model whose rows all stayed the same was looked at, not touched.
    const auto& done = **outcome;
    if (done.inserted + done.updated + done.closed + done.deleted == 0) continue;
    newest[model.table()] = report.change_seq;
    report.models.push_back(done);
  }
  if (report.models.empty() && !builds_any) {
    // Only the watermarks would move: leave them, the next run looks at the same few rows again.
    report.change_seq = 0;
    return {};
  }
  session_.tag_statements({.run = options.run_id, .task = "transform", .store = options.stores});
  if (options.before_commit) FALAJ_TRY(options.before_commit(session_));
  return record(session_, registry_, options, now, report);
}

}  // namespace falaj::transform
