// How far a run is and what it waits for, in one line that fits its room.
// Shape:    what matters most comes first: a wait that nothing goes on beside, then how far it is, then
//           how long it still takes; what does not fit is left out, last things first.
// Units:    room in columns of a terminal.
// Threads:  functions.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "operate/progress.hpp"

namespace falaj::cli {

// What a line has where nobody says how wide the terminal is.
constexpr size_t kUsualColumns = 80;
constexpr size_t kAnyColumns = static_cast<size_t>(-1);

// "waiting 24 s for the quota of riyadh, extract orders: 500 of 2,000 at full depth (25 %), 8 min 20
// s left, 1,040 requests, 5.9/s, 12 % of quota".
std::string progress_line(const operate::Progress& progress, size_t columns = kAnyColumns);

// The first columns of a text in whole characters, with an ellipsis where something is missing.
std::string fitted(std::string_view text, size_t columns);

}  // namespace falaj::cli
