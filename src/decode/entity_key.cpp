#include "decode/entity_key.hpp"

#include "decode/decimal_text.hpp"

namespace falaj::decode {
namespace {

constexpr char kBetween = '\x1F';
constexpr char kNothing = '\0';
constexpr std::string_view kParent = "{parent}";

bool is_blank(const JsonText& json, Token value) {
  const char kind = json.kind(value);
  if (kind == 'n') return true;
  if (kind == '"') return json.raw_string(value).empty();
  return (kind == '{' || kind == '[') && json.is_empty_container(value);
}

}  // namespace

std::optional<Token> member_at(const JsonText& json, Token entity, std::string_view path) {
  Token at = entity;
  while (true) {
    if (json.kind(at) != '{') return std::nullopt;
    const size_t dot = path.find('.');
    const auto found = json.member(at, path.substr(0, dot));
    if (!found || dot == std::string_view::npos) return found;
    at = *found;
    path.remove_prefix(dot + 1);
  }
}

EntityKey::EntityKey(const TableSpec& spec)
    : id_paths_(spec.id_paths), key_paths_(spec.key_paths) {}

std::optional<int64_t> EntityKey::of(const JsonText& json, Token entity, int64_t parent_id) {
  if (!is_hashed()) return number_of(json, entity);
  if (key_paths_.size() == 1 && key_paths_.front() == kParent) return parent_id;
  bool has_any = false;
  text_.clear();
  for (const auto& path : key_paths_) {
    if (&path != &key_paths_.front()) text_.push_back(kBetween);
    if (path == kParent) {
      text_.append(std::to_string(parent_id));
      continue;
    }
    const auto value = member_at(json, entity, path);
    if (!value || is_blank(json, *value)) {
      text_.push_back(kNothing);
      continue;
    }
    has_any = true;
    if (json.kind(*value) == '"') {
      append_unescaped(text_, json.raw_string(*value));
    } else {
      text_.append(json.raw(*value));
    }
  }
  if (!has_any) return std::nullopt;
  hash_.update(text_);
  return first_63_bits(hash_.finish());
}

std::optional<int64_t> EntityKey::number_of(const JsonText& json, Token entity) const {
  for (const auto& path : id_paths_) {
    const auto value = member_at(json, entity, path);
    if (!value) continue;
    int64_t id = 0;
    const bool is_text = json.kind(*value) == '"';
    const auto digits = is_text ? json.raw_string(*value) : json.raw(*value);
    if (parse_integer(digits, id) == NumberParse::kOk) return id;
  }
  return std::nullopt;
}

}  // namespace falaj::decode
