// What must become of an entity, by the table "Types of values" of docs/faults.md and what the catalogue
// declares of each column. Knows nothing of how the decoder does it.
// Shape:    one cell a column of the table's fields.
// Threads:  confined to one. Errors: a value or a cell that the table does not know fails the test.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "decode/json_text.hpp"
#include "decode/table_spec.hpp"

namespace falaj::test {

struct ExpectedCell {
  // kEither: a value, or NULL and lost by the rule, as what may be a telephone number.
  enum class Kind { kValue, kNull, kLost, kEither };
  Kind kind = Kind::kNull;
  std::string rule;                 // of kLost and kEither; of kValue: counted although it is there
  std::optional<std::string> text;  // of kValue, as tables print it; nothing: not known here
};

struct ExpectedRow {
  std::string rule;  // why it is in quarantine; empty: it is a row
  std::map<std::string, ExpectedCell> cells;
};

class ValueTypes {
 public:
  ValueTypes();

  ExpectedRow row_of(const decode::TableSpec& spec, const decode::JsonText& json,
                     decode::Token entity);
  // The same of an entity's text.
  ExpectedRow row_of(const decode::TableSpec& spec, std::string_view entity);

  // Fails the test for each cell of the table that no value needed.
  void expect_every_cell_was_used() const;

 private:
  struct Nodes;
  struct Found;
  struct Outcome;
  const Nodes& nodes_of(const decode::TableSpec& spec);
  Outcome outcome_of(decode::FieldKind kind, const decode::JsonText& json, decode::Token value);
  Outcome sum_of(const std::string& path, const Nodes& nodes, const decode::JsonText& json,
                 decode::Token entity);
  ExpectedCell cell_of(const decode::TableSpec& spec, const decode::FieldSpec& field,
                       const decode::JsonText& json, decode::Token entity);
  bool has_id(const decode::TableSpec& spec, const decode::JsonText& json, decode::Token entity);
  // What the table's cell says, "value", "NULL", "lost: wrong_type" and so on.
  std::string cell(const std::string& type, const std::string& column);

  std::map<std::string, std::map<std::string, std::string>> table_;  // by type, then column
  std::set<std::pair<std::string, std::string>> used_;
  // What values become, as the rows of "Odd values" show it: by kind and JSON text.
  std::map<std::pair<decode::FieldKind, std::string>, std::string> known_;
  std::map<const decode::TableSpec*, std::shared_ptr<Nodes>> nodes_;
};

}  // namespace falaj::test
