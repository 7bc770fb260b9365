#include "decode/sold_codes.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "decode/json_text.hpp"

namespace falaj::decode {
namespace {

struct Cut {
  size_t from;
  size_t to;
  size_t count;
};

size_t count_of(const JsonText& json, Token container) {
  size_t count = 0;
  if (json.kind(container) == '[') {
    json.each_element(container, [&count](Token) { ++count; });
  } else {
    json.each_member(container, [&count](std::string_view, Token) { ++count; });
  }
  return count;
}

// The codes and files of one line.
void find_in_line(const JsonText& json, Token line, std::vector<Cut>& cuts) {
  if (json.kind(line) != '{') return;
  json.each_member(line, [&](std::string_view key, Token value) {
    if (key != "codes" && key != "files") return;
    const char kind = json.kind(value);
    if ((kind != '[' && kind != '{') || json.is_empty_container(value)) return;
    const std::string_view raw = json.raw(value);
    const auto from = static_cast<size_t>(raw.data() - json.text().data());
    cuts.push_back({from, from + raw.size(), count_of(json, value)});
  });
}

// The lines of an entity, and the entity itself (an items call's `data` are lines).
void find_in_entity(const JsonText& json, Token entity, std::vector<Cut>& cuts) {
  if (json.kind(entity) != '{') return;
  find_in_line(json, entity, cuts);
  json.each_member(entity, [&](std::string_view key, Token value) {
    if (key != "items" || !json.is_list(value)) return;
    json.each_item(value, [&](Token line) { find_in_line(json, line, cuts); });
  });
}

}  // namespace

size_t redact_sold_codes(std::string& body) {
  JsonText json;
  if (json.index(body) || json.kind(json.root()) != '{') return 0;
  const auto data = json.member(json.root(), "data");
  if (!data) return 0;
  std::vector<Cut> cuts;
  if (json.is_list(*data)) {
    json.each_item(*data, [&](Token entity) { find_in_entity(json, entity, cuts); });
  } else {
    find_in_entity(json, *data, cuts);
  }
  std::sort(cuts.begin(), cuts.end(), [](const Cut& a, const Cut& b) { return a.from < b.from; });
  std::string redacted;
  redacted.reserve(body.size());
  size_t from = 0;
  size_t count = 0;
  for (const Cut& cut : cuts) {
    redacted.append(body, from, cut.from - from);
    redacted += "[]";
    from = cut.to;
    count += cut.count;
  }
  redacted.append(body, from);
  if (count > 0) body = std::move(redacted);
  return count;
}

}  // namespace falaj::decode
