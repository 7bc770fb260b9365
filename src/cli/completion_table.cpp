#include "cli/completion_table.hpp"

#include <algorithm>

#include "cli/common_options.hpp"

namespace falaj::cli {
namespace {

std::string first_word(const std::string& name) {
  return name.substr(0, name.find(' '));
}

CompletionPlace place_of(const std::string& path) {
  return {path, {}, common_options()};
}

}  // namespace

std::vector<CompletionPlace> completion_table(const operate::Registry& registry) {
  std::vector<CompletionPlace> places = {place_of("")};
  places.front().options.push_back({.name = "version",
                                    .type = operate::OptionType::kFlag,
                                    .help = "the version of this program"});
  std::vector<std::string> families;
  for (const auto& operation : registry.operations()) {
    const auto word = first_word(operation.name);
    if (word == operation.name) {
      places.front().commands.emplace_back(word, operation.help);
    } else if (std::find(families.begin(), families.end(), word) == families.end()) {
      families.push_back(word);
      places.front().commands.emplace_back(word, registry.words_below(word));
    }
    auto place = place_of(operation.name);
    place.options.insert(place.options.begin(), operation.options.begin(), operation.options.end());
    if (operation.shows == operate::Shows::kProgress) place.options.push_back(quiet_option());
    places.push_back(std::move(place));
  }
  places.front().commands.emplace_back("help", "what a command does");
  for (const auto& family : families) {
    auto place = place_of(family);
    for (const auto* operation : registry.below(family))
      place.commands.emplace_back(operation->name.substr(family.size() + 1), operation->help);
    places.push_back(std::move(place));
  }
  return places;
}

}  // namespace falaj::cli
