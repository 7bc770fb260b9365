#include "support/value_types/expected_row.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <regex>

#include "connectors/salla/catalogue.hpp"
#include "decode/date_text.hpp"
#include "support/fault_table.hpp"
#include "support/value_types/type_of_value.hpp"

namespace falaj::test {
namespace {

using decode::FieldKind;
using decode::FieldSpec;
using decode::JsonText;
using decode::TableSpec;
using decode::Token;

constexpr const char* kHeading = "Types of values";

// "a[].b" -> "a", "[]", "b".
std::vector<std::string> steps_of(const std::string& path) {
  std::vector<std::string> steps;
  for (size_t from = 0; from < path.size();) {
    const auto to = std::min(path.find('.', from), path.size());
    auto step = path.substr(from, to - from);
    const bool is_list = step.ends_with("[]");
    if (is_list) step.resize(step.size() - 2);
    steps.push_back(step);
    if (is_list) steps.emplace_back("[]");
    from = to + 1;
  }
  return steps;
}

std::string number_path(const std::string& path) {
  return path.substr(path.find('+') + 1);
}

// The table's column for a kind.
std::string column_of(FieldKind kind) {
  switch (kind) {
    case FieldKind::kInt: return "int";
    case FieldKind::kMoney:
    case FieldKind::kMoneySum: return "money";
    case FieldKind::kDecimal:
    case FieldKind::kRate: return "decimal, rate";
    case FieldKind::kText: return "text";
    case FieldKind::kBool: return "bool";
    case FieldKind::kTimestamp:
    case FieldKind::kDate:
    case FieldKind::kDateRaw: return "timestamp, date, date_raw";
    case FieldKind::kPhone: return "phone";
    case FieldKind::kCount: return "count";
    case FieldKind::kJson: return "json";
  }
  return "";
}

bool contains(const std::vector<std::string>& all, const std::string& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

// A telephone number's place that says that there is none.
bool says_none(const JsonText& json, Token value) {
  std::string text(json.kind(value) == '"' ? json.raw_string(value) : json.raw(value));
  std::erase_if(text, [](char c) { return c == ' ' || c == '\t'; });
  return text.empty() || text == "null" || text.find_first_not_of('0') == std::string::npos;
}

// A date object's zone that nobody knows, beside a text without a zone of its own.
bool is_zone_a_guess(const JsonText& json, Token value) {
  const auto zone = json.member(value, "timezone");
  const auto date = json.member(value, "date");
  if (!zone || !date || json.kind(*zone) == 'n' || json.is_empty_value(*zone)) return false;
  static const std::regex own_zone("[A-Za-z]{2,}|Z$|[+-][0-9]{2}:?[0-9]{2}$");
  if (json.kind(*date) == '"' && std::regex_search(std::string(json.raw_string(*date)), own_zone))
    return false;
  return json.kind(*zone) != '"' || !decode::is_known_zone(json.raw_string(*zone));
}

}  // namespace

// What a table's paths have in common: a text where one path goes on is odd, unless another path ends there.
struct ValueTypes::Nodes {
  std::set<std::string> ends;
  std::set<std::string> with_members;
  std::set<std::string> with_elements;

  struct Step {
    std::string key;  // "[]": the elements
    // Of the place where it begins.
    bool has_members = false;
    bool has_elements = false;
    bool is_end = false;
  };
  using Path = std::vector<Step>;
  mutable std::map<std::string, Path, std::less<>> paths;

