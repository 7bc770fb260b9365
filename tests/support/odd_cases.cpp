#include "support/odd_cases.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "support/fault_table.hpp"

namespace falaj::test {
namespace {

using Steps = std::vector<std::string>;

// Where a JSON value ends that begins at `at`; strings and nesting are all it knows.
size_t end_of(std::string_view text, size_t at) {
  int depth = 0;
  bool is_text = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (is_text) {
      if (c == '\\') ++at;
      if (c == '"') is_text = false;
    } else if (c == '"') {
      is_text = true;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      if (depth == 0) return at;
      --depth;
    } else if (c == ',' && depth == 0) {
      return at;
    }
  }
  return at;
}

// Members of an object's text, values as they stand: no parser between them and the store.
std::vector<std::pair<std::string, std::string>> members_of(std::string_view object) {
  std::vector<std::pair<std::string, std::string>> members;
  size_t at = 1;
  while (at < object.size() && object[at] == '"') {
    const auto key_end = object.find('"', at + 1);
    const auto end = end_of(object, key_end + 2);
    members.emplace_back(object.substr(at + 1, key_end - at - 1),
                         object.substr(key_end + 2, end - key_end - 2));
    at = end + 1;
  }
  return members;
}

void collect(const Json& value, const std::string& place, const Steps& steps,
             std::map<std::string, Steps>& fields) {
  if (!steps.empty()) fields.emplace(place, steps);
  for (const auto& [key, member] : value.as_object()) {
    auto deeper = steps;
    deeper.push_back(key);
    collect(member, place.empty() ? key : place + "." + key, deeper, fields);
  }
  if (value.as_array().empty()) return;
  auto deeper = steps;
  deeper.emplace_back("0");
  collect(value.as_array()[0], place + "[]", deeper, fields);
}

const Json& at_steps(const Json& row, const Steps& steps) {
  const Json* value = &row;
  static const Json kNothing;
  for (const auto& step : steps) {
    if (!value->is_array()) {
      value = &(*value)[step];
    } else if (value->as_array().empty()) {
      return kNothing;
    } else {
      value = &value->as_array()[0];
    }
  }
  return *value;
}

class Writer {
 public:
  Writer(const OddCase& odd, int64_t number, int64_t id) : odd_(odd), number_(number), id_(id) {}

  std::string entity() {
    write(odd_.row, {}, false);
    return "{\"odd_case\":" + std::to_string(number_) + (out_.size() > 2 ? "," : "") +
           out_.substr(1);
  }

 private:
  // `is_identity`: the value tells entities apart, and each case is one of its own.
  void write(const Json& value, const Steps& steps, bool is_identity) {
    if (value.is_object()) {
      out_ += '{';
      bool is_first = true;
      for (const auto& [key, member] : value.as_object()) {
        auto deeper = steps;
        deeper.push_back(key);
        const bool is_meant = deeper == odd_.steps;
        if (is_meant && !odd_.value.json) continue;
        out_.append(is_first ? "" : ",").append(json_quote(key)).append(":");
        is_first = false;
        if (is_meant) {
          out_ += *odd_.value.json;
        } else {
          write(member, deeper, names_it(deeper));
        }
      }
      out_ += '}';
    } else if (value.is_array()) {
      out_ += '[';
      // One element is enough: it is the one that may be odd.
      auto deeper = steps;
      deeper.emplace_back("0");
      if (!value.as_array().empty()) {
        if (deeper != odd_.steps) {
          write(value.as_array()[0], deeper, false);
        } else if (odd_.value.json) {
          out_ += *odd_.value.json;
        }
      }
      out_ += ']';
    } else if (is_identity && value.is_integer()) {
      out_ += std::to_string(id_ + (steps.size() > 1 ? 1 : 0));
    } else if (is_identity && value.is_string()) {
      out_ += json_quote("odd-" + std::to_string(number_));
    } else {
      out_ += value.dump();
    }
  }

  static bool names_it(const Steps& steps) {
    static const std::set<std::string> kOwn = {"id",   "reference_id", "sku",  "email",
                                               "code", "mobile",       "slug", "order_id"};
    const auto& key = steps.back();
    if (steps.size() == 1) return kOwn.contains(key);
    // Lines and variants are entities too.
    return steps.size() == 3 && (steps[0] == "items" || steps[0] == "skus") && key == "id";
  }

  const OddCase& odd_;
  int64_t number_;
  int64_t id_;
  std::string out_;
};

}  // namespace

std::vector<OddValue> odd_values() {
  std::vector<OddValue> values = {{"absent", std::nullopt}};
  std::set<std::string> seen;
  const auto add = [&](const std::string& name, const std::string& json) {
    if (seen.insert(json).second) values.push_back({name, json});
  };
  for (const auto& row : fault_rows("Odd values")) {
    const auto entities = row.quoted("an entity with");
    if (entities.size() != 1) {
      ADD_FAILURE() << row.id;
      continue;
    }
    for (const auto& [key, value] : members_of(entities[0])) {
      const bool is_plain_id = key == "id" && value == "1";
      if (!is_plain_id) add(row.id, value);
      if (value.starts_with('{') && value.size() > 2)
        for (const auto& inner : members_of(value)) add(row.id, inner.second);
    }
  }
  return values;
}

std::vector<OddCase> odd_cases(const Json::Array& rows, const std::vector<OddValue>& values,
                               uint64_t part, uint64_t parts) {
  std::map<std::string, Steps> fields;
  for (const auto& row : rows) collect(row, "", {}, fields);
  std::vector<OddCase> cases;
  uint64_t number = 0;
  for (const auto& [place, steps] : fields) {
    const auto has = std::find_if(rows.begin(), rows.end(),
                                  [&](const Json& row) { return !at_steps(row, steps).is_null(); });
    const auto& row = has == rows.end() ? rows[0] : *has;
    ++number;
    for (size_t i = 0; i < values.size(); ++i) {
      if ((number + i) % parts != part) continue;
      // A number in the place of an id is another entity, not an odd one.
      const bool is_id = steps.size() == 1 && steps[0] == "id";
      const bool is_number = values[i].json && values[i].json->find_first_not_of(
                                                   "\"0123456789.-") == std::string::npos;
      if (is_id && is_number) continue;
      cases.push_back({row, place, steps, values[i]});
    }
  }
  return cases;
}

std::string entity_text(const OddCase& odd, int64_t number, int64_t id) {
  return Writer(odd, number, id).entity();
}

}  // namespace falaj::test
