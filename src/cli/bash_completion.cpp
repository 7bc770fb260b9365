// The script for bash, whose functions answer by the path of the command that is typed.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/completion.hpp"
#include "cli/completion_table.hpp"

namespace falaj::cli {
namespace {

using operate::Option;
using operate::OptionType;

// Bash takes "--depth=full" apart at the sign, which then is a word of its own.
constexpr const char* kWalk = R"bash(
_falaj() {
  local cur=${COMP_WORDS[COMP_CWORD]} path="" option="" word i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    if [[ $word == "=" ]]; then continue; fi
    if [[ -n $option ]]; then option=""; continue; fi
    if [[ $word == -* ]]; then
      if _falaj_takes "$path" "$word" > /dev/null; then option=$word; fi
      continue
    fi
    case " $(_falaj_commands "$path") " in
      *" $word "*) if [[ $word != help ]]; then path="${path:+$path }$word"; fi ;;
    esac
  done
  if [[ $cur == "=" ]]; then cur=""; fi
  local kind words
  if [[ -n $option ]]; then
    kind=$(_falaj_takes "$path" "$option")
  elif [[ $cur == -* ]]; then
    kind="words $(_falaj_options "$path")"
  elif words=$(_falaj_commands "$path") && [[ -n $words ]]; then
    kind="words $words"
  else
    kind=$(_falaj_takes "$path" "")
  fi
  case "$kind" in
    words*) mapfile -t COMPREPLY < <(compgen -W "${kind#words}" -- "$cur") ;;
    path) compopt -o filenames 2> /dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$cur") ;;
  esac
}
complete -F _falaj falaj
)bash";

// "words full summary", "path", "value": what stands behind an option.
std::string kind_of(const Option& option) {
  if (!option.words.empty()) return fmt::format("words {}", fmt::join(option.words, " "));
  return option.type == OptionType::kPath ? "path" : "value";
}

std::string names_of(const Option& option) {
  const auto name = "--" + option.name;
  return option.short_name == 0 ? name : fmt::format("-{} {}", option.short_name, name);
}

std::string commands_function(const std::vector<CompletionPlace>& places) {
  std::string text = "_falaj_commands() {\n  case \"$1\" in\n";
  for (const auto& place : places) {
    if (place.commands.empty()) continue;
    std::string words;
    for (const auto& [word, help] : place.commands) words += (words.empty() ? "" : " ") + word;
    text += fmt::format("    \"{}\") echo \"{}\" ;;\n", place.path, words);
  }
  return text + "  esac\n}\n";
}

std::string options_function(const std::vector<CompletionPlace>& places) {
  std::string text = "_falaj_options() {\n  case \"$1\" in\n";
  for (const auto& place : places) {
    std::string words;
    for (const auto& option : place.options) {
      if (!option.is_positional) words += (words.empty() ? "" : " ") + names_of(option);
    }
    text += fmt::format("    \"{}\") echo \"{}\" ;;\n", place.path, words);
  }
  return text + "  esac\n}\n";
}

// Fails for a flag; without an option it is about the command's own word.
std::string takes_function(const std::vector<CompletionPlace>& places) {
  std::string text = "_falaj_takes() {\n  case \"$1:$2\" in\n";
  for (const auto& place : places) {
    bool has_word = false;
    for (const auto& option : place.options) {
      if (option.type == OptionType::kFlag || (option.is_positional && has_word)) continue;
      std::string pattern = fmt::format("\"{}:--{}\"", place.path, option.name);
      if (option.short_name != 0)
        pattern += fmt::format(" | \"{}:-{}\"", place.path, option.short_name);
      if (option.is_positional) pattern = fmt::format("\"{}:\"", place.path);
      has_word = has_word || option.is_positional;
      text += fmt::format("    {}) echo \"{}\" ;;\n", pattern, kind_of(option));
    }
  }
  return text + "    *) return 1 ;;\n  esac\n}\n";
}

}  // namespace

std::string bash_completion(const operate::Registry& registry) {
  const auto places = completion_table(registry);
  return "# Completion of falaj for bash: source <(falaj completion bash)\n" +
         commands_function(places) + options_function(places) + takes_function(places) + kWalk;
}

}  // namespace falaj::cli