  void add(const std::string& path, bool is_end) {
    std::string at;
    for (const auto& step : steps_of(path)) {
      (step == "[]" ? with_elements : with_members).insert(at);
      at += "/" + step;
    }
    if (is_end) ends.insert(at);
  }
  // After the last add().
  const Path& path(const std::string& text) const {
    const auto [known, is_new] = paths.try_emplace(text);
    if (!is_new) return known->second;
    std::string at;
    for (const auto& step : steps_of(text)) {
      known->second.push_back(
          {step, with_members.contains(at), with_elements.contains(at), ends.contains(at)});
      at += "/" + step;
    }
    return known->second;
  }
};

// What stands at the end of a path, and whether something of another type is on the way.
struct ValueTypes::Found {
  std::optional<Token> value;
  bool has_misfit = false;
};

struct ValueTypes::Outcome {
  std::string what;  // "value", "NULL", "empty" (NULL or 0), "lost: RULE", "value or lost: RULE"
  std::optional<std::string> text;  // of "value"
  std::string note;                 // the rule by which a value is counted
};

namespace {

template <typename Nodes, typename Found>
class Search {
 public:
  Search(const JsonText& json, const Nodes& nodes, const std::string& path)
      : json_(json), path_(nodes.path(path)) {}

  Found run(Token entity) {
    go(entity, 0, false);
    return found_;
  }
  // Each value there, of all elements of a list.
  std::vector<Token> all;

 private:
  void go(Token value, size_t at, bool is_in_list) {
    if (at == path_.size()) {
      all.push_back(value);
      if (!is_in_list || !found_.value || json_.kind(*found_.value) == 'n') found_.value = value;
      return;
    }
    const auto& step = path_[at];
    const char kind = json_.kind(value);
    const bool is_list = (kind == '{' || kind == '[') && json_.is_list(value);
    if (is_list && step.has_elements) {
      if (step.key != "[]") return;
      json_.each_item(value, [&](Token item) { go(item, at + 1, true); });
    } else if (kind == '{' && !is_list && step.has_members) {
      if (step.key == "[]") return;
      if (const auto member = json_.member(value, step.key)) go(*member, at + 1, is_in_list);
    } else if (kind == '{' || kind == '[') {
      found_.has_misfit |= !json_.is_empty_container(value);
    } else if (kind != 'n' && !step.is_end) {
      found_.has_misfit |= kind != '"' || !json_.raw_string(value).empty();
    }
  }

