#include "fuzz/json_mutator.hpp"

#include <array>
#include <vector>

#include "decode/json_text.hpp"

namespace falaj::fuzz {
namespace {

using decode::JsonText;
using decode::Token;

// What stands in the API's answers where something else is meant, and what a parser may trip over.
constexpr std::array<std::string_view, 34> kValues = {
    "null",
    "true",
    "false",
    "0",
    "-0",
    "1",
    "-1",
    "13.04",
    "1e999",
    "1e-999",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "99999999999999999999.99999",
    "\"\"",
    "\"null\"",
    "\"0\"",
    "\"12.50\"",
    "\"SAIF2485\"",
    "\"٠٫٢٥ كجم\"",
    "\"\\ud800\"",
    "\"\\u0000\"",
    "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\"",
    "\"2024-02-16T:23:59:59\"",
    "\"2022-03-07T11:57:13.000000Z\"",
    "\"0000-00-00 00:00:00\"",
    R"({"date":"2023-10-01 12:00:00.000000","timezone_type":3,"timezone":"Asia/Riyadh"})",
    R"({"date":null,"timezone":7})",
    R"({"amount":"1000.00","currency":"SAR"})",
    R"({"amount":{},"currency":[]})",
    "[]",
    "{}",
    R"([{"id":1,"codes":["A-1"],"files":[{}]}])",
    "[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]",
};

// Names that the code looks for.
constexpr std::array<std::string_view, 18> kNames = {
    "data",   "id",       "pagination", "cursor",  "total", "perPage",
    "status", "success",  "error",      "message", "code",  "fields",
    "date",   "timezone", "items",      "codes",   "slug",  "amounts"};

struct Place {
  size_t name = 0;  // where a member begins, or the value itself
  size_t from = 0;
  size_t to = 0;
  bool is_member = false;
};

std::vector<Place> places_of(const JsonText& json, std::string_view text) {
  std::vector<Place> places;
  const auto offset = [&](const char* at) { return static_cast<size_t>(at - text.data()); };
  std::vector<Token> open = {json.root()};
  places.push_back({0, offset(json.start(json.root())), offset(json.end_of(json.root())), false});
  constexpr size_t kPlacesMax = 4096;
  while (!open.empty() && places.size() < kPlacesMax) {
    const Token container = open.back();
    open.pop_back();
    const auto add = [&](size_t name, Token value, bool is_member) {
      places.push_back({name, offset(json.start(value)), offset(json.end_of(value)), is_member});
      if (json.kind(value) == '{' || json.kind(value) == '[') open.push_back(value);
    };
    if (json.kind(container) == '{') {
      json.each_member(container, [&](std::string_view key, Token value) {
        add(offset(key.data()) - 1, value, true);
      });
    } else if (json.kind(container) == '[') {
      json.each_element(container,
                        [&](Token value) { add(offset(json.start(value)), value, false); });
    }
  }
  return places;
}

std::string change_once(std::string_view text, std::minstd_rand& random) {
  JsonText json;
  if (text.empty() || json.index(text)) return "";
  const auto places = places_of(json, text);
  const Place& place = places[random() % places.size()];
  const Place& other = places[random() % places.size()];
  std::string out(text);
  const auto value_of = [&](const Place& at) {
    return std::string(text.substr(at.from, at.to - at.from));
  };
  switch (random() % 7) {
    case 0:
      return out.replace(place.from, place.to - place.from, kValues[random() % kValues.size()]);
    case 1: return out.replace(place.from, place.to - place.from, value_of(other));
    case 2: {  // away, with one comma
      const size_t from = place.is_member ? place.name : place.from;
      size_t to = place.to;
      if (to < out.size() && out[to] == ',') ++to;
      return out.erase(from, to - from);
    }
    case 3: {  // once more
      const size_t from = place.is_member ? place.name : place.from;
      return out.insert(place.to, "," + std::string(text.substr(from, place.to - from)));
    }
    case 4:  // the same member again, with another value
      if (!place.is_member) return out;
      return out.insert(place.to,
                        "," + std::string(text.substr(place.name, place.from - place.name)) +
                            std::string(kValues[random() % kValues.size()]));
    case 5:  // another member
      if (text[place.from] != '{') return out;
      return out.insert(place.from + 1,
                        "\"" + std::string(kNames[random() % kNames.size()]) +
                            "\":" + std::string(kValues[random() % kValues.size()]) +
                            (text.substr(place.from + 1).starts_with('}') ? "" : ","));
    default:  // a member's name
      if (!place.is_member) return out;
      return out.replace(place.name, place.from - place.name,
                         "\"" + std::string(kNames[random() % kNames.size()]) + "\":");
  }
}

}  // namespace

std::string mutate_json(std::string_view text, std::minstd_rand& random) {
  std::string changed = change_once(text, random);
  for (auto more = random() % 3; more > 0 && !changed.empty(); --more) {
    auto next = change_once(changed, random);
    if (!next.empty()) changed = std::move(next);
  }
  return changed;
}

}  // namespace falaj::fuzz
