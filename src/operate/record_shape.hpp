// The declared shape of a record that falaj prints: what a reader of its JSON may rely on.
// Shape:    plain data, made once by Described (described.hpp) from the same lines that write the
//           JSON, so that the two cannot differ.
// Owns:     `record` points to a shape that lives as long as the program.
// Threads:  values.
#pragma once

#include <string>
#include <vector>

namespace falaj::operate {

// kTime is a text as well: ISO 8601, UTC. kDay: YYYY-MM-DD.
enum class ValueType { kText, kInteger, kNumber, kFlag, kTime, kDay, kRecord };

struct RecordShape;

struct FieldShape {
  std::string name;
  ValueType type = ValueType::kText;
  std::string help;
  std::string unit;  // "rows", "ms", "bytes"; empty: none
  bool is_list = false;
  bool may_be_null = false;
  bool may_be_absent = false;
  const RecordShape* record = nullptr;  // of kRecord
};

struct RecordShape {
  std::string name;  // "run"; of a part: "run.stream"
  std::vector<FieldShape> fields;
};

// "text", "integer", "list of records": the type as documents call it.
std::string type_text(const FieldShape& field);

// A field by its way from the top: "streams[].rows".
struct FieldPlace {
  std::string place;
  const FieldShape* field = nullptr;
};

// All fields, those of a record inside after it but for records that `stop` names; `root` stands
// before each.
std::vector<FieldPlace> places_of(const RecordShape& shape, const std::string& root = "",
                                  const std::vector<const RecordShape*>& stop = {});

}  // namespace falaj::operate