  const JsonText& json_;
  const typename Nodes::Path& path_;
  Found found_;
};

}  // namespace

ValueTypes::ValueTypes() {
  for (const auto& row : fault_rows(kHeading)) table_[row.id] = row.cells;
  for (const auto& row : fault_rows("Odd values")) {
    const auto becomes = row.quoted("becomes");
    const auto equals = becomes.at(0).find(" = ");
    const auto stream = row["stream"];
    const auto& specs = connectors::salla::catalogue();
    const auto spec = std::find_if(specs.begin(), specs.end(),
                                   [&](const auto& each) { return each.stream == stream; });
    JsonText json;
    const auto entity = row.quoted("an entity with").at(0);
    if (equals == std::string::npos || spec == specs.end() || json.index(entity)) continue;
    const auto field = std::find_if(spec->fields.begin(), spec->fields.end(), [&](const auto& one) {
      return one.column == becomes[0].substr(0, equals);
    });
    if (field == spec->fields.end() || field->kind == FieldKind::kMoneySum) continue;
    const auto& path = field->paths.front();
    // A telephone number depends on the code beside it.
    if (path.find('+') != std::string::npos) continue;
    const auto found = Search<Nodes, Found>(json, nodes_of(*spec), path).run(json.root());
    const auto text = becomes[0].substr(equals + 3);
    if (found.value && text != "NULL")
      known_[{field->kind, std::string(json.raw(*found.value))}] = text;
  }
}

const ValueTypes::Nodes& ValueTypes::nodes_of(const TableSpec& spec) {
  auto& nodes = nodes_[&spec];
  if (nodes) return *nodes;
  nodes = std::make_shared<Nodes>();
  for (const auto& field : spec.fields) {
    for (const auto& path : field.paths) {
      const auto own = number_path(path);
      if (own != path) nodes->add(path.substr(0, path.find('+')), false);
      nodes->add(own, true);
      if (field.kind == FieldKind::kMoney) nodes->add(own + ".amount", false);
      if (!is_date(field.kind)) continue;
      nodes->add(own + ".date", false);
      nodes->add(own + ".timezone", false);
    }
  }
  for (const auto& path : spec.id_paths) nodes->add(path, true);
  for (const auto& child : spec.children) nodes->add(child.path, false);
  return *nodes;
}

std::string ValueTypes::cell(const std::string& type, const std::string& column) {
  const auto row = table_.find(type);
  if (row == table_.end() || !row->second.contains(column)) {
    ADD_FAILURE() << "docs/faults.md, " << kHeading << ": no cell for " << type << ", " << column;
    return "NULL";
  }
  used_.emplace(type, column);
  auto text = row->second.at(column);
  std::erase(text, '`');
  return text;
}

ValueTypes::Outcome ValueTypes::outcome_of(FieldKind kind, const JsonText& json, Token value) {
  const auto said = cell(type_of_value(kind, json, value), column_of(kind));
  if (said == "its amount") {
    const auto amount = *json.member(value, "amount");
    // Money within money is none.
    return outcome_of(FieldKind::kDecimal, json, amount);
  }
  if (said == "its date") {
    const auto date = *json.member(value, "date");
    if (json.kind(date) == '{' && !json.is_empty_container(date)) return {"lost: bad_date", {}};
    auto inner = outcome_of(kind, json, date);
    inner.text.reset();
    const auto known = known_.find({kind, std::string(json.raw(value))});
    if (inner.what == "value" && known != known_.end()) inner.text = known->second;
    if (inner.what == "value" && kind == FieldKind::kTimestamp && is_zone_a_guess(json, value))
      inner.note = "unknown_zone";
    return inner.what == "empty" ? Outcome{"NULL", {}} : inner;
  }
  if (kind == FieldKind::kPhone && said.find(" or ") != std::string::npos) {
    if (says_none(json, value)) return {"NULL", {}, ""};
    if (said.starts_with("NULL")) return {said.substr(said.find("lost")), {}, ""};
  }
  Outcome outcome{said, {}, ""};
  if (said == "value") {
    const auto known = known_.find({kind, std::string(json.raw(value))});
    outcome.text = known != known_.end() ? known->second : text_of_value(kind, json, value);
  }
  return outcome;
}

ValueTypes::Outcome ValueTypes::sum_of(const std::string& path, const Nodes& nodes,
                                       const JsonText& json, Token entity) {
  Search<Nodes, Found> search(json, nodes, path);
  const auto found = search.run(entity);
  size_t values = 0;
  for (const auto value : search.all) {
    const auto one = outcome_of(FieldKind::kMoneySum, json, value);
    if (one.what.starts_with("lost")) return one;
    values += one.what == "value" ? 1 : 0;
  }
  if (values > 0) return {"value", {}};
  if (!search.all.empty()) return {"NULL", {}};  // what they have says nothing
  const auto list_path = path.substr(0, path.rfind("[]"));
  const auto list = Search<Nodes, Found>(json, nodes, list_path).run(entity);
  if (found.has_misfit || !list.value) return {"NULL", {}};
  if (json.is_empty_value(*list.value)) return {"value", "0.0000"};
  const char kind = json.kind(*list.value);
  return {kind == '[' || kind == '{' ? "lost: no_value" : "NULL", {}};
}

ExpectedCell ValueTypes::cell_of(const TableSpec& spec, const FieldSpec& field,
                                 const JsonText& json, Token entity) {
  using Kind = ExpectedCell::Kind;
  const auto& nodes = nodes_of(spec);
  std::optional<std::string> problem;
  bool has_misfit = false;
  bool is_empty = false;
  bool has_empty_text = false;
  for (const auto& path : field.paths) {
    const auto own = number_path(path);
    // Most fields of an entity with one odd value.
    if (!json.member(entity, std::string_view(own).substr(0, own.find_first_of(".[")))) continue;
    const auto found = Search<Nodes, Found>(json, nodes, own).run(entity);
    has_misfit |= found.has_misfit;
    Outcome outcome{"NULL", {}};
    if (field.kind == FieldKind::kMoneySum) {
      outcome = sum_of(own, nodes, json, entity);
    } else if (found.value) {
      outcome = outcome_of(field.kind, json, *found.value);
    }
    if (outcome.what == "value" && outcome.text == "" && field.kind == FieldKind::kText) {
      has_empty_text = true;  // it stands unless a later path has a better one
    } else if (outcome.what == "value") {
      return {Kind::kValue, outcome.note, outcome.text};
    } else if (outcome.what == "0") {
      return {Kind::kValue, "", "0"};
    } else if (const auto lost = outcome.what.find(" or lost: "); lost != std::string::npos) {
      return {Kind::kEither, outcome.what.substr(lost + 10), {}};
    } else if (outcome.what == "empty") {
      is_empty = true;
    } else if (outcome.what.starts_with("lost: ") && !problem) {
      // An object that has what another path looks for is what that path is for.
      const bool is_looked_into =
          found.value && json.kind(*found.value) == '{' &&
          std::any_of(field.paths.begin(), field.paths.end(), [&](const auto& other) {
            return other.starts_with(own + ".") &&
                   Search<Nodes, Found>(json, nodes, number_path(other)).run(entity).value;
          });
      if (!is_looked_into) problem = outcome.what.substr(6);
    }
  }
  if (problem) return {Kind::kLost, *problem, {}};
  if (has_misfit) return {Kind::kLost, "wrong_type", {}};
  if (has_empty_text) return {Kind::kValue, "", ""};
  if (is_empty && contains(spec.zero_when_empty, field.column)) {
    return {Kind::kValue, "",
            field.kind == FieldKind::kInt    ? "0"
            : field.kind == FieldKind::kRate ? "0.00000000"
                                             : "0.0000"};
  }
  return {};
}

bool ValueTypes::has_id(const TableSpec& spec, const JsonText& json, Token entity) {
  const auto& nodes = nodes_of(spec);
  if (spec.key_paths == std::vector<std::string>{"{parent}"}) return true;
  for (const auto& path : spec.key_paths) {
    if (path == "{parent}") continue;
    std::optional<Token> at = entity;
    for (const auto& step : steps_of(path))
      at = at && json.kind(*at) == '{' ? json.member(*at, step) : std::nullopt;
    if (!at || json.kind(*at) == 'n' || json.is_empty_value(*at)) continue;
    if (json.kind(*at) != '"' || !json.raw_string(*at).empty()) return true;
  }
  if (!spec.key_paths.empty()) return false;
  return std::any_of(spec.id_paths.begin(), spec.id_paths.end(), [&](const auto& path) {
    const auto found = Search<Nodes, Found>(json, nodes, path).run(entity);
    return found.value && outcome_of(FieldKind::kInt, json, *found.value).what == "value";
  });
}

ExpectedRow ValueTypes::row_of(const TableSpec& spec, const JsonText& json, Token entity) {
  ExpectedRow row;
  if (json.kind(entity) != '{') {
    row.rule = "wrong_type";
    return row;
  }
  if (!has_id(spec, json, entity)) {
    row.rule = "missing_id";
    return row;
  }
  for (const auto& field : spec.fields) {
    auto expected = cell_of(spec, field, json, entity);
    const bool is_refused =
        expected.kind == ExpectedCell::Kind::kLost && contains(spec.important, field.column);
    if (is_refused && row.rule.empty()) row.rule = expected.rule;
    row.cells[field.column] = std::move(expected);
  }
  return row;
}

ExpectedRow ValueTypes::row_of(const TableSpec& spec, std::string_view entity) {
  JsonText json;
  if (const auto problem = json.index(entity)) {
    ADD_FAILURE() << entity << ": " << problem->to_text(entity);
    return {};
  }
  return row_of(spec, json, json.root());
}

void ValueTypes::expect_every_cell_was_used() const {
  for (const auto& [type, cells] : table_) {
    for (const auto& [column, text] : cells) {
      if (column == "type" || column == "what comes" || text == "-") continue;
      EXPECT_TRUE(used_.contains({type, column}))
          << "docs/faults.md, " << kHeading << ": no odd value is of type " << type << " for "
          << column << "; the cell is stale, or a row of \"Odd values\" is missing";
    }
  }
}

}  // namespace falaj::test
