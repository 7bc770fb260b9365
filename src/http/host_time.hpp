// What a host's answer says of the time: whoever may not sign in may ask this.
// Threads:  a function; asks over the network, for some seconds at the most.
#pragma once

#include <optional>
#include <string>

#include "base/clock.hpp"

namespace falaj::http {

// The Date of the answer to GET <address>/; nothing where there is none.
std::optional<UtcTime> time_at(const std::string& address);

}  // namespace falaj::http
