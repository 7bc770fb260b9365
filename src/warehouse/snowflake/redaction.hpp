// Takes secrets out of texts that others wrote: a service, or a proxy before it, may quote in its
// refusal what it was sent.
// Threads:  safe.
#pragma once

#include <string>
#include <string_view>

#include "base/secret.hpp"

namespace falaj::warehouse {

// From now on redacted() leaves it out, and each of its lines, where they are long enough to tell.
void remember_secret(const Secret& secret);

// The text with "***" for every remembered secret and everything that looks like a JWT.
std::string redacted(std::string_view text);

}  // namespace falaj::warehouse
