// Entities with one odd value each, made from rows that a store has and the table "Odd values" of
// docs/faults.md.
// Shape:    a field is named by its members: "amounts.tax.percent", "items[].product".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"

namespace falaj::test {

struct OddValue {
  std::string name;                 // of the row in the table
  std::optional<std::string> json;  // nothing: the member is not there
  std::string to_text() const { return json ? *json + " (" + name + ")" : "nothing"; }
};

// Each once: whole members, and what is inside of them.
std::vector<OddValue> odd_values();

struct OddCase {
  Json row;  // as the store has it
  std::string place;
  std::vector<std::string> steps;
  OddValue value;
};

// The pairs of field and value that belong to a part of all pairs.
std::vector<OddCase> odd_cases(const Json::Array& rows, const std::vector<OddValue>& values,
                               uint64_t part, uint64_t parts);

// The entity as JSON text: the value in its place, `id` and names of its own, and a member
// "odd_case" with its number.
std::string entity_text(const OddCase& odd, int64_t number, int64_t id);

}  // namespace falaj::test
