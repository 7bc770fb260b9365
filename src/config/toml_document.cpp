#include "config/toml_document.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <sstream>

namespace falaj::config {
namespace {

Json tree_of(const toml::node& node, const std::string& path, TomlDocument& document) {
  const auto begin = node.source().begin;
  document.places[path] = {begin.line, begin.column};
  if (const auto* table = node.as_table()) {
    Json object{Json::Object{}};
    for (const auto& [key, member] : *table) {
      const std::string name(key.str());
      auto below = path.empty() ? name : path + "." + name;
      object.set(name, tree_of(member, below, document));
      document.places[below] = {key.source().begin.line, key.source().begin.column};
    }
    return object;
  }
  if (const auto* array = node.as_array()) {
    Json items{Json::Array{}};
    for (size_t i = 0; i < array->size(); ++i) {
      items.push_back(tree_of((*array)[i], fmt::format("{}[{}]", path, i), document));
    }
    return items;
  }
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* number = node.as_integer()) return number->get();
  if (const auto* number = node.as_floating_point()) return number->get();
  if (const auto* flag = node.as_boolean()) return flag->get();
  std::ostringstream text;
  node.visit([&text](const auto& value) {
    if constexpr (toml::is_value<decltype(value)>) text << value.get();
  });
  return text.str();
}

}  // namespace

std::string TomlDocument::place_of(std::string path) const {
  while (!path.empty() && !places.contains(path)) {
    const auto cut = path.find_last_of(".[");
    path.resize(cut == std::string::npos ? 0 : cut);
  }
  const auto found = places.find(path);
  if (path.empty() || found == places.end()) return file;
  return fmt::format("{}, line {}, column {}", file, found->second.first, found->second.second);
}

Result<TomlDocument> parse_toml(std::string_view text, const std::string& file) {
  TomlDocument document;
  document.file = file;
  try {
    const toml::table table = toml::parse(text, file);
    document.root = tree_of(table, "", document);
  } catch (const toml::parse_error& error) {
    return Error(ErrorKind::kInvalidConfig,
                 fmt::format("{}, line {}, column {}: {}", file, error.source().begin.line,
                             error.source().begin.column, error.description()));
  }
  return document;
}

}  // namespace falaj::config
