#include "config/settings.hpp"

#include <toml++/toml.h>

#include <filesystem>
#include <optional>

#include "base/text_file.hpp"
#include "config/env_file.hpp"
#include "config/property.hpp"
#include "config/written_value.hpp"

extern "C" char** environ;  // NOLINT: POSIX

namespace falaj::config {
namespace {

constexpr int64_t kPageSizeMax = 60;  // salla-api.md 2.1

struct Found {
  std::string value;
  std::string origin;
};

// Nothing: there is no such file (or what is called so is a folder, as Python's .env may be).
Result<std::optional<std::string>> read_if_there(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) return std::optional<std::string>();
  auto text = read_text_file(path);
  if (text.ok()) return std::optional(std::move(*text));
  if (text.error().kind() == ErrorKind::kNotFound) return std::optional<std::string>();
  return std::move(text).error();
}

Error at(const std::string& path, const toml::source_position& place, const std::string& what) {
  return {ErrorKind::kInvalidConfig,
          fmt::format("{}, line {}, column {}: {}", path, place.line, place.column, what)};
}

// The value of a TOML node as text; nothing for tables and arrays.
std::optional<std::string> scalar(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* number = node.as_integer()) return std::to_string(number->get());
  if (const auto* number = node.as_floating_point()) return fmt::format("{}", number->get());
  if (const auto* flag = node.as_boolean()) return flag->get() ? "true" : "false";
  return std::nullopt;
}

const Property* find_property(const std::string& name) {
  for (const auto& property : properties()) {
    if (name == property.name) return &property;
  }
  return nullptr;
}

Status read_entry(const std::string& path, const std::string& name, const toml::node& node,
                  std::map<std::string, Found>& found) {
  const auto* property = find_property(name);
  if (property == nullptr) {
    const auto nearest = nearest_name(name);
    return at(path, node.source().begin,
              fmt::format("no setting is called {}{}; `falaj config` lists them", name,
                          nearest.empty() ? "" : fmt::format(" (did you mean {}?)", nearest)));
  }
  const auto value = scalar(node);
  if (!value) return at(path, node.source().begin, fmt::format("{} takes one value", name));
  if (!node.is_string() && property->type == PropertyType::kText) {
    return at(path, node.source().begin,
              fmt::format("{} takes a text in quotes, found {}", name, excerpt(*value, 60)));
  }
  auto accepted = accepted_value(*property, *value);
  if (!accepted.ok()) {
    return at(path, node.source().begin, fmt::format("{}: {}", name, accepted.error().message()));
  }
  found[name] = {std::move(*accepted), fmt::format("falaj.toml:{}", node.source().begin.line)};
  return {};
}

Status read_toml(const std::string& path, std::map<std::string, Found>& found) {
  FALAJ_ASSIGN(const auto text, read_if_there(path));
  if (!text) return {};
  toml::table table;
  try {
    table = toml::parse(*text, path);
  } catch (const toml::parse_error& error) {
    return at(path, error.source().begin, std::string(error.description()));
  }
  for (const auto& [section, node] : table) {
    const auto* members = node.as_table();
    if (members == nullptr) {
      FALAJ_TRY(read_entry(path, std::string(section.str()), node, found));
      continue;
    }
    for (const auto& [key, member] : *members) {
      FALAJ_TRY(read_entry(path, fmt::format("{}.{}", section.str(), key.str()), member, found));
    }
  }
  return {};
}

Status read_env_file(const std::string& path, std::map<std::string, std::string>& variables,
                     std::vector<std::string>& unread) {
  auto text = read_if_there(path);
  if (!text.ok() && text.error().kind() == ErrorKind::kNotAllowed) {
    unread.push_back(path);  // who only reads the warehouse needs none of its secrets
    return {};
  }
  if (!text.ok()) return std::move(text).error();
  return *text ? read_env(**text, path, variables) : Status();
}

Status take_variables(const std::map<std::string, std::string>& variables,
                      const std::string& origin, std::map<std::string, Found>& found) {
  for (const auto& property : properties()) {
    if (*property.environment == '\0') continue;
    const auto given = variables.find(property.environment);
    if (given == variables.end() || trimmed(unquoted(trimmed(given->second))).empty()) continue;
    const auto place = fmt::format("{} ({})", property.environment, origin);
    auto accepted = accepted_value(property, given->second);
    if (!accepted.ok()) {
      return Error(ErrorKind::kInvalidConfig,
                   fmt::format("{}: {}", place, accepted.error().message()));
    }
    found[*property.name != '\0' ? property.name : property.environment] = {std::move(*accepted),
                                                                            origin};
  }
  return {};
}

}  // namespace

Result<Loaded> load(const std::string& home, const std::string& working_directory,
                    const std::map<std::string, std::string>& environment) {
  std::map<std::string, Found> found;
  FALAJ_TRY(read_toml(home + "/falaj.toml", found));
  std::map<std::string, std::string> env_files;
  Loaded loaded;
  FALAJ_TRY(read_env_file(working_directory + "/.env", env_files, loaded.unread));
  FALAJ_TRY(read_env_file(home + "/.env", env_files, loaded.unread));
  FALAJ_TRY(take_variables(env_files, ".env", found));
  FALAJ_TRY(take_variables(environment, "environment", found));

  for (const auto& property : properties()) {
    const std::string name = *property.name != '\0' ? property.name : property.environment;
    const auto given = found.find(name);
    const std::string value = given != found.end() ? given->second.value : property.default_value;
    property.assign(loaded.settings, value);
    loaded.all.push_back({name, property.is_secret ? Secret(value).masked() : value,
                          given != found.end() ? given->second.origin : "default", property.help});
  }
  if (loaded.settings.page_size > kPageSizeMax) {
    loaded.warnings.push_back(
        fmt::format("extract.page_size {} is more than the API gives: {} is used",
                    loaded.settings.page_size, kPageSizeMax));
    loaded.settings.page_size = kPageSizeMax;
  }
  return loaded;
}

std::map<std::string, std::string> process_environment() {
  std::map<std::string, std::string> variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    const auto equals = text.find('=');
    if (equals != std::string::npos) variables[text.substr(0, equals)] = text.substr(equals + 1);
  }
  return variables;
}

std::string default_file() {
  std::string text =
      "# Settings of falaj. Each line shows a default; take the # away to change it.\n"
      "# Secrets do not belong here: set SALLA_API_TOKEN in the environment or in .env.\n";
  std::string section;
  for (const auto& property : properties()) {
    const std::string name = property.name;
    if (name.empty()) continue;
    const auto dot = name.find('.');
    if (name.substr(0, dot) != section) {
      section = name.substr(0, dot);
      text += fmt::format("\n[{}]\n", section);
    }
    text += fmt::format("# {}\n", property.help);
    if (!property.accepted.empty()) {
      text += "# one of:";
      for (const auto& one : property.accepted) text += " " + one;
      text += "\n";
    }
    const bool quoted = property.type == PropertyType::kText;
    text += fmt::format("# {} = {}{}{}\n", name.substr(dot + 1), quoted ? "\"" : "",
                        property.default_value, quoted ? "\"" : "");
  }
  return text;
}

}  // namespace falaj::config
