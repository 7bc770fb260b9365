#include "transform/model_runner.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "warehouse/books/row_cells.hpp"

namespace falaj::transform {
namespace {

// The first version of a dimension row holds from here, the current one until there.
constexpr const char* kBeginning = "CAST('1900-01-01 00:00:00' AS TIMESTAMP)";
constexpr const char* kEnd = "CAST('9999-12-31 00:00:00' AS TIMESTAMP)";
constexpr int kExamples = 3;

std::string list_of(const std::vector<std::string>& names, const std::string& prefix = "") {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + prefix + name;
  return text;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

// A timestamp of whole seconds as surrogate_key() takes it, spelled out: an adapter that writes the
// key as an expression does not know the types of its parts.
std::string instant_text(const std::string& timestamp) {
  return fmt::format("REPLACE(SUBSTR(CAST({} AS VARCHAR), 1, 19), ' ', 'T') || 'Z'", timestamp);
}

rows::Schema schema_of(const std::vector<TypedColumn>& columns) {
  rows::Schema schema;
  for (const auto& column : columns) schema.columns.push_back({column.name, column.type});
  return schema;
}

// The largest whole number of a DECIMAL column; empty for other types.
std::string limit_of(rows::ColumnType type) {
  if (type == rows::ColumnType::kMoney) return "99999999999999";
  if (type == rows::ColumnType::kRate) return "9999999999";
  return "";
}

std::string column_list(const Model& model) {
  std::vector<std::string> names;
  for (const auto& column : model.columns) names.push_back(column.name);
  return list_of(names);
}

}  // namespace

Status ModelRunner::declare_tables() {
  using rows::ColumnType;
  FALAJ_TRY(rules_.declare_table());
  if (is_built_anew()) return {};
  auto selected = schema_of(model_.selected_columns());
  if (is_scd2()) selected.columns.push_back({"changed_at", ColumnType::kTimestamp});
  FALAJ_TRY(session_.declare(new_table(), selected));
  if (is_scd2()) selected.columns.push_back({"starts_at", ColumnType::kTimestamp});
  selected.columns.push_back({"change", ColumnType::kBigInt});
  FALAJ_TRY(session_.declare(delta_table(), selected));
  if (task_.is_full_refresh) return {};
  return session_.declare(changed_table(), schema_of(model_.scope));
}

// Spelled out: columns that were added later are last in the table, not where the model has them.
std::string ModelRunner::columns_of_t() const {
  std::vector<std::string> names;
  for (const auto& column : model_.columns) names.push_back(column.name);
  return list_of(names, "t.");
}

std::string ModelRunner::runner_value(const std::string& column) const {
  if (column == "change_seq") return std::to_string(task_.change_seq);
  return fmt::format("CAST('{}' AS TIMESTAMP)", task_.now);
}

std::string ModelRunner::same_keys(const std::string& a, const std::string& b) const {
  std::string text;
  for (const auto& key : model_.keys) {
    text += fmt::format("{}{}.{} {} {}.{}", text.empty() ? "" : " AND ", a, key,
                        model_.is_nullable_key(key) ? "IS NOT DISTINCT FROM" : "=", b, key);
  }
  return text;
}

// n and o differ in a column that the SELECT yields.
std::string ModelRunner::differs() const {
  std::string text;
  for (const auto& column : model_.selected_columns()) {
    text += fmt::format("{}n.{} IS DISTINCT FROM o.{}", text.empty() ? "" : " OR ", column.name,
                        column.name);
  }
  return text;
}

Result<int64_t> ModelRunner::find_changes(int64_t seq) {
  std::string scope_list;
  std::vector<std::string> names;
  for (const auto& column : model_.scope) names.push_back(column.name);
  for (size_t i = 0; i < model_.changes.size(); ++i) {
    if (seq > 0 && !task_.has_news(model_.change_sources[i])) continue;
    scope_list +=
        fmt::format("{}SELECT * FROM ({}) AS c({})", scope_list.empty() ? "" : " UNION ALL ",
                    replaced(model_.changes[i], "{seq}", std::to_string(seq)), list_of(names));
  }
  if (scope_list.empty()) return 0;
  return session_.fill(changed_table(),
                       fmt::format("SELECT DISTINCT * FROM ({}) AS s", scope_list));
}

// The model's rows of the changed scopes, or all of them when `changed` is empty. A number that its
// column cannot hold is NULL: one of them must not fail the statement for all others.
std::string ModelRunner::new_rows_sql(const std::string& changed) const {
  std::string columns;
  for (const auto& column : model_.selected_columns()) {
    const auto limit = limit_of(column.type);
    auto value = fmt::format("CAST({} AS {})", column.name, column.sql_type);
    if (!limit.empty())
      value =
          fmt::format("CASE WHEN {0} BETWEEN -{1} AND {1} THEN {2} END", column.name, limit, value);
    columns += fmt::format("{}{} AS {}", columns.empty() ? "" : ", ", value, column.name);
  }
  if (is_scd2()) columns += ", CAST(changed_at AS TIMESTAMP) AS changed_at";
  return fmt::format("SELECT {} FROM ({}) AS m", columns, model_.render(changed));
}

Result<std::optional<ModelOutcome>> ModelRunner::run() {
  outcome_.name = model_.name;
  outcome_.is_full = task_.is_first || task_.is_full_refresh;
  const auto at_once = task_.scopes_at_once;
  std::string changed;  // empty: every scope
  int64_t scopes = 0;   // 0: few enough
  if (!outcome_.is_full) {
    FALAJ_ASSIGN(scopes, find_changes(task_.watermark));
    if (scopes == 0) return std::optional<ModelOutcome>();
    changed = changed_table();
  } else if (at_once > 0 && task_.source_rows > at_once) {
    FALAJ_ASSIGN(scopes, find_changes(0));
  }
  scopes_tried_ = scopes > 0 ? scopes : task_.source_rows;
  if (at_once > 0) scopes_tried_ = std::min(scopes_tried_, at_once);
  // Also repairs a table that somebody has written to.
  if (is_built_anew() && !task_.is_first)
    FALAJ_TRY(session_.execute("DELETE FROM " + model_.table()));
  if (at_once > 0 && scopes > at_once) {
    FALAJ_TRY(run_parts((scopes + at_once - 1) / at_once));
  } else if (!task_.is_first || task_.source_rows > 0) {
    FALAJ_TRY(run_part(changed));
  }
  // Versions have keys that only the table knows.
  if ((is_scd2() || is_built_anew()) && outcome_.inserted > 0) {
    FALAJ_TRY(is_built_anew() ? hold_rules(model_.table(), "") : check(model_.table()));
  }
  if (is_built_anew()) FALAJ_TRY(add_unknown_member());
  return std::optional(outcome_);
}

// A scope's part follows from its last number; scopes without one of their own (methods, days) are
// never so many. Multiplied modulo a prime, since ids may have a factor in common with the parts.
Status ModelRunner::run_parts(int64_t parts) {
  const auto& last = model_.scope.back();
  const auto number = last.type == rows::ColumnType::kBigInt ? last.name : "store_id";
  for (int64_t part = 0; part < parts; ++part) {
    FALAJ_ASSIGN(
        const int64_t scopes,
        session_.fill(
            part_table(),
            fmt::format(
                "SELECT * FROM {} WHERE MOD(MOD(MOD(ABS({}), 1000003) * 7919, 1000003), {}) = {}",
                changed_table(), number, parts, part)));
    if (scopes > 0) FALAJ_TRY(run_part(part_table()));
    for (const auto& table : {part_table(), new_table(), delta_table()})
      FALAJ_TRY(session_.drop_staged(table));
  }
  return {};
}

Status ModelRunner::run_part(const std::string& changed) {
  if (is_built_anew()) return build(changed);
  FALAJ_ASSIGN(const int64_t rows, session_.fill(new_table(), new_rows_sql(changed)));
  outcome_.rows_in += rows;
  if (is_scd2()) {
    FALAJ_TRY(rules_.apply(new_table(), changed, outcome_.rules));
    return add_versions(changed);
  }
  // With what expect_touched() guards, what held for the table before still does.
  FALAJ_TRY(hold_rules(new_table(), changed));
  return merge(changed);
}

Status ModelRunner::hold_rules(const std::string& table, const std::string& changed) {
  FALAJ_TRY(rules_.apply(table, changed, outcome_.rules));
  return check(table);
}

// From the SELECT right into the table, which has none of these rows.
Status ModelRunner::build(const std::string& changed) {
  const std::string rows = fmt::format("({}) AS n", new_rows_sql(changed));
  const auto insert = is_scd2()
                          ? insert_versions(rows, kBeginning)
                          : fmt::format("INSERT INTO {} ({}) SELECT {} FROM {}", model_.table(),
                                        column_list(model_), values_from("n"), rows);
  FALAJ_ASSIGN(const int64_t inserted, session_.execute(insert));
  outcome_.rows_in += inserted;
  outcome_.inserted += inserted;
  return {};
}

// The table's columns in order: the runner's own, the others from `rows`.
std::string ModelRunner::values_from(const std::string& rows) const {
  std::string values;
  for (const auto& column : model_.columns) {
    values += (values.empty() ? "" : ", ") + (is_runner_column(model_, column.name)
                                                  ? runner_value(column.name)
                                                  : rows + "." + column.name);
  }
  return values;
}

// The row that facts point to when they do not know better: key -1, store 0.
Status ModelRunner::add_unknown_member() {
  if (model_.surrogate.empty()) return {};
  std::string values;
  for (const auto& column : model_.columns) {
    std::string value = "NULL";
    if (column.name == model_.surrogate) value = "-1";
    if (column.name == "store_id") value = "0";
    if (column.name == "effective_date") value = kBeginning;
    if (column.name == "expiration_date") value = kEnd;
    if (column.name == "is_current" || column.name == "is_active") value = "TRUE";
    if (column.name == "change_seq") value = std::to_string(task_.change_seq);
    if (column.name.ends_with("_name") && column.type == rows::ColumnType::kText)
      value = "'unknown'";
    values += fmt::format("{}CAST({} AS {})", values.empty() ? "" : ", ", value, column.sql_type);
  }
  FALAJ_TRY(session_.execute(
      fmt::format("INSERT INTO {} ({}) SELECT {}", model_.table(), column_list(model_), values)));
  return {};
}

// The table's rows of the changed scopes that `and_where` leaves.
std::string ModelRunner::old_rows_sql(const std::string& changed,
                                      const std::string& and_where) const {
  std::string join;
  for (size_t i = 0; !changed.empty() && i < model_.scope.size(); ++i) {
    const auto& name = model_.scope[i].name;
    join +=
        fmt::format("{}t.{} {} c.{}", i > 0 ? " AND " : fmt::format(" JOIN {} AS c ON ", changed),
                    name, model_.is_nullable_key(name) ? "IS NOT DISTINCT FROM" : "=", name);
  }
  return fmt::format("SELECT {} FROM {} AS t{}{}", columns_of_t(), model_.table(), join, and_where);
}

// What differs between the table and the new rows: change is 1 for new keys, 0 for keys whose
// values differ, -1 for keys that are gone.
std::string ModelRunner::delta_sql(const std::string& changed) const {
  const auto known =
      model_.surrogate.empty() ? "" : fmt::format(" WHERE t.{} <> -1", model_.surrogate);
  std::string columns;
  for (const auto& column : model_.selected_columns()) {
    const bool is_key =
        std::find(model_.keys.begin(), model_.keys.end(), column.name) != model_.keys.end();
    columns += is_key ? fmt::format("COALESCE(n.{0}, o.{0}) AS {0}, ", column.name)
                      : fmt::format("n.{}, ", column.name);
  }
  const auto& first_key = model_.keys.front();
  return fmt::format(
      "SELECT {0}CASE WHEN o.{1} IS NULL THEN 1 WHEN n.{1} IS NULL THEN -1 ELSE 0 END AS change "
      "FROM {2} AS n FULL JOIN ({3}) AS o ON {4} WHERE o.{1} IS NULL OR n.{1} IS NULL OR {5}",
      columns, first_key, new_table(), old_rows_sql(changed, known), same_keys("n", "o"),
      differs());
}

Status ModelRunner::merge(const std::string& changed) {
  FALAJ_ASSIGN(const int64_t differences, session_.fill(delta_table(), delta_sql(changed)));
  if (differences == 0) return {};
  FALAJ_ASSIGN(const auto counts,
               session_.query(fmt::format("SELECT SUM(CASE WHEN change = 1 THEN 1 ELSE 0 END), "
                                          "SUM(CASE WHEN change = -1 THEN 1 ELSE 0 END) FROM {}",
                                          delta_table())));
  const int64_t inserted = counts.scalar_int();
  const int64_t deleted = warehouse::number(counts.rows[0][1]);
  const int64_t updated = differences - inserted - deleted;
  outcome_.inserted += inserted;
  outcome_.deleted += deleted;
  outcome_.updated += updated;
  if (updated + deleted > 0) {
    FALAJ_ASSIGN(
        const int64_t removed,
        session_.execute(fmt::format(
            "DELETE FROM {} AS t USING (SELECT {} FROM {} WHERE change <= 0) AS d WHERE {}",
            model_.table(), list_of(model_.keys), delta_table(), same_keys("t", "d"))));
    FALAJ_TRY(expect_touched("replaces", updated + deleted, removed));
  }
  if (inserted + updated == 0) return {};
  FALAJ_TRY(session_.execute(
      fmt::format("INSERT INTO {} ({}) SELECT {} FROM {} AS w WHERE w.change >= 0", model_.table(),
                  column_list(model_), values_from("w"), delta_table())));
  return {};
}

// INSERT of versions; `effective` may refer to n.
std::string ModelRunner::insert_versions(const std::string& from,
                                         const std::string& effective) const {
  std::string values;
  for (const auto& column : model_.columns) {
    std::string value = "n." + column.name;
    if (column.name == model_.surrogate) {
      value = fmt::format("surrogate_key('{}', {}, {})", model_.name, list_of(model_.keys, "n."),
                          instant_text(effective));
    } else if (column.name == "effective_date") {
      value = effective;
    } else if (column.name == "expiration_date") {
      value = kEnd;
    } else if (column.name == "is_current") {
      value = "TRUE";
    } else if (is_runner_column(model_, column.name)) {
      value = runner_value(column.name);
    }
    values += (values.empty() ? "" : ", ") + value;
  }
  return fmt::format("INSERT INTO {} ({}) SELECT {} FROM {}", model_.table(), column_list(model_),
                     values, from);
}

Status ModelRunner::add_versions(const std::string& changed) {
  // A new version starts when the source changed, if that is later than the version before; else
  // at the time of this run. Whole seconds: they go into the key.
  const auto seen =
      fmt::format("CAST(DATE_TRUNC('second', CAST('{}' AS TIMESTAMP)) AS TIMESTAMP)", task_.now);
  const auto current = fmt::format(" WHERE t.is_current AND t.{} <> -1", model_.surrogate);
  FALAJ_ASSIGN(
      const int64_t inserted,
      session_.fill(
          delta_table(),
          fmt::format("SELECT n.*, CASE WHEN o.{0} IS NULL THEN {1} "
                      "WHEN n.changed_at > o.effective_date AND n.changed_at <= {2} THEN "
                      "CAST(DATE_TRUNC('second', n.changed_at) AS TIMESTAMP) "
                      "WHEN {2} > o.effective_date THEN {2} ELSE o.effective_date + INTERVAL '1 "
                      "second' END AS starts_at, CASE WHEN o.{0} IS NULL THEN 1 ELSE 0 END AS "
                      "change FROM {3} AS n LEFT JOIN ({4}) AS o ON {5} WHERE o.{0} IS NULL OR {6}",
                      model_.keys.front(), kBeginning, seen, new_table(),
                      old_rows_sql(changed, current), same_keys("n", "o"), differs())));
  if (inserted == 0) return {};
  outcome_.inserted += inserted;
  FALAJ_ASSIGN(const auto counted, session_.query(fmt::format(
                                       "SELECT COUNT(*) FROM {} WHERE change = 0", delta_table())));
  const int64_t closing = counted.scalar_int();
  outcome_.closed += closing;
  if (closing > 0) {
    FALAJ_ASSIGN(const int64_t closed,
                 session_.execute(fmt::format(
                     "UPDATE {} AS t SET expiration_date = w.starts_at, is_current = FALSE, "
                     "change_seq = {} FROM {} AS w WHERE t.is_current AND w.change = 0 AND {}",
                     model_.table(), task_.change_seq, delta_table(), same_keys("t", "w"))));
    FALAJ_TRY(expect_touched("closes", closing, closed));
  }
  FALAJ_TRY(session_.execute(insert_versions(delta_table() + " AS n", "n.starts_at")));
  return {};
}

// One row a key is an invariant that each run keeps: more rows touched than keys means that the
// table had a key twice.
Status ModelRunner::expect_touched(const char* what, int64_t keys, int64_t rows) const {
  if (keys == rows) return {};
  return Error(ErrorKind::kRowsRejected,
               fmt::format("model {}: this run {} {} keys, but {} rows of {} have them; the table "
                           "stays as it was. `falaj run --full-refresh` fills it again",
                           model_.name, what, keys, rows, model_.table()));
}

Status ModelRunner::check(const std::string& table) {
  std::string failing_rows;
  for (const auto& check : model_.checks) {
    failing_rows += fmt::format("{}(SELECT COUNT(*) FROM ({}) AS f)",
                                failing_rows.empty() ? "SELECT " : ", ", check_sql(check, table));
  }
  if (failing_rows.empty()) return {};
  FALAJ_ASSIGN(const auto failing, session_.query(failing_rows));
  for (size_t i = 0; i < model_.checks.size(); ++i) {
    const auto& count = failing.rows[0][i];
    if (count == "0") continue;
    const auto& check = model_.checks[i];
    FALAJ_ASSIGN(const auto examples,
                 session_.query(fmt::format("{} LIMIT {}", check_sql(check, table), kExamples)));
    std::string shown;
    for (const auto& row : examples.rows) {
      shown += shown.empty() ? "(" : ", (";
      for (size_t j = 0; j < row.size(); ++j)
        shown += (j > 0 ? ", " : "") + row[j].value_or("NULL");
      shown += ")";
    }
    return Error(
        ErrorKind::kRowsRejected,
        fmt::format("model {}: check {} fails for {} rows, such as {}; the table stays as it was",
                    model_.name, check.text(), count.value_or("?"), shown));
  }
  return {};
}

// Yields the rows that fail.
std::string ModelRunner::check_sql(const Check& check, const std::string& table) const {
  const auto columns = list_of(check.columns);
  if (check.kind == "unique") {
    return fmt::format("SELECT {0} FROM {1} GROUP BY {0} HAVING COUNT(*) > 1", columns, table);
  }
  return fmt::format(
      "SELECT {0} FROM {1} WHERE {2} <> -1 GROUP BY {0} "
      "HAVING SUM(CASE WHEN is_current THEN 1 ELSE 0 END) <> 1",
      columns, table, model_.surrogate);
}

Status ModelRunner::clean_up() {
  for (const auto& table : {changed_table(), part_table(), new_table(), delta_table()}) {
    FALAJ_TRY(session_.drop_staged(table));
  }
  return rules_.clean_up();
}

}  // namespace falaj::transform
