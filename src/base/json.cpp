#include "base/json.hpp"

#include <nlohmann/json.hpp>

namespace falaj {
namespace {

using Foreign = nlohmann::ordered_json;

Json from_foreign(const Foreign& value) {
  switch (value.type()) {
    case Foreign::value_t::boolean: return value.get<bool>();
    case Foreign::value_t::number_integer:
    case Foreign::value_t::number_unsigned: return value.get<int64_t>();
    case Foreign::value_t::number_float: return value.get<double>();
    case Foreign::value_t::string: return value.get<std::string>();
    case Foreign::value_t::array: {
      Json::Array items;
      items.reserve(value.size());
      for (const auto& item : value) items.push_back(from_foreign(item));
      return items;
    }
    case Foreign::value_t::object: {
      Json::Object members;
      members.reserve(value.size());
      for (const auto& [key, member] : value.items()) {
        members.emplace_back(key, from_foreign(member));
      }
      return members;
    }
    default: return nullptr;
  }
}

Foreign to_foreign(const Json& value) {
  if (value.is_bool()) return value.as_bool();
  if (value.is_integer()) return value.as_int();
  if (value.is_number()) return value.as_double();
  if (value.is_string()) return value.as_string();
  if (value.is_array()) {
    Foreign items = Foreign::array();
    for (const auto& item : value.as_array()) items.push_back(to_foreign(item));
    return items;
  }
  if (value.is_object()) {
    Foreign members = Foreign::object();
    for (const auto& [key, member] : value.as_object()) members[key] = to_foreign(member);
    return members;
  }
  return nullptr;
}

// Both parsers below recurse, and so do the destructors.
constexpr size_t kDepthMax = 256;

bool is_too_deep(std::string_view text) {
  size_t depth = 0;
  bool is_text = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (is_text) {
      if (c == '\\') ++i;
      is_text = c != '"';
    } else if (c == '"') {
      is_text = true;
    } else if (c == '[' || c == '{') {
      if (++depth > kDepthMax) return true;
    } else if ((c == ']' || c == '}') && depth > 0) {
      --depth;
    }
  }
  return false;
}

const Json kNull;
const Json::Array kNoItems;
const Json::Object kNoMembers;

}  // namespace

Result<Json> Json::parse(std::string_view text) {
  if (is_too_deep(text)) {
    return Error(ErrorKind::kBadResponse, fmt::format("JSON nested deeper than {} levels: {}",
                                                      kDepthMax, excerpt(text, 80)));
  }
  try {
    return from_foreign(Foreign::parse(text.begin(), text.end()));
  } catch (const Foreign::parse_error& error) {
    size_t line = 1;
    size_t column = 1;
    for (size_t i = 0; i + 1 < error.byte && i < text.size(); ++i) {
      if (text[i] == '\n') {
        ++line;
        column = 1;
      } else {
        ++column;
      }
    }
    return Error(ErrorKind::kBadResponse, fmt::format("not valid JSON at line {} column {}: {}",
                                                      line, column, excerpt(text, 80)));
  } catch (const Foreign::exception& error) {
    // A number beyond every double, for instance.
    return Error(ErrorKind::kBadResponse,
                 fmt::format("JSON that cannot be read: {}: {}", error.what(), excerpt(text, 80)));
  }
}

std::string Json::dump(int indent) const {
  return to_foreign(*this).dump(indent, ' ', false, Foreign::error_handler_t::replace);
}

int64_t Json::as_int(int64_t fallback) const {
  if (const auto* value = std::get_if<int64_t>(&value_)) return *value;
  return fallback;
}

double Json::as_double(double fallback) const {
  if (const auto* value = std::get_if<double>(&value_)) return *value;
  if (const auto* value = std::get_if<int64_t>(&value_)) return static_cast<double>(*value);
  return fallback;
}

bool Json::as_bool(bool fallback) const {
  if (const auto* value = std::get_if<bool>(&value_)) return *value;
  return fallback;
}

std::string Json::as_string(std::string fallback) const {
  if (const auto* value = std::get_if<std::string>(&value_)) return *value;
  return fallback;
}

const Json::Array& Json::as_array() const {
  if (const auto* value = std::get_if<Array>(&value_)) return *value;
  return kNoItems;
}

const Json::Object& Json::as_object() const {
  if (const auto* value = std::get_if<Object>(&value_)) return *value;
  return kNoMembers;
}

const Json& Json::operator[](std::string_view key) const {
  for (const auto& [name, value] : as_object()) {
    if (name == key) return value;
  }
  return kNull;
}

void Json::set(std::string key, Json value) {
  if (is_null()) value_ = Object();
  FALAJ_CHECK(is_object(), "set(\"{}\") on a JSON value that is no object", key);
  for (auto& [name, member] : std::get<Object>(value_)) {
    if (name == key) {
      member = std::move(value);
      return;
    }
  }
  std::get<Object>(value_).emplace_back(std::move(key), std::move(value));
}

void Json::push_back(Json value) {
  if (is_null()) value_ = Array();
  FALAJ_CHECK(is_array(), "push_back on a JSON value that is no array");
  std::get<Array>(value_).push_back(std::move(value));
}

std::string json_quote(std::string_view text) {
  return Foreign(std::string(text)).dump(-1, ' ', false, Foreign::error_handler_t::replace);
}

}  // namespace falaj
