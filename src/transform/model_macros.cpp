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
// a mistake, which would outlast every later answer.
std::string stamp(const std::string& b) {
  return fmt::format(
      "CASE WHEN {0}.updated_at <= DATEADD('hour', 1, {0}.extracted_at) THEN {0}.updated_at END",
      b);
}

// Of all payloads of what `by` names, and of those that are answers.
std::string latest(const std::string& p, const std::string& by) {
  return fmt::format(
      "MAX({0}.stamp) OVER ({1}) AS latest, MAX(CASE WHEN {0}.source = 'webhook' THEN NULL ELSE "
      "{0}.stamp END) OVER ({1}) AS latest_answer",
      p, by);
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
  const auto by = [&id](const char* alias) {
    return fmt::format("PARTITION BY {0}.store_id, {0}.{1}", alias, id);
  };
  std::string sql = fmt::format(
      "(WITH payloads AS (SELECT b.store_id, b.{0}, b.load_seq, b.extracted_at, b.package_id, "
      "b.package_row, b.source{1}{2} FROM {3} b {{{{changed(b.store_id, b.{0})}}}})",
      id, list_of(arguments, kFirstColumn, ", b.{0}"),
      has_stamp ? fmt::format(", {} AS stamp", stamp("b")) : "", arguments[0]);
  if (has_stamp) {
    sql += fmt::format(", dated AS (SELECT p.*, {} FROM payloads p)", latest("p", by("p")));
  }
  sql += fmt::format(
      ", placed AS (SELECT d.*, ROW_NUMBER() OVER ({0} ORDER BY {1}{2}) AS place FROM {3} d)",
      by("d"), has_stamp ? late("d") + ", " : "", newest_first("d"),
      has_stamp ? "dated" : "payloads");
  sql += fmt::format(
      ", based AS (SELECT q.*, MIN(CASE WHEN q.source = 'webhook' THEN NULL ELSE q.place END) OVER "
      "({}) AS answer_place FROM placed q)",
      by("q"));
  sql += fmt::format(
      ", told AS (SELECT e.store_id, e.{0}{1} FROM based e WHERE e.answer_place IS NULL OR "
      "(e.answer_place > 1 AND e.place <= e.answer_place) GROUP BY e.store_id, e.{0})",
      id,
      list_of(arguments, kFirstColumn,
              ", MAX_BY(e.{0}, CASE WHEN e.{0} IS NOT NULL THEN -e.place END) AS {0}"));
  return sql + fmt::format(
                   " SELECT k.store_id, k.{0}{1}, k.load_seq, k.extracted_at, k.source FROM based "
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
      {"stamp", 1, [](const Arguments& arguments) { return stamp(arguments[0]); }},
      {"latest", 3,
       [](const Arguments& arguments) {
         return latest(arguments[0], "PARTITION BY " + arguments[1] + ", " + arguments[2]);
       }},
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
