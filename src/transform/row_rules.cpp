#include "transform/row_rules.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "warehouse/books/row_cells.hpp"
#include "warehouse/books/sql_literal.hpp"

namespace falaj::transform {
namespace {

constexpr int kExamples = 3;

// "store_id=1, order_id=5" as an SQL text.
std::string row_key_sql(const Model& model) {
  std::string text;
  for (const auto& key : model.keys) {
    text += fmt::format("{}{} || COALESCE(CAST({} AS VARCHAR), 'NULL')", text.empty() ? "" : " || ",
                        warehouse::text_literal((text.empty() ? "" : ", ") + key + "="), key);
  }
  return text;
}

// "1|5" as an SQL text: the same for rows of the table and for changed scopes.
std::string scope_key_sql(const Model& model) {
  std::string text;
  for (const auto& column : model.scope) {
    text += fmt::format("{}COALESCE(CAST({} AS VARCHAR), '')", text.empty() ? "" : " || '|' || ",
                        column.name);
  }
  return text;
}

// {"order_id": "5", "total_amount": null, ...} as an SQL text: the payload of rows that no stream
// brought.
std::string row_json_sql(const Model& model) {
  std::string text = "'{'";
  bool is_first = true;
  for (const auto& column : model.selected_columns()) {
    // CHR: a backslash in a literal is an escape in one warehouse and a character in the other.
    text += fmt::format(
        " || {} || COALESCE(CHR(34) || REPLACE(REPLACE(CAST({} AS VARCHAR), CHR(92), CHR(92) || "
        "CHR(92)), CHR(34), CHR(92) || CHR(34)) || CHR(34), 'null')",
        warehouse::text_literal((is_first ? "\"" : ", \"") + column.name + "\": "), column.name);
    is_first = false;
  }
  return text + " || '}'";
}

// The id of what the row is about; empty: it has none.
std::string entity_column(const Model& model) {
  std::string column;
  for (const auto& key : model.keys) {
    if (key != "store_id" && key.ends_with("_id")) column = key;
  }
  return column;
}

std::string list_of(const std::vector<std::string>& names, const std::string& prefix) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + prefix + name;
  return text;
}

}  // namespace

Status RowRules::declare_table() {
  if (!is_needed()) return {};
  rows::Schema schema;
  for (const auto& key : model_.keys) {
    const auto column = std::find_if(model_.columns.begin(), model_.columns.end(),
                                     [&](const auto& one) { return one.name == key; });
    schema.columns.push_back({key, column->type});
  }
  for (const auto* name : {"rule", "message", "row_key", "scope_key", "row_json"})
    schema.columns.push_back({name, rows::ColumnType::kText});
  return session_.declare(bad_table(), schema);
}

Status RowRules::apply(const std::string& table, const std::string& changed, Outcome& outcome) {
  if (!is_needed()) return {};
  FALAJ_ASSIGN(auto counts, count(table));
  const bool has_bad = std::any_of(counts.begin(), counts.end(), [](const RuleCount& one) {
    return !one.is_note && one.rows > 0;
  });
  for (auto& one : counts) {
    if (one.rows > 0) outcome.broken.push_back(one);
  }
  if (!has_bad && open_ == 0) return {};
  FALAJ_TRY(fill_bad(table, counts));
  if (open_ > 0) {
    FALAJ_ASSIGN(const int64_t released, session_.execute(release_sql(changed)));
    outcome.released += released;
  }
  if (has_bad) {
    FALAJ_ASSIGN(const int64_t added, session_.execute(insert_sql()));
    outcome.quarantined += added;
    std::string broken;
    for (size_t i = 0; i < model_.rules.size(); ++i) {
      if (counts[i].rows > 0) broken += (broken.empty() ? "" : " OR ") + model_.rules[i].broken();
    }
    FALAJ_TRY(session_.execute(fmt::format("DELETE FROM {} WHERE {}", table, broken)));
  }
  return session_.drop_staged(bad_table());
}

// Of each rule and then each note, how many rows break it.
Result<std::vector<RuleCount>> RowRules::count(const std::string& table) {
  std::vector<RuleCount> counts;
  std::vector<const RowRule*> all;
  for (const auto& rule : model_.rules) {
    all.push_back(&rule);
    counts.push_back({rule.text(), false});
  }
  for (const auto& note : model_.notes) {
    all.push_back(&note);
    counts.push_back({note.text(), true});
  }
  if (all.empty()) return counts;
  std::string sums;
  for (const auto* rule : all) {
    sums += fmt::format("{}COALESCE(SUM(CASE WHEN {} THEN 1 ELSE 0 END), 0)",
                        sums.empty() ? "" : ", ", rule->broken());
  }
  // The member of an unknown dimension row breaks none: it is what rows with nothing point to.
  const auto known =
      model_.surrogate.empty() ? "" : fmt::format(" WHERE {} <> -1", model_.surrogate);
  FALAJ_ASSIGN(const auto counted,
               session_.query(fmt::format("SELECT {} FROM {}{}", sums, table, known)));
  for (size_t i = 0; i < all.size(); ++i) {
    counts[i].rows = warehouse::number(counted.rows[0][i]);
    if (counts[i].rows == 0) continue;
    FALAJ_ASSIGN(
        const auto examples,
        session_.query(fmt::format("SELECT {} AS row_key FROM {} WHERE {} ORDER BY 1 LIMIT {}",
                                   row_key_sql(model_), table, all[i]->broken(), kExamples)));
    for (const auto& row : examples.rows)
      counts[i].examples += (counts[i].examples.empty() ? "" : "; ") + row[0].value_or("");
  }
  return counts;
}

