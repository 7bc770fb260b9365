// Small JSON documents: manifests, control bodies, --json output. Pages of the API do not come
// this way (src/decode has the fast parser).
// Shape:    objects keep their members' order; integers stay 64-bit integers.
// Owns:     everything below it. Threads: a value.
// Errors:   parse returns kBadResponse with line and column; texts nested deeper than 256 levels and
//           numbers beyond a double are refused.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.hpp"

namespace falaj {

class Json {
 public:
  using Array = std::vector<Json>;
  using Object = std::vector<std::pair<std::string, Json>>;

  Json() = default;
  Json(std::nullptr_t) {}                                        // NOLINT: implicit by design
  Json(bool value) : value_(value) {}                            // NOLINT
  Json(int value) : value_(static_cast<int64_t>(value)) {}       // NOLINT
  Json(int64_t value) : value_(value) {}                         // NOLINT
  Json(uint64_t value) : value_(static_cast<int64_t>(value)) {}  // NOLINT
  Json(double value) : value_(value) {}                          // NOLINT
  Json(const char* value) : value_(std::string(value)) {}        // NOLINT
  Json(std::string value) : value_(std::move(value)) {}          // NOLINT
  Json(std::string_view value) : value_(std::string(value)) {}   // NOLINT
  Json(Array value) : value_(std::move(value)) {}                // NOLINT
  Json(Object value) : value_(std::move(value)) {}               // NOLINT

  static Result<Json> parse(std::string_view text);
  // indent < 0: one line.
  std::string dump(int indent = -1) const;

  bool is_null() const { return std::holds_alternative<std::monostate>(value_); }
  bool is_object() const { return std::holds_alternative<Object>(value_); }
  bool is_array() const { return std::holds_alternative<Array>(value_); }
  bool is_string() const { return std::holds_alternative<std::string>(value_); }
  bool is_number() const { return is_integer() || std::holds_alternative<double>(value_); }
  bool is_integer() const { return std::holds_alternative<int64_t>(value_); }
  bool is_bool() const { return std::holds_alternative<bool>(value_); }

  // The value, or the fallback if it is of another type.
  int64_t as_int(int64_t fallback = 0) const;
  double as_double(double fallback = 0) const;
  bool as_bool(bool fallback = false) const;
  std::string as_string(std::string fallback = "") const;
  const Array& as_array() const;    // empty when it is no array
  const Object& as_object() const;  // empty when it is no object

  // Member of an object; a null Json when there is none.
  const Json& operator[](std::string_view key) const;
  // Sets or appends a member (a null becomes an object).
  void set(std::string key, Json value);
  // Appends to an array (a null becomes an array).
  void push_back(Json value);

 private:
  std::variant<std::monostate, bool, int64_t, double, std::string, Array, Object> value_;
};

// `text` as a JSON string literal, quotes included; invalid UTF-8 becomes U+FFFD.
std::string json_quote(std::string_view text);

}  // namespace falaj
