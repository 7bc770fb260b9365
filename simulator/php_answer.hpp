// What a server written in PHP makes of an answer on a bad day: lists with gaps that become objects,
// [] and {} for each other, ids as text, notices and a byte order mark before the JSON.
// Shape:    quirks.hpp names them; an answer that none of them touches stays as it is.
// Threads:  functions without state.
// Facts:    json_encode of PHP: an array whose keys are not 0, 1, 2 ... is an object; an empty array
//           is [] whatever it would hold.
#pragma once

#include <string>

#include "simulator/quirks.hpp"

namespace falaj::simulator {

// True when make_php_answer would touch an answer at all.
bool has_php_quirks(const Quirks& quirks);
// A body that is no JSON gets what stands before the JSON, and nothing else.
void make_php_answer(std::string& body, const Quirks& quirks);

}  // namespace falaj::simulator