Status RowRules::fill_bad(const std::string& table, const std::vector<RuleCount>& counts) {
  std::string rows;
  for (size_t i = 0; i < model_.rules.size(); ++i) {
    // One SELECT at least gives the table its columns.
    if (counts[i].rows == 0 && !(rows.empty() && i + 1 == model_.rules.size())) continue;
    rows += (rows.empty() ? "" : " UNION ALL ") + bad_rows_sql(model_.rules[i], table);
  }
  // Open records of rules that the model once had.
  if (rows.empty()) rows = bad_rows_sql({"holds", {"none", "1 = 1"}}, table);
  FALAJ_TRY(session_.fill(bad_table(), rows));
  return {};
}

std::string RowRules::bad_rows_sql(const RowRule& rule, const std::string& table) const {
  const auto json = model_.payload.table.empty() ? row_json_sql(model_) : "CAST(NULL AS VARCHAR)";
  return fmt::format(
      "SELECT {}, {} AS rule, {} AS message, {} AS row_key, {} AS scope_key, {} AS row_json FROM "
      "{} "
      "WHERE {}",
      list_of(model_.keys, ""), warehouse::text_literal(rule.text()), rule.message(),
      row_key_sql(model_), scope_key_sql(model_), json, table, rule.broken());
}

// Records that are open already stay as they are.
std::string RowRules::insert_sql() const {
  const auto has_store =
      std::find(model_.keys.begin(), model_.keys.end(), "store_id") != model_.keys.end();
  const auto entity = entity_column(model_);
  std::string payload = "b.row_json, NULL";
  std::string join;
  if (const auto& source = model_.payload; !source.table.empty()) {
    std::string on;
    std::string same;
    for (const auto& key : source.keys) {
      on += fmt::format("{}w.{} = k.{}", on.empty() ? "" : " AND ", key, key);
      same += fmt::format("{}p.{} = b.{}", same.empty() ? "" : " AND ", key, key);
    }
    payload = "p.raw_data, p.package_id";
    join = fmt::format(
        " LEFT JOIN (SELECT {}, w.raw_data, w.package_id FROM {} AS w JOIN (SELECT DISTINCT {} "
        "FROM "
        "{}) AS k ON {} QUALIFY ROW_NUMBER() OVER (PARTITION BY {} ORDER BY w.load_seq DESC NULLS "
        "LAST, w.package_row DESC NULLS LAST) = 1) AS p ON {}",
        list_of(source.keys, "w."), source.table, list_of(source.keys, ""), bad_table(), on,
        list_of(source.keys, "w."), same);
  }
  return fmt::format(
      "INSERT INTO SILVER.quarantine (store_id, stream, entity_id, rule, severity, message, "
      "raw_data, package_id, quarantined_at, model, row_key, scope_key, change_seq) SELECT {}, {}, "
      "{}, "
      "b.rule, 'error', b.message, {}, CAST('{}' AS TIMESTAMP), {}, b.row_key, b.scope_key, {} "
      "FROM {} AS b "
      "LEFT JOIN (SELECT row_key, rule FROM SILVER.quarantine WHERE model = {} AND resolved_at IS "
      "NULL) AS q ON q.row_key = b.row_key AND q.rule = b.rule{} WHERE q.rule IS NULL",
      has_store ? "b.store_id" : "0", warehouse::text_literal(model_.name),
      entity.empty() ? "NULL" : "b." + entity, payload, now_, warehouse::text_literal(model_.name),
      change_seq_, bad_table(), warehouse::text_literal(model_.name), join);
}

std::string RowRules::release_sql(const std::string& changed) const {
  const auto scopes = changed.empty() ? ""
                                      : fmt::format(" AND q.scope_key IN (SELECT {} FROM {})",
                                                    scope_key_sql(model_), changed);
  return fmt::format(
      "UPDATE SILVER.quarantine AS q SET resolved_at = CAST('{}' AS TIMESTAMP), resolution = 'the "
      "model has no such row, or a right one' WHERE q.model = {} AND q.resolved_at IS NULL{} AND "
      "q.row_key || ' ' || q.rule NOT IN (SELECT b.row_key || ' ' || b.rule FROM {} AS b)",
      now_, warehouse::text_literal(model_.name), scopes, bad_table());
}

}  // namespace falaj::transform
