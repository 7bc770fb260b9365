#include "cli/help_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>
#include <utility>
#include <vector>

#include "base/counted.hpp"
#include "cli/common_options.hpp"
#include "cli/text_table.hpp"

namespace falaj::cli {
namespace {

using operate::Operation;
using operate::Option;
using operate::OptionType;
using operate::Registry;

constexpr size_t kColumns = 100;
constexpr size_t kWidestTerm = 26;

constexpr const char* kExitStatus =
    "Exit status: 0 done; 64 usage; 65 the data are wrong (books do not balance, a check failed); "
    "69 a service is unavailable; 70 a bug of falaj; 74 local disk; 75 try again (also: another "
    "falaj holds the home); 76 an answer that falaj cannot understand; 77 not allowed; 78 "
    "configuration; 99 nothing to do.";

// Words in lines of the width that is left beside `indent`.
std::string wrapped(const std::string& text, size_t indent) {
  std::istringstream words(text);
  std::string word;
  std::string lines;
  size_t used = 0;
  while (words >> word) {
    const auto width = display_width(word);
    if (used > 0 && indent + used + 1 + width > kColumns) {
      lines += "\n" + std::string(indent, ' ');
      used = 0;
    }
    lines += (used > 0 ? " " : "") + word;
    used += width + (used > 0 ? 1 : 0);
  }
  return lines;
}

using Terms = std::vector<std::pair<std::string, std::string>>;

// "  --home DIR   folder with ..."; a term that is too wide has a line of its own.
std::string term_list(const Terms& terms) {
  size_t widest = 0;
  for (const auto& [term, help] : terms) {
    if (term.size() <= kWidestTerm) widest = std::max(widest, term.size());
  }
  const auto indent = widest + 4;
  std::string text;
  for (const auto& [term, help] : terms) {
    text += "  " + term;
    text += term.size() > widest ? "\n" + std::string(indent, ' ')
                                 : std::string(indent - 2 - term.size(), ' ');
    text += wrapped(help, indent) + "\n";
  }
  return text;
}

std::string term_of(const Option& option) {
  if (option.is_positional) return option.name;
  auto term = option.short_name == 0 ? std::string() : fmt::format("-{}, ", option.short_name);
  term += "--" + option.name;
  const auto value = shown_value(option);
  return value.empty() ? term : term + " " + value;
}

Terms terms_of(const std::vector<Option>& options) {
  Terms terms;
  for (const auto& option : options) terms.emplace_back(term_of(option), full_help(option));
  return terms;
}

Terms lines_of(const std::vector<const Operation*>& operations) {
  Terms terms;
  for (const auto* operation : operations) terms.emplace_back(operation->name, operation->help);
  return terms;
}

std::string paragraphs(const std::string& text) {
  std::string lines;
  size_t at = 0;
  while (at < text.size()) {
    const auto end = std::min(text.find("\n\n", at), text.size());
    lines += wrapped(text.substr(at, end - at), 0) + "\n\n";
    at = end + 2;
  }
  return lines;
}

std::string examples_text(const std::vector<std::string>& examples) {
  std::string text = examples.size() == 1 ? "Example:\n" : "Examples:\n";
  for (const auto& example : examples) text += "  " + example + "\n";
  return text;
}

std::string end_of_help() {
  return "\n" + wrapped(kExitStatus, 0) + "\n";
}

std::string operation_help(const Operation& operation) {
  auto text = fmt::format("falaj {}: {}\n\nUsage: {}\n\n", operation.name, operation.help,
                          usage_line(operation));
  text += paragraphs(operation.details);
  auto options = operation.options;
  if (operation.shows == operate::Shows::kProgress) options.push_back(quiet_option());
  if (!options.empty()) text += "Options:\n" + term_list(terms_of(options)) + "\n";
  text += "Options of every command:\n" + term_list(terms_of(common_options())) + "\n";
  return text + examples_text(operation.examples) + end_of_help();
}

std::string family_help(const Registry& registry, const std::string& word) {
  const auto operations = registry.below(word);
  auto text = fmt::format("falaj {}: {}\n\nUsage: falaj {} COMMAND [OPTIONS]\n\nCommands:\n", word,
                          registry.words_below(word), word);
  text += term_list(lines_of(operations)) + "\n";
  text += "Options of every command:\n" + term_list(terms_of(common_options())) + "\n";
  return text + examples_text({operations.front()->examples.front()}) +
         fmt::format("\n`falaj {} --help` says what one takes.\n", operations.front()->name);
}

std::string program_help(const Registry& registry) {
  std::string text =
      "falaj moves the data of Salla stores into a warehouse that their owner controls.\n\n"
      "Usage: falaj COMMAND [OPTIONS]\n\n";
  for (const auto group : operate::kGroups) {
    const auto operations = registry.in_group(group);
    if (operations.empty()) continue;
    text += fmt::format("{}:\n{}\n", title_of(group), term_list(lines_of(operations)));
  }
  auto common = terms_of(common_options());
  common.emplace_back("--version", "the version of this program");
  text += "Options of every command, before or behind its name:\n" + term_list(common) + "\n";
  text +=
      examples_text({"falaj demo", "SALLA_API_TOKEN=... falaj run",
                     "falaj sql \"SELECT COUNT(*) FROM GOLD.gold_fact_orders\"", "falaj help run"});
  return text + end_of_help();
}

}  // namespace

std::string usage_line(const Operation& operation) {
  auto line = "falaj " + operation.name;
  bool has_more = operation.shows == operate::Shows::kProgress;
  for (const auto& option : operation.options) {
    if (option.is_positional) {
      line += option.is_required ? " " + option.name : " [" + option.name + "]";
    } else if (option.is_required) {
      line += fmt::format(" --{} {}", option.name, shown_value(option));
    } else {
      has_more = true;
    }
  }
  return has_more ? line + " [OPTIONS]" : line;
}

std::string full_help(const Option& option) {
  auto text = option.help;
  std::vector<std::string> facts;
  if (option.least && option.most && option.type == OptionType::kInteger)
    facts.push_back(fmt::format("{} to {}", *option.least, *option.most));
  if (!option.default_value.empty()) facts.push_back("default: " + option.default_value);
  if (option.is_required) facts.emplace_back("required");
  if (facts.empty()) return text;
  text += " (";
  for (size_t i = 0; i < facts.size(); ++i) text += (i > 0 ? "; " : "") + facts[i];
  return text + ")";
}

std::string help_text(const Registry& registry, const std::string& path) {
  if (const auto* operation = registry.find(path)) return operation_help(*operation);
  return registry.below(path).empty() ? program_help(registry) : family_help(registry, path);
}

}  // namespace falaj::cli
