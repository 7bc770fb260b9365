// Changes single places of a JSON text and leaves every other byte as it is.
// Shape:    a pointer as in RFC 6901 without escapes; "*" is each element of an array:
//           "/data/*/total/amount", "/pagination/total". A member that is not there is added where
//           its object is.
// Threads:  functions without state.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace falaj::simulator {

// Puts `with` (JSON text, not checked) at each place, or takes the place away when there is none.
// False, and nothing changed, when the text is no JSON or has no such place.
bool edit_json(std::string& text, std::string_view pointer, const std::optional<std::string>& with);

}  // namespace falaj::simulator
