// Offsets from UTC as texts have them.
// Units:    seconds east of UTC.
// Threads:  functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace falaj::calendar {

// Takes one to `most` digits off the front; false if there is none.
bool take_digits(std::string_view& text, size_t most, int& value);

// "+03:00", "+0300", "+03", "-5:30", "+00:00:00"; false if it is none.
bool read_offset(std::string_view text, int32_t& seconds);

}  // namespace falaj::calendar
