// Changes JSON texts as JSON: values replaced by others of any type, members dropped, doubled and
// moved. Finds what changed bytes do not, since most of those are no JSON any more.
#pragma once

#include <random>
#include <string>
#include <string_view>

namespace falaj::fuzz {

// The text with one to three changes; empty when it is no JSON.
std::string mutate_json(std::string_view text, std::minstd_rand& random);

}  // namespace falaj::fuzz
