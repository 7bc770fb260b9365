// What an answer's headers say of the request limit, checked: what makes no sense is left out.
// Units:    `resets_at` in UTC seconds and `date` in UTC microseconds, both of the server's clock.
// Threads:  functions without state.
// Facts:    salla-api.md 2.3
#pragma once

#include <cstdint>
#include <optional>

#include "http/transport.hpp"

namespace falaj::http {

struct AnnouncedLimit {
  int64_t limit = 0;  // at least 1
  int64_t remaining = 0;
  std::optional<int64_t> resets_at;
};

// Nothing without a believable limit and what remains of it. A reset of an hour and less is taken for seconds
// from now, as many APIs mean it; one that is more than an hour from `server_now` (UTC
// microseconds) for a mistake.
std::optional<AnnouncedLimit> announced_limit(const Headers& headers, int64_t server_now);

std::optional<int64_t> announced_date(const Headers& headers);

}  // namespace falaj::http
