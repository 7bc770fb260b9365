// For how long a run is taken up again.
#pragma once

#include <chrono>

namespace falaj::run {

// An older run's lists say little about the store of today; what it has loaded stays known.
constexpr auto kResumableFor = std::chrono::hours(24);

}  // namespace falaj::run
