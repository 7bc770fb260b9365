#include "cli/command_words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include <CLI/CLI.hpp>

#include "base/closest.hpp"
#include "base/error.hpp"

namespace falaj::cli {
namespace {

// What a message may quote of a command line.
constexpr size_t kQuoted = 80;

// "falaj store add"
std::string path_of(const CLI::App& command) {
  const auto* parent = command.get_parent();
  return parent == nullptr ? command.get_name() : path_of(*parent) + " " + command.get_name();
}

std::vector<std::string> names_of_commands(const CLI::App& command) {
  std::vector<std::string> names;
  for (const auto* each : command.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(each->get_name());
  return names;
}

const CLI::App* find_command(const CLI::App& parent, const std::string& name) {
  const auto all = parent.get_subcommands([](const CLI::App*) { return true; });
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const auto* each) { return each->get_name() == name; });
  return found == all.end() ? nullptr : *found;
}

// Of the command and those that it belongs to.
const CLI::Option* find_option(const CLI::App& command, const std::string& name) {
  for (const auto* each = &command; each != nullptr; each = each->get_parent()) {
    if (const auto* option = each->get_option_no_throw(name)) return option;
  }
  return nullptr;
}

std::vector<std::string> names_of_options(const CLI::App& command) {
  std::vector<std::string> names;
  for (const auto* each = &command; each != nullptr; each = each->get_parent()) {
    for (const auto* option : each->get_options()) {
      for (const auto& name : option->get_lnames()) names.push_back("--" + name);
    }
  }
  return names;
}

// Goes along the words until one makes no sense.
class Walk {
 public:
  explicit Walk(const CLI::App& app) : command_(&app) {}

  // What is wrong with the word, or nothing.
  std::string take(const std::string& word) {
    if (takes_value_) {
      takes_value_ = false;
      return "";
    }
    if (word.size() > 1 && word[0] == '-') return take_option(word);
    const auto commands = names_of_commands(*command_);
    if (commands.empty()) return "";
    if (const auto* next = find_command(*command_, word)) {
      command_ = next;
      return "";
    }
    return fmt::format("there is no command \"{} {}\"{}", path_of(*command_),
                       excerpt(word, kQuoted), did_you_mean(word, commands));
  }

  const CLI::App& command() const { return *command_; }

 private:
  std::string take_option(const std::string& word) {
    const auto name = word.substr(0, word.find('='));
    if (const auto* option = find_option(*command_, name)) {
      takes_value_ = word.size() == name.size() && option->get_items_expected_min() > 0;
      return "";
    }
    // Short ones may stand together, or with their value.
    if (!name.starts_with("--")) {
      if (find_option(*command_, name.substr(0, 2)) != nullptr) return "";
    }
    return fmt::format("{} has no option {}{}", path_of(*command_), excerpt(name, kQuoted),
                       did_you_mean(name, names_of_options(*command_)));
  }

  const CLI::App* command_;
  bool takes_value_ = false;
};

}  // namespace

std::vector<std::string> help_as_option(std::vector<std::string> words) {
  const auto command = std::find_if(words.begin(), words.end(),
                                    [](const auto& word) { return !word.starts_with('-'); });
  if (command == words.end() || *command != "help") return words;
  words.erase(command);
  words.emplace_back("--help");
  return words;
}

std::string wrong_word(const CLI::App& app, const std::vector<std::string>& words) {
  Walk walk(app);
  for (const auto& word : words) {
    if (word == "--") break;
    if (const auto wrong = walk.take(word); !wrong.empty())
      return fmt::format("{}; see {} --help", wrong, path_of(walk.command()));
  }
  return "";
}

std::string explain_usage(const CLI::App& app, const std::vector<std::string>& words,
                          const std::string& said) {
  if (auto wrong = wrong_word(app, words); !wrong.empty()) return wrong;
  Walk walk(app);
  for (const auto& word : words) walk.take(word);
  return fmt::format("{}; see {} --help", said, path_of(walk.command()));
}

CLI::Validator one_of(const std::vector<std::string>& words) {
  return CLI::Validator(
      [words](const std::string& word) {
        if (std::find(words.begin(), words.end(), word) != words.end()) return std::string();
        return fmt::format("\"{}\" is none of {}{}", excerpt(word, kQuoted), fmt::join(words, ", "),
                           did_you_mean(word, words));
      },
      fmt::format("{{{}}}", fmt::join(words, ",")), "one_of");
}

}  // namespace falaj::cli
