// Durations as people write them.
// Shape:    "1h30m", "1h 30m", "90m", "1d", "45s", "1.5h", "2 hours"; a number alone is seconds.
//           Units are weeks, days, hours, minutes and seconds, each once, the greater first.
// Units:    seconds.
// Threads:  a function.
// Errors:   kUsage: what was found and what is accepted. 0 is a duration; a caller that wants more
//           says so.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.hpp"

namespace falaj {

// Part of each message about a duration that cannot be read.
inline constexpr std::string_view kDurationExamples = "such as 45s, 90m, 1h30m or 2d";

Result<double> parse_duration(std::string_view text);

}  // namespace falaj
