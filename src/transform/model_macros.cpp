#include "transform/model_macros.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <string_view>
#include <vector>

namespace falaj::transform {
namespace {

using Arguments = std::vector<std::string>;

// Commit order first, and in one commit the order in which packages were begun: clocks differ between
// machines and are set back. In one package answers follow each other in time, and an event counts
// from when it was written, whatever the order in which events came.
std::string newest_first(const std::string& b) {
  return fmt::format(
      "{0}.load_seq DESC NULLS LAST, {0}.package_id DESC NULLS LAST, {0}.extracted_at DESC NULLS "
      "LAST, {0}.package_row DESC NULLS LAST",
      b);
}

// The store's own time of change, if it can be one: a time that had not come when the answer did is
// a mistake, which would outlast every later answer. What was deleted since (`since`, see lives())
// may come back in an earlier state: its times say nothing of what comes later.
std::string stamp(const std::string& b, const std::string& since) {
  return fmt::format(
      "CASE WHEN {0}.updated_at <= DATEADD('hour', 1, {0}.extracted_at) AND {0}.load_seq > "
      "COALESCE({1}.gone_seq, 0) THEN {0}.updated_at END",
      b, since);
}

// Joins the last deletion of each entity to `b`.
std::string lives(const std::string& entity, const std::string& b, const std::string& id,
                  const std::string& since) {
  return fmt::format(
      "LEFT JOIN (SELECT y.store_id, y.deletion_id, MAX(y.load_seq) AS gone_seq FROM "
      "BRONZE.bronze_deletions y WHERE y.entity = '{0}' GROUP BY y.store_id, y.deletion_id) {3} ON "
      "{3}.store_id = {1}.store_id AND {3}.deletion_id = {1}.{2}",
      entity, b, id, since);
}

// "BRONZE.bronze_orders" -> "orders"
std::string entity_of(const std::string& table) {
  constexpr std::string_view kPrefix = "BRONZE.bronze_";
  return table.starts_with(kPrefix) ? table.substr(kPrefix.size()) : table;
}

// The rows of `payloads` with the latest stamp of their entity's payloads, and of those that are
// answers. Only where stamps differ: elsewhere nothing is late, and grouping is cheaper than ranking.
std::string dated(const std::string& payloads, const std::string& id) {
  return fmt::format(
      "SELECT p.*, l.latest, l.latest_answer FROM {0} p LEFT JOIN (SELECT w.store_id, w.{1}, "
      "MAX(w.stamp) AS latest, MAX(CASE WHEN w.source = 'webhook' THEN NULL ELSE w.stamp END) AS "
      "latest_answer FROM {0} w GROUP BY w.store_id, w.{1} HAVING MIN(w.stamp) < MAX(w.stamp)) l "
      "ON l.store_id = p.store_id AND l.{1} = p.{1}",
      payloads, id);
}

// 1 where the store says that something else is newer: to answers other answers, since events may
// write their times in another zone; to events anything.
std::string late(const std::string& d) {
  return fmt::format(
      "CASE WHEN {0}.stamp < CASE WHEN {0}.source = 'webhook' THEN {0}.latest ELSE "
      "{0}.latest_answer END THEN 1 ELSE 0 END",
      d);
}

std::string list_of(const Arguments& columns, size_t first, const std::string& format) {
  std::string list;
  for (size_t i = first; i < columns.size(); ++i) {
    list += fmt::format(fmt::runtime(format), columns[i]);
  }
  return list;
}

// The newest answer, over which newer events lay what they carry. Events cannot take anything away:
// what they lack they may only not have told.
std::string known(const Arguments& arguments) {
  constexpr size_t kFirstColumn = 2;
  const auto& id = arguments[1];
  const bool has_stamp =
      std::find(arguments.begin(), arguments.end(), "updated_at") != arguments.end();
  std::string sql = fmt::format(
      "(WITH payloads AS (SELECT b.store_id, b.{0}, b.load_seq, b.extracted_at, b.package_id, "
      "b.package_row, b.source{1}{2} FROM {3} b {{{{changed(b.store_id, b.{0})}}}} {4})",
      id, list_of(arguments, kFirstColumn, ", b.{0}"),
      has_stamp ? fmt::format(", {} AS stamp", stamp("b", "z")) : "", arguments[0],
      has_stamp ? lives(entity_of(arguments[0]), "b", id, "z") : "");
  if (has_stamp) sql += fmt::format(", dated AS ({})", dated("payloads", id));
  sql += fmt::format(
      ", placed AS (SELECT d.*, ROW_NUMBER() OVER (PARTITION BY d.store_id, d.{0} ORDER BY {1}{2}) "
      "AS place FROM {3} d)",
      id, has_stamp ? late("d") + ", " : "", newest_first("d"), has_stamp ? "dated" : "payloads");
  // Of entities that events told of: most tables have none.
  sql += fmt::format(
      ", answered AS (SELECT q.store_id, q.{0}, MIN(CASE WHEN q.source = 'webhook' THEN NULL ELSE "
      "q.place END) AS place FROM placed q GROUP BY q.store_id, q.{0} HAVING MAX(CASE WHEN "
      "q.source = 'webhook' THEN 1 ELSE 0 END) = 1)",
      id);
  sql += fmt::format(
      ", told AS (SELECT e.store_id, e.{0}{1} FROM placed e JOIN answered a ON a.store_id = "
      "e.store_id AND a.{0} = e.{0} WHERE a.place IS NULL OR (a.place > 1 AND e.place <= a.place) "
      "GROUP BY e.store_id, e.{0})",
      id,
      list_of(arguments, kFirstColumn,
              ", MAX_BY(e.{0}, CASE WHEN e.{0} IS NOT NULL THEN -e.place END) AS {0}"));
  return sql + fmt::format(
                   " SELECT k.store_id, k.{0}{1}, k.load_seq, k.extracted_at, k.source FROM placed "
                   "k LEFT JOIN told o ON o.store_id = k.store_id AND o.{0} = k.{0} WHERE k.place "
                   "= 1)",
                   id, list_of(arguments, kFirstColumn, ", COALESCE(k.{0}, o.{0}) AS {0}"));
}

std::string gone(const Arguments& arguments) {
  return fmt::format(
      "(SELECT x.store_id, x.deletion_id, x.load_seq, x.extracted_at AS gone_at FROM "
      "BRONZE.bronze_deletions x WHERE x.entity = '{}' QUALIFY ROW_NUMBER() OVER (PARTITION BY "
      "x.store_id, x.deletion_id ORDER BY {}) = 1)",
      arguments[0], newest_first("x"));
}

// An event brings back only what it was written about after the deletion: the store's answers would
// show it too.
std::string is_gone(const Arguments& arguments) {
  return fmt::format(
      "({0}.load_seq > {1}.load_seq OR ({0}.gone_at >= {1}.extracted_at AND ({0}.load_seq = "
      "{1}.load_seq OR {1}.source = 'webhook')))",
      arguments[0], arguments[1]);
}

struct Macro {
  std::string_view name;
  size_t arguments_min;
  std::function<std::string(const Arguments&)> expand;
};

const std::vector<Macro>& macros() {
  static const std::vector<Macro> all = {
      {"newest", 1, [](const Arguments& arguments) { return newest_first(arguments[0]); }},
      {"stamp", 2, [](const Arguments& arguments) { return stamp(arguments[0], arguments[1]); }},
      {"lives", 4,
       [](const Arguments& arguments) {
         return lives(arguments[0], arguments[1], arguments[2], arguments[3]);
       }},
      {"dated", 2, [](const Arguments& arguments) { return dated(arguments[0], arguments[1]); }},
      {"late", 1, [](const Arguments& arguments) { return late(arguments[0]); }},
      {"known", 3, known},
      {"gone", 1, gone},
      {"is_gone", 2, is_gone}};
  return all;
}

Arguments arguments_of(std::string_view text) {
  Arguments arguments(1);
  for (const char c : text) {
    if (c == ',') {
      arguments.emplace_back();
    } else if (c != ' ' && c != '\n') {
      arguments.back() += c;
    }
  }
  return arguments;
}

}  // namespace

Result<std::string> expand_macros(std::string sql) {
  for (const auto& macro : macros()) {
    const auto opening = fmt::format("{{{{{}(", macro.name);
    for (auto at = sql.find(opening); at != std::string::npos; at = sql.find(opening)) {
      const auto end = sql.find(")}}", at);
      if (end == std::string::npos) {
        return Error(ErrorKind::kInvalidConfig, fmt::format("{} is not closed", opening));
      }
      const auto first = at + opening.size();
      const auto arguments = arguments_of(std::string_view(sql).substr(first, end - first));
      if (arguments.size() < macro.arguments_min || arguments.front().empty()) {
        return Error(ErrorKind::kInvalidConfig,
                     fmt::format("{} takes {} arguments", opening, macro.arguments_min));
      }
      sql.replace(at, end + 3 - at, macro.expand(arguments));
    }
  }
  return sql;
}

}  // namespace falaj::transform
