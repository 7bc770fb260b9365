#include "transform/model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <regex>

#include "transform/model_lint.hpp"
#include "transform/model_macros.hpp"
#include "warehouse/books/sql_literal.hpp"

namespace falaj::transform {
namespace {

std::string trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return "";
  return std::string(text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1));
}

// Splits at `separator` outside parentheses.
std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  int depth = 0;
  std::string part;
  for (const char c : text) {
    if (c == '(') ++depth;
    if (c == ')') --depth;
    if (c == separator && depth == 0) {
      if (const auto word = trimmed(part); !word.empty()) parts.push_back(word);
      part.clear();
    } else {
      part += c;
    }
  }
  if (const auto word = trimmed(part); !word.empty()) parts.push_back(word);
  return parts;
}

std::optional<rows::ColumnType> parse_type(const std::string& text) {
  static const std::map<std::string, rows::ColumnType> types = {
      {"BIGINT", rows::ColumnType::kBigInt},       {"VARCHAR", rows::ColumnType::kText},
      {"DECIMAL(18,4)", rows::ColumnType::kMoney}, {"DECIMAL(18,8)", rows::ColumnType::kRate},
      {"TIMESTAMP", rows::ColumnType::kTimestamp}, {"DATE", rows::ColumnType::kDate},
      {"BOOLEAN", rows::ColumnType::kBool}};
  const auto found = types.find(text);
  if (found == types.end()) return std::nullopt;
  return found->second;
}

class HeaderReader {
 public:
  HeaderReader(Model& model) : model_(model) {}  // NOLINT: one use

  Status take(const std::string& field, const std::string& value) {
    if (field == "grain") model_.grain = value;
    if (field == "keys") model_.keys = split(value, ',');
    if (field == "surrogate") model_.surrogate = value;
    if (field == "changes") {
      model_.changes.push_back(value);
      model_.change_sources.push_back(driving_table(value));
      if (model_.change_sources.back().empty()) {
        return bad("`changes` must compare a table's load_seq or change_seq with {seq}: " + value);
      }
    }
    if (field == "scope") return take_columns(value, model_.scope);
    if (field == "columns") return take_columns(value, model_.columns);
    if (field == "checks") return take_checks(value);
    if (field == "rules") return take_rules(value, model_.rules);
    if (field == "notes") return take_rules(value, model_.notes);
    if (field == "payload") return take_payload(value);
    if (field != "materialisation") return {};
    has_materialisation_ = true;
    if (value == "merge") {
      model_.materialisation = Materialisation::kMerge;
    } else if (value == "scd2") {
      model_.materialisation = Materialisation::kScd2;
    } else {
      return bad(fmt::format("materialisation is merge or scd2, not {}", value));
    }
    return {};
  }

  Status finish() const {
    if (model_.grain.empty()) return bad("no `-- grain:`");
    if (model_.keys.empty()) return bad("no `-- keys:`");
    if (!has_materialisation_) return bad("no `-- materialisation:`");
    if (model_.scope.empty()) return bad("no `-- scope:`");
    if (model_.changes.empty()) return bad("no `-- changes:`");
    if (model_.columns.empty()) return bad("no `-- columns:`");
    if (model_.checks.empty()) return bad("no `-- checks:`");
    for (const auto& key : model_.keys) {
      if (!model_.has_column(key)) return bad("key is no column: " + key);
    }
    for (const auto& key : model_.payload.keys) {
      if (std::find(model_.keys.begin(), model_.keys.end(), key) == model_.keys.end())
        return bad("payload is found by keys of the model, not by " + key);
    }
    FALAJ_TRY(check_rules(model_.rules));
    FALAJ_TRY(check_rules(model_.notes));
    return lint_select(model_.name, model_.select);
  }

  // The payload of a row is found in the first bronze table that it is made from, by the same keys.
  void find_payload() {
    if (!model_.payload.table.empty()) return;
    for (const auto& source : model_.change_sources) {
      if (!source.starts_with("BRONZE.") || source.ends_with("_sets")) continue;
      model_.payload = {source, model_.keys};
      return;
    }
  }

 private:
  Error bad(const std::string& what) const {
    return {ErrorKind::kInvalidConfig, fmt::format("model {}: {}", model_.name, what)};
  }

  Status take_columns(const std::string& value, std::vector<TypedColumn>& columns) {
    for (const auto& part : split(value, ',')) {
      const auto space = part.find(' ');
      const auto type_name = space == std::string::npos ? "" : trimmed(part.substr(space));
      const auto type = parse_type(type_name);
      if (!type) return bad(fmt::format("column without a known type: {}", part));
      columns.push_back({part.substr(0, space), type_name, *type});
    }
    return {};
  }

