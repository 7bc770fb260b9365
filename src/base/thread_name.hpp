// Names the calling thread for debuggers and `top -H`: "falaj-" and at most 9 characters.
// Threads:  safe.
#pragma once

#include <string_view>

namespace falaj {

void name_thread(std::string_view role);

}  // namespace falaj
