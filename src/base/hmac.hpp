// HMAC-SHA256 and the comparison that goes with it (OpenSSL).
// Threads:  functions.
// Facts:    RFC 2104; test vectors in RFC 4231
#pragma once

#include <string_view>

#include "base/sha256.hpp"

namespace falaj {

Sha256Digest hmac_sha256(std::string_view key, std::string_view message);

// Takes as long whatever differs, so that nobody can guess a secret byte by byte; texts of another
// length differ at once.
bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace falaj
