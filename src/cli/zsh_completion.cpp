// The script for zsh: one function with a case for each command, whose words it describes.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/completion.hpp"
#include "cli/completion_table.hpp"

namespace falaj::cli {
namespace {

using operate::Option;
using operate::OptionType;

constexpr const char* kWalk = R"zsh(
_falaj() {
  local place="" option="" word kind i
  for ((i = 2; i < CURRENT; i++)); do
    word=${words[i]}
    if [[ -n $option ]]; then option=""; continue; fi
    if [[ $word == -* ]]; then
      if [[ $word != *=* ]] && _falaj_takes "$place" "$word" > /dev/null; then option=$word; fi
      continue
    fi
    if [[ $word != help ]] && _falaj_is_command "$place" "$word"; then
      place="${place:+$place }$word"
    fi
  done
  local current=${words[CURRENT]}
  if [[ -n $option ]]; then
    kind=$(_falaj_takes "$place" "$option")
  elif [[ $current == --*=* ]]; then
    kind=$(_falaj_takes "$place" "${current%%=*}")
    compset -P '*='
  elif [[ $current == -* ]]; then
    _falaj_describe_options "$place"
    return
  elif _falaj_describe_commands "$place"; then
    return
  else
    kind=$(_falaj_takes "$place" "")
  fi
  case "$kind" in
    words*) compadd -- ${(s: :)${kind#words }} ;;
    path) _files ;;
  esac
}
if [[ ${funcstack[1]} == _falaj ]]; then
  _falaj "$@"
else
  compdef _falaj falaj
fi
)zsh";

// Inside single quotes.
std::string quoted(std::string text) {
  size_t at = 0;
  while ((at = text.find('\'', at)) != std::string::npos) {
    text.replace(at, 1, "'\\''");
    at += 4;
  }
  return "'" + text + "'";
}

// "word:what it is", as _describe reads it.
std::string described(std::string word, const std::string& help) {
  return quoted(std::move(word) + ":" + help);
}

std::string kind_of(const Option& option) {
  if (!option.words.empty()) return fmt::format("words {}", fmt::join(option.words, " "));
  return option.type == OptionType::kPath ? "path" : "value";
}

std::string is_command_function(const std::vector<CompletionPlace>& places) {
  std::string text = "_falaj_is_command() {\n  case \"$1:$2\" in\n";
  for (const auto& place : places) {
    for (const auto& [word, help] : place.commands)
      text += fmt::format("    \"{}:{}\") return 0 ;;\n", place.path, word);
  }
  return text + "  esac\n  return 1\n}\n";
}

std::string commands_function(const std::vector<CompletionPlace>& places) {
  std::string text =
      "_falaj_describe_commands() {\n  local -a found\n  found=()\n  case \"$1\" in\n";
  for (const auto& place : places) {
    if (place.commands.empty()) continue;
    std::string words;
    for (const auto& [word, help] : place.commands) words += " " + described(word, help);
    text += fmt::format("    \"{}\") found=({} ) ;;\n", place.path, words);
  }
  return text + "  esac\n  (( ${#found} )) || return 1\n  _describe command found\n  return 0\n}\n";
}

std::string options_function(const std::vector<CompletionPlace>& places) {
  std::string text = "_falaj_describe_options() {\n  local -a found\n  case \"$1\" in\n";
  for (const auto& place : places) {
    std::string words;
    for (const auto& option : place.options) {
      if (option.is_positional) continue;
      words += " " + described("--" + option.name, option.help);
      if (option.short_name != 0)
        words += " " + described(fmt::format("-{}", option.short_name), option.help);
    }
    text += fmt::format("    \"{}\") found=({} ) ;;\n", place.path, words);
  }
  return text + "  esac\n  _describe option found\n}\n";
}

std::string takes_function(const std::vector<CompletionPlace>& places) {
  std::string text = "_falaj_takes() {\n  case \"$1:$2\" in\n";
  for (const auto& place : places) {
    bool has_word = false;
    for (const auto& option : place.options) {
      if (option.type == OptionType::kFlag || (option.is_positional && has_word)) continue;
      has_word = has_word || option.is_positional;
      const auto name = option.is_positional ? std::string() : "--" + option.name;
      text += fmt::format("    \"{}:{}\") echo \"{}\" ;;\n", place.path, name, kind_of(option));
      if (option.short_name != 0 && !option.is_positional)
        text += fmt::format("    \"{}:-{}\") echo \"{}\" ;;\n", place.path, option.short_name,
                            kind_of(option));
    }
  }
  return text + "    *) return 1 ;;\n  esac\n}\n";
}

}  // namespace

std::string zsh_completion(const operate::Registry& registry) {
  const auto places = completion_table(registry);
  return "#compdef falaj\n# Completion of falaj for zsh: falaj completion zsh > "
         "\"${fpath[1]}/_falaj\"\n" +
         is_command_function(places) + commands_function(places) + options_function(places) +
         takes_function(places) + kWalk;
}

}  // namespace falaj::cli