  Status take_checks(const std::string& value) {
    for (const auto& part : split(value, ';')) {
      const auto open = part.find('(');
      if (open == std::string::npos || part.back() != ')')
        return bad("check is not kind(columns): " + part);
      Check check{part.substr(0, open), split(part.substr(open + 1, part.size() - open - 2), ',')};
      if (check.kind != "unique" && check.kind != "one_current") {
        return bad("check is unique or one_current, not " + check.kind +
                   "; what holds for each row is a rule");
      }
      model_.checks.push_back(std::move(check));
    }
    return {};
  }

  Status take_rules(const std::string& value, std::vector<RowRule>& rules) {
    for (const auto& part : split(value, ';')) {
      const auto open = part.find('(');
      if (open == std::string::npos || part.back() != ')')
        return bad("rule is not kind(arguments): " + part);
      RowRule rule{part.substr(0, open), split(part.substr(open + 1, part.size() - open - 2), ',')};
      const size_t given = rule.arguments.size();
      const bool is_known =
          (rule.kind == "not_null" && given == 1) || (rule.kind == "range" && given == 3) ||
          (rule.kind == "accepted" && given > 1) || (rule.kind == "derived" && given > 1) ||
          (rule.kind == "holds" && given == 2);
      if (!is_known) {
        return bad(
            "rule is not_null(column), range(column, least, most), accepted(column, value, "
            "...), derived(column, input, ...) or holds(name, condition), not " +
            part);
      }
      rules.push_back(std::move(rule));
    }
    return {};
  }

  // "BRONZE.bronze_order_items(store_id, order_id, order_item_id)"
  Status take_payload(const std::string& value) {
    const auto open = value.find('(');
    if (open == std::string::npos || value.back() != ')')
      return bad("payload is not TABLE(keys): " + value);
    model_.payload = {value.substr(0, open),
                      split(value.substr(open + 1, value.size() - open - 2), ',')};
    return {};
  }

  Status check_rules(const std::vector<RowRule>& rules) const {
    for (const auto& rule : rules) {
      if (rule.kind == "holds") continue;
      const size_t columns = rule.kind == "derived" ? rule.arguments.size() : 1;
      for (size_t i = 0; i < columns; ++i) {
        if (!model_.has_column(rule.arguments[i]))
          return bad(fmt::format("{}: {} is no column", rule.text(), rule.arguments[i]));
      }
    }
    return {};
  }

  Model& model_;
  bool has_materialisation_ = false;
};

constexpr std::string_view kHole = "{{changed(";

std::string call_text(const std::string& kind, const std::vector<std::string>& arguments) {
  std::string list;
  for (const auto& one : arguments) list += (list.empty() ? "" : ", ") + one;
  return fmt::format("{}({})", kind, list);
}

}  // namespace

std::string Check::text() const {
  return call_text(kind, columns);
}

std::string RowRule::text() const {
  return kind == "holds" ? call_text(kind, {arguments.front()}) : call_text(kind, arguments);
}

std::string RowRule::broken() const {
  const auto& column = arguments.front();
  if (kind == "not_null") return column + " IS NULL";
  if (kind == "range")
    return fmt::format("({0} < {1} OR {0} > {2})", column, arguments[1], arguments[2]);
  if (kind == "holds") return fmt::format("NOT ({})", arguments[1]);
  std::string rest;
  for (size_t i = 1; i < arguments.size(); ++i) {
    if (kind == "accepted") rest += (rest.empty() ? "" : ", ") + arguments[i];
    if (kind == "derived") rest += fmt::format(" AND {} IS NOT NULL", arguments[i]);
  }
  if (kind == "accepted") return fmt::format("{} NOT IN ({})", column, rest);
  return fmt::format("({} IS NULL{})", column, rest);
}

std::string RowRule::message() const {
  const auto& column = arguments.front();
  if (kind == "not_null") return warehouse::text_literal(column + " is NULL");
  if (kind == "holds") return warehouse::text_literal(column + ": does not hold");
  if (kind == "derived")
    return warehouse::text_literal(column + " could not be computed from values that are known");
  return fmt::format("{} || COALESCE(CAST({} AS VARCHAR), 'NULL') || {}",
                     warehouse::text_literal(column + " is "), column,
                     warehouse::text_literal(", which breaks " + text()));
}

