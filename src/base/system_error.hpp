// What the system says about a file, in words; where rights are missing, whose they are.
// Threads:  safe.
#pragma once

#include <string>
#include <system_error>

namespace falaj {

// "No space left on device"; "Permission denied (falaj runs as user falaj, uid 998)".
std::string system_text(int code);
std::string system_text(const std::error_code& code);

}  // namespace falaj
