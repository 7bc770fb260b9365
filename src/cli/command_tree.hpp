// The declared operations as CLI11 reads them from a command line: a command each, "store add" below
// "store". CLI11 takes words apart; what they may be is checked where requests are made.
// Owns:     the parser. The registry and the common options must outlive it.
// Threads:  confined to one.
// Errors:   parse() throws CLI11's own, which end in this folder.
#pragma once

#include <CLI/CLI.hpp>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "cli/common_options.hpp"
#include "operate/registry.hpp"

namespace falaj::cli {

class CommandTree {
 public:
  using HelpText = std::function<std::string(const std::string& path)>;
  // `help` gives the text of a command, of "store", or of "" (the program).
  CommandTree(const operate::Registry& registry, CommonOptions& common, const std::string& version,
              const HelpText& help);

  CLI::App& app() { return app_; }
  void parse(const std::vector<std::string>& words);
  // After parse(): what was asked for; null: help.
  const operate::Operation* chosen() const;
  operate::Request::Given given() const;

 private:
  // One option of one operation, and what CLI11 has read for it.
  struct Slot {
    const operate::Operation* operation = nullptr;
    const operate::Option* option = nullptr;
    CLI::Option* parsed = nullptr;
    std::string one;
    std::vector<std::string> several;
    bool flag = false;
  };

  void add(const operate::Operation& operation);
  CLI::App* add_command(CLI::App& parent, const std::string& word, const std::string& help);
  void add_common(CLI::App& command);
  void add_option(CLI::App& command, const operate::Operation& operation,
                  const operate::Option& option);

  const operate::Registry& registry_;
  CommonOptions& common_;
  CLI::App app_;
  std::map<std::string, CLI::App*> families_;  // "store"
  std::deque<Slot> slots_;                     // CLI11 keeps references
};

// "store add" of the command's names, without the program's.
std::string path_below_program(const CLI::App& command);

}  // namespace falaj::cli
