// How a C++ value becomes a record of a report: each field is declared once, with its name, where
// its value comes from and what it means. The JSON and the documented shape are both made from that.
// Shape:    Described<Thing>("thing").field("rows", &Thing::rows, "rows in it", "rows").
//           A value is a text, an integer, a number, a flag, a record described elsewhere, or a list
//           of them; std::optional is null when it is empty, and left out of the record if it was
//           declared by optional_field or optional_records.
// Owns:     itself. The shapes of the records inside must outlive it: they are statics.
// Threads:  made by one thread, used by many.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "operate/record_shape.hpp"

namespace falaj::operate {

// What a field's value is made of, whether it stands alone, in an optional or in a list.
template <typename V>
struct Content {
  using Element = V;
  static constexpr bool kIsList = false;
  static constexpr bool kIsOptional = false;
};
template <typename V>
struct Content<std::vector<V>> {
  using Element = V;
  static constexpr bool kIsList = true;
  static constexpr bool kIsOptional = false;
};
template <typename V>
struct Content<std::optional<V>> {
  using Element = typename Content<V>::Element;
  static constexpr bool kIsList = Content<V>::kIsList;
  static constexpr bool kIsOptional = true;
};

template <typename T>
class Described {
 public:
  explicit Described(std::string name) { shape_.name = std::move(name); }

  // `get`: a pointer to a member, or a function of a const T&.
  template <typename Get>
  Described& field(std::string name, Get get, std::string help, std::string unit = "") {
    return add(std::move(name), get, std::move(help), std::move(unit), Presence::kAlways);
  }
  // Left out of the record when the optional is empty.
  template <typename Get>
  Described& optional_field(std::string name, Get get, std::string help, std::string unit = "") {
    return add(std::move(name), get, std::move(help), std::move(unit), Presence::kWhenKnown);
  }
  // A text that is a time (ISO 8601) or a day (YYYY-MM-DD).
  template <typename Get>
  Described& time(std::string name, Get get, std::string help) {
    return field(std::move(name), get, std::move(help)).retyped(ValueType::kTime);
  }
  template <typename Get>
  Described& day(std::string name, Get get, std::string help) {
    return field(std::move(name), get, std::move(help)).retyped(ValueType::kDay);
  }
  // A record of another description, an optional one, or a list of them.
  template <typename Get, typename R>
  Described& records(std::string name, Get get, const Described<R>& record, std::string help) {
    return add_records(std::move(name), get, record, std::move(help), Presence::kAlways);
  }
  template <typename Get, typename R>
  Described& optional_records(std::string name, Get get, const Described<R>& record,
                              std::string help) {
    return add_records(std::move(name), get, record, std::move(help), Presence::kWhenKnown);
  }

  const RecordShape& shape() const { return shape_; }

  Json to_json(const T& value) const {
    Json json(Json::Object{});
    for (const auto& write : writers_) write(value, json);
    return json;
  }
  Json to_json(const std::vector<T>& values) const {
    Json::Array rows;
    rows.reserve(values.size());
    for (const auto& value : values) rows.push_back(to_json(value));
    return rows;
  }

 private:
  enum class Presence { kAlways, kWhenKnown };
  template <typename Get>
  using ValueOf = std::decay_t<std::invoke_result_t<Get, const T&>>;

  template <typename Get>
  Described& add(std::string name, Get get, std::string help, std::string unit, Presence presence) {
    using Kind = Content<ValueOf<Get>>;
    append({name, type_of<typename Kind::Element>(), std::move(help), std::move(unit)},
           Kind::kIsList, Kind::kIsOptional, presence);
    writers_.push_back([name = std::move(name), get, presence](const T& value, Json& json) {
      write(name, std::invoke(get, value), presence, json,
            [](const auto& element) { return plain(element); });
    });
    return *this;
  }
  template <typename Get, typename R>
  Described& add_records(std::string name, Get get, const Described<R>& record, std::string help,
                         Presence presence) {
    using Kind = Content<ValueOf<Get>>;
    static_assert(std::is_same_v<typename Kind::Element, R>, "the description is of another type");
    append({name, ValueType::kRecord, std::move(help), ""}, Kind::kIsList, Kind::kIsOptional,
           presence);
    shape_.fields.back().record = &record.shape();
    writers_.push_back(
        [name = std::move(name), get, presence, &record](const T& value, Json& json) {
          write(name, std::invoke(get, value), presence, json,
                [&record](const R& element) { return record.to_json(element); });
        });
    return *this;
  }
  void append(FieldShape field, bool is_list, bool is_optional, Presence presence) {
    field.is_list = is_list;
    field.may_be_null = is_optional && presence == Presence::kAlways;
    field.may_be_absent = presence == Presence::kWhenKnown;
    shape_.fields.push_back(std::move(field));
  }
  Described& retyped(ValueType type) {
    shape_.fields.back().type = type;
    return *this;
  }

  template <typename V, typename ToJson>
  static void write(const std::string& name, const V& value, Presence presence, Json& json,
                    const ToJson& to) {
    if constexpr (Content<V>::kIsOptional) {
      if (value) {
        write(name, *value, presence, json, to);
      } else if (presence == Presence::kAlways) {
        json.set(name, Json());
      }
    } else if constexpr (Content<V>::kIsList) {
      Json::Array items;
      items.reserve(value.size());
      for (const auto& each : value) items.push_back(to(each));
      json.set(name, std::move(items));
    } else {
      json.set(name, to(value));
    }
  }
  template <typename V>
  static Json plain(const V& value) {
    if constexpr (std::is_same_v<V, bool>) {
      return value;
    } else if constexpr (std::is_floating_point_v<V>) {
      return static_cast<double>(value);
    } else if constexpr (std::is_integral_v<V>) {
      return static_cast<int64_t>(value);
    } else {
      return std::string(value);
    }
  }
  template <typename V>
  static constexpr ValueType type_of() {
    static_assert(std::is_arithmetic_v<V> || std::is_convertible_v<V, std::string>,
                  "a record needs a description of its own: see records()");
    if (std::is_same_v<V, bool>) return ValueType::kFlag;
    if (std::is_floating_point_v<V>) return ValueType::kNumber;
    if (std::is_integral_v<V>) return ValueType::kInteger;
    return ValueType::kText;
  }

  RecordShape shape_;
  std::vector<std::function<void(const T&, Json&)>> writers_;
};

}  // namespace falaj::operate
