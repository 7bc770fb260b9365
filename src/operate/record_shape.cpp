#include "operate/record_shape.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace falaj::operate {
namespace {

const char* name_of(ValueType type) {
  switch (type) {
    case ValueType::kText: return "text";
    case ValueType::kInteger: return "integer";
    case ValueType::kNumber: return "number";
    case ValueType::kFlag: return "true or false";
    case ValueType::kTime: return "time";
    case ValueType::kDay: return "day";
    case ValueType::kRecord: return "record";
  }
  return "text";
}

}  // namespace

std::string type_text(const FieldShape& field) {
  std::string text = name_of(field.type);
  if (field.is_list)
    text = field.type == ValueType::kFlag ? "list of flags" : fmt::format("list of {}s", text);
  if (field.may_be_null) text += " or null";
  return text;
}

std::vector<FieldPlace> places_of(const RecordShape& shape, const std::string& root,
                                  const std::vector<const RecordShape*>& stop) {
  std::vector<FieldPlace> places;
  for (const auto& field : shape.fields) {
    const auto place = root + field.name;
    places.push_back({place, &field});
    if (field.record == nullptr || std::find(stop.begin(), stop.end(), field.record) != stop.end())
      continue;
    auto inside = places_of(*field.record, place + (field.is_list ? "[]." : "."), stop);
    places.insert(places.end(), inside.begin(), inside.end());
  }
  return places;
}

}  // namespace falaj::operate
