#include "support/documented_shapes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "support/temp_dir.hpp"

namespace falaj::test {
namespace {

std::string type_of(const Json& value) {
  if (value.is_null()) return "null";
  if (value.is_object()) return "object";
  if (value.is_array()) return "array";
  if (value.is_string()) return "string";
  return value.is_bool() ? "boolean" : "number";
}

std::string joined(const std::set<std::string>& types) {
  std::string text;
  for (const auto& type : types) text += (text.empty() ? "" : " or ") + type;
  return text;
}

// What is below a container that has something else in its place is no difference of its own.
bool is_below(const std::string& place, const std::set<std::string>& places) {
  return std::any_of(places.begin(), places.end(), [&](const std::string& parent) {
    return place.size() > parent.size() && place.starts_with(parent) &&
           (place[parent.size()] == '.' || place[parent.size()] == '[');
  });
}

}  // namespace

void collect_places(const Json& value, const std::string& place, Places& places) {
  if (!place.empty()) places[place].insert(type_of(value));
  for (const auto& [key, member] : value.as_object())
    collect_places(member, place.empty() ? key : place + "." + key, places);
  for (const auto& element : value.as_array()) collect_places(element, place + "[]", places);
}

std::vector<DocumentedEndpoint> documented_endpoints(const std::string& folder) {
  std::vector<DocumentedEndpoint> endpoints;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    if (file.path().extension() != ".json") continue;
    const auto json = Json::parse(read_text_file(file.path()));
    if (!json.ok()) {
      ADD_FAILURE() << file.path() << ": " << json.error().to_text();
      continue;
    }
    DocumentedEndpoint endpoint;
    endpoint.path = (*json)["path"].as_string();
    while (endpoint.path.ends_with('/')) endpoint.path.pop_back();
    for (const auto& [name, examples] : (*json)["examples"].as_object()) {
      // "x-200:With translations" is one more form of a 200.
      const auto status = name.starts_with("x-") ? name.substr(2, 3) : name;
      for (const auto& example : examples.as_array()) {
        // Some stand below the wrong status; the body says its own.
        const auto own = example["status"].as_int();
        const auto is_error = !example["error"].is_null();
        const auto kept = is_error && own != 0 && status == "200" ? std::string("404")
                          : is_error && own != 0                  ? std::to_string(own)
                                                                  : status;
        collect_places(example, "", endpoint.by_status[kept]);
      }
    }
    endpoints.push_back(std::move(endpoint));
  }
  std::sort(endpoints.begin(), endpoints.end(),
            [](const auto& left, const auto& right) { return left.path < right.path; });
  return endpoints;
}

std::vector<std::string> differences(const Places& documented, const Places& served) {
  std::vector<std::string> found;
  std::set<std::string> reported;
  for (const auto& [place, types] : documented) {
    if (is_below(place, reported)) continue;
    const auto other = served.find(place);
    if (other == served.end()) {
      found.push_back("lacks " + place);
      reported.insert(place);
      continue;
    }
    // A documented null leaves open what else it may be; one of ours too.
    auto wanted = types;
    auto given = other->second;
    wanted.erase("null");
    given.erase("null");
    if (wanted.empty()) continue;
    if (given == wanted) continue;
    found.push_back(place + " is " + (given.empty() ? "null" : joined(given)) + ", documented " +
                    joined(wanted));
  }
  for (const auto& [place, types] : served) {
    if (documented.contains(place) || is_below(place, reported)) continue;
    found.push_back("adds " + place);
    reported.insert(place);
  }
  return found;
}

}  // namespace falaj::test
