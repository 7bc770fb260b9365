// What somebody may have meant who wrote a word that does not exist.
// Threads:  functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace falaj {

// How many letters must be changed, put in, left out or swapped with their neighbour to make `b` of
// `a`; upper and lower case are alike.
size_t edit_distance(std::string_view a, std::string_view b);

// The word that is closest; empty when none is close enough to have been meant.
std::string closest(std::string_view word, const std::vector<std::string>& known);

// "; did you mean \"orders\"?", to be put behind a message; empty when nothing is close.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& known);

}  // namespace falaj
