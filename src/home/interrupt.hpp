// Ctrl-C and SIGTERM as a stop token: work ends at the next safe point, landed pages stay landed.
// A second signal ends the process at once.
#pragma once

#include <stop_token>

namespace falaj::home {

// Installs the handlers on first use.
std::stop_token interruption();

}  // namespace falaj::home
