// The script for fish: a line for each word that may stand somewhere.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/completion.hpp"
#include "cli/completion_table.hpp"

namespace falaj::cli {
namespace {

using operate::Option;
using operate::OptionType;

constexpr const char* kWalk = R"fish(
function __falaj_place
    set -l place
    set -l option
    for word in (commandline -opc)[2..]
        if test -n "$option"
            set option
            continue
        end
        if string match -q -- '-*' $word
            if not string match -q -- '*=*' $word; and __falaj_takes_value "$place" $word
                set option $word
            end
            continue
        end
        if contains -- $word (__falaj_commands "$place")
            test "$word" = help; or set place (string trim "$place $word")
        end
    end
    echo $place
end
function __falaj_at
    test (__falaj_place | string collect) = "$argv[1]"
end
complete -c falaj -f
)fish";

std::string quoted(const std::string& text) {
  std::string inside;
  for (const char c : text) {
    if (c == '\'' || c == '\\') inside += '\\';
    inside += c;
  }
  return "'" + inside + "'";
}

std::string commands_function(const std::vector<CompletionPlace>& places) {
  std::string text = "function __falaj_commands\n    switch \"$argv[1]\"\n";
  for (const auto& place : places) {
    if (place.commands.empty()) continue;
    std::string words;
    for (const auto& [word, help] : place.commands) words += " " + word;
    text += fmt::format("        case {}\n            string split ' ' -- {}\n", quoted(place.path),
                        quoted(words.substr(1)));
  }
  return text + "    end\nend\n";
}

std::string takes_function(const std::vector<CompletionPlace>& places) {
  std::string text = "function __falaj_takes_value\n    switch \"$argv[1]:$argv[2]\"\n        case";
  for (const auto& place : places) {
    for (const auto& option : place.options) {
      if (option.type == OptionType::kFlag || option.is_positional) continue;
      text += " " + quoted(fmt::format("{}:--{}", place.path, option.name));
      if (option.short_name != 0)
        text += " " + quoted(fmt::format("{}:-{}", place.path, option.short_name));
    }
  }
  return text + "\n            return 0\n    end\n    return 1\nend\n";
}

std::string value_text(const Option& option) {
  if (option.type == OptionType::kFlag) return "";
  if (!option.words.empty())
    return fmt::format(" -x -a {}", quoted(fmt::format("{}", fmt::join(option.words, " "))));
  return option.type == OptionType::kPath ? " -r -F" : " -x";
}

std::string lines_of(const CompletionPlace& place) {
  const auto start =
      fmt::format("complete -c falaj -n {}", quoted("__falaj_at " + quoted(place.path)));
  std::string text;
  for (const auto& [word, help] : place.commands)
    text += fmt::format("{} -a {} -d {}\n", start, word, quoted(help));
  for (const auto& option : place.options) {
    if (option.is_positional) {
      if (option.type == OptionType::kPath) text += start + " -F\n";
      if (!option.words.empty())
        text += fmt::format("{} -a {}\n", start,
                            quoted(fmt::format("{}", fmt::join(option.words, " "))));
      continue;
    }
    const auto short_name =
        option.short_name == 0 ? std::string() : fmt::format(" -s {}", option.short_name);
    text += fmt::format("{}{} -l {}{} -d {}\n", start, short_name, option.name, value_text(option),
                        quoted(option.help));
  }
  return text;
}

}  // namespace

std::string fish_completion(const operate::Registry& registry) {
  const auto places = completion_table(registry);
  auto text = "# Completion of falaj for fish: falaj completion fish | source\n" +
              commands_function(places) + takes_function(places) + kWalk;
  for (const auto& place : places) text += lines_of(place);
  return text;
}

}  // namespace falaj::cli