bool Model::has_column(std::string_view column) const {
  return std::any_of(columns.begin(), columns.end(),
                     [&](const auto& one) { return one.name == column; });
}

bool Model::is_nullable_key(std::string_view column) const {
  const bool has_rule = std::any_of(rules.begin(), rules.end(), [&](const auto& rule) {
    return rule.kind == "not_null" && rule.arguments.front() == column;
  });
  const auto found = std::find_if(columns.begin(), columns.end(),
                                  [&](const auto& one) { return one.name == column; });
  return !has_rule && found != columns.end() && found->type != rows::ColumnType::kBigInt;
}

bool is_runner_column(const Model& model, std::string_view column) {
  if (column == "processed_at" || column == "loaded_at" || column == "change_seq") return true;
  if (model.materialisation != Materialisation::kScd2) return false;
  return column == model.surrogate || column == "effective_date" || column == "expiration_date" ||
         column == "is_current";
}

std::vector<TypedColumn> Model::selected_columns() const {
  std::vector<TypedColumn> selected;
  for (const auto& column : columns) {
    if (!is_runner_column(*this, column.name)) selected.push_back(column);
  }
  return selected;
}

std::string Model::render(const std::string& changed) const {
  std::string sql = select;
  for (auto at = sql.find(kHole); at != std::string::npos; at = sql.find(kHole)) {
    const auto end = sql.find(")}}", at);
    FALAJ_CHECK(end != std::string::npos, "model {}: {} is not closed", name, kHole);
    const auto columns_given = split(sql.substr(at + kHole.size(), end - at - kHole.size()), ',');
    FALAJ_CHECK(columns_given.size() == scope.size(), "model {}: {{{{changed}}}} takes {} columns",
                name, scope.size());
    std::string join;
    if (!changed.empty()) {
      join = fmt::format("JOIN {} ON ", changed);
      for (size_t i = 0; i < scope.size(); ++i) {
        join += fmt::format("{}{}.{} {} {}", i > 0 ? " AND " : "", changed, scope[i].name,
                            is_nullable_key(scope[i].name) ? "IS NOT DISTINCT FROM" : "=",
                            columns_given[i]);
      }
    }
    sql.replace(at, end + 3 - at, join);
  }
  return sql;
}

warehouse::TableDefinition Model::definition() const {
  warehouse::TableDefinition definition;
  definition.schema = schema;
  definition.name = name;
  for (const auto& column : columns)
    definition.columns.columns.push_back({column.name, column.type, false});
  definition.comment = grain;
  return definition;
}

std::string driving_table(const std::string& query) {
  static const std::regex kComparison(R"((?:(\w+)\.)?(?:load_seq|change_seq) > \{seq\})");
  static const std::regex kTable(R"((?:FROM|JOIN) (\w+\.\w+)(?: (?!JOIN|WHERE|ON|GROUP)(\w+))?)");
  std::smatch comparison;
  if (!std::regex_search(query, comparison, kComparison)) return "";
  const std::string alias = comparison[1];
  std::string only;
  for (std::sregex_iterator at(query.begin(), query.end(), kTable), end; at != end; ++at) {
    if (!alias.empty() && (*at)[2] == alias) return (*at)[1];
    if (alias.empty()) {
      if (!only.empty()) return "";
      only = (*at)[1];
    }
  }
  return only;
}

Result<Model> parse_model(const std::string& name, const std::string& schema,
                          std::string_view text) {
  Model model;
  model.name = name;
  model.schema = schema;
  HeaderReader header(model);
  size_t at = 0;
  while (at < text.size()) {
    const auto end = std::min(text.find('\n', at), text.size());
    const auto line = text.substr(at, end - at);
    if (!line.starts_with("--") && !trimmed(line).empty()) break;
    at = end + 1;
    const auto colon = line.find(": ");
    if (!line.starts_with("-- ") || colon == std::string_view::npos) continue;
    FALAJ_TRY(header.take(std::string(line.substr(3, colon - 3)), trimmed(line.substr(colon + 2))));
  }
  model.select = trimmed(text.substr(std::min(at, text.size())));
  if (model.select.empty()) {
    return Error(ErrorKind::kInvalidConfig,
                 fmt::format("model {}: no SELECT below the header", name));
  }
  FALAJ_TRY(header.finish());
  header.find_payload();
  FALAJ_ASSIGN(
      model.select,
      expand_macros(std::move(model.select)).while_doing(fmt::format("reading model {}", name)));
  return model;
}

}  // namespace falaj::transform
