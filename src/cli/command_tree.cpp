#include "cli/command_tree.hpp"

#include <fmt/format.h>

#include "cli/command_words.hpp"

namespace falaj::cli {
namespace {

constexpr const char* kWhat =
    "falaj moves the data of Salla stores into a warehouse that their owner controls.";

std::string cli_name(const operate::Option& option) {
  if (option.is_positional) return option.name;
  const auto name = "--" + option.name;
  return option.short_name == 0 ? name : fmt::format("-{},{}", option.short_name, name);
}

}  // namespace

std::string path_below_program(const CLI::App& command) {
  const auto* parent = command.get_parent();
  if (parent == nullptr) return "";
  const auto above = path_below_program(*parent);
  return above.empty() ? command.get_name() : above + " " + command.get_name();
}

CommandTree::CommandTree(const operate::Registry& registry, CommonOptions& common,
                         const std::string& version, const HelpText& help)
    : registry_(registry), common_(common), app_(kWhat, "falaj") {
  // Commands take it over from the program.
  app_.formatter_fn([help](const CLI::App* command, const std::string&, CLI::AppFormatMode) {
    return help(path_below_program(*command));
  });
  app_.set_version_flag("--version", "falaj " + version);
  app_.require_subcommand(1);
  add_common(app_);
  app_.add_subcommand("help", "what a command does: falaj help run");
  for (const auto& operation : registry.operations()) add(operation);
}

void CommandTree::add(const operate::Operation& operation) {
  const auto blank = operation.name.find(' ');
  CLI::App* command = nullptr;
  if (blank == std::string::npos) {
    command = add_command(app_, operation.name, operation.help);
  } else {
    const auto family = operation.name.substr(0, blank);
    auto& parent = families_[family];
    if (parent == nullptr) {
      parent = add_command(app_, family, registry_.words_below(family));
      parent->require_subcommand(1);
    }
    command = add_command(*parent, operation.name.substr(blank + 1), operation.help);
  }
  for (const auto& option : operation.options) add_option(*command, operation, option);
  if (operation.shows == operate::Shows::kProgress)
    command->add_flag(cli_name(quiet_option()), common_.quiet);
}

CLI::App* CommandTree::add_command(CLI::App& parent, const std::string& word,
                                   const std::string& help) {
  auto* command = parent.add_subcommand(word, help);
  add_common(*command);
  return command;
}

// CLI11 has --help of its own accord.
void CommandTree::add_common(CLI::App& command) {
  for (const auto& option : common_options()) {
    const auto name = cli_name(option);
    if (option.name == "home") command.add_option(name, common_.home);
    if (option.name == "log-level")
      command.add_option(name, common_.log_level)->check(one_of(option.words));
    if (option.name == "verbose") command.add_flag(name, common_.verbose);
    if (option.name == "json") command.add_flag(name, common_.json);
  }
}

void CommandTree::add_option(CLI::App& command, const operate::Operation& operation,
                             const operate::Option& option) {
  auto& slot = slots_.emplace_back();
  slot.operation = &operation;
  slot.option = &option;
  const auto name = cli_name(option);
  if (option.type == operate::OptionType::kFlag) {
    slot.parsed = command.add_flag(name, slot.flag);
  } else if (option.is_repeatable) {
    // One value each time it is given.
    slot.parsed = command.add_option(name, slot.several)->take_all()->allow_extra_args(false);
  } else {
    slot.parsed = command.add_option(name, slot.one);
  }
}

void CommandTree::parse(const std::vector<std::string>& words) {
  app_.parse(std::vector<std::string>(words.rbegin(), words.rend()));  // it takes the last first
}

const operate::Operation* CommandTree::chosen() const {
  const auto* command = &app_;
  while (!command->get_subcommands().empty()) command = command->get_subcommands().front();
  return registry_.find(path_below_program(*command));
}

operate::Request::Given CommandTree::given() const {
  operate::Request::Given given;
  const auto* operation = chosen();
  for (const auto& slot : slots_) {
    if (slot.operation != operation || slot.parsed->count() == 0) continue;
    auto& values = given[slot.option->name];
    if (slot.option->type == operate::OptionType::kFlag) {
      if (slot.flag) values = {"true"};
    } else {
      values = slot.option->is_repeatable ? slot.several : std::vector<std::string>{slot.one};
    }
  }
  return given;
}

}  // namespace falaj::cli
