// What an answer of the API means, and whether to ask again: pure functions, tested by table.
// Errors:   classify() maps a status and body to an ErrorKind with the API's own words; judge()
//           says what the client does next.
// Facts:    salla-api.md 2.3 (limits), 2.4 (errors): missing scope is 401, 403 may be a temporary
//           block, 429 may come without Retry-After, an edge block answers HTML. docs/faults.md has
//           a row for each.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "base/result.hpp"
#include "http/transport.hpp"

namespace falaj::http {

// A status that is not 2xx, or a 2xx whose body is no JSON, as an Error; ok for a usable answer.
Status classify(const HttpResponse& response);

struct RetryPolicy {
  int max_retries = 5;                    // after the first attempt
  std::chrono::milliseconds delay{1000};  // doubled each time
  std::chrono::milliseconds delay_max{60'000};
  std::chrono::milliseconds rate_limit_delay{60'000};  // 429 that does not say how long
  // Waits of one request for nothing but 429s, all together, before giving up.
  std::chrono::milliseconds rate_limit_max{2'700'000};
  std::chrono::milliseconds retry_after_max{900'000};  // a longer Retry-After is not believed
};

struct Attempts {
  int failures = 0;  // answers that failed so far, this one included, 429 excepted
  std::chrono::milliseconds limited_for{0};  // waits after 429s so far
};

struct Verdict {
  enum class Action { kGiveUp, kRetry, kWaitForQuota };
  Action action = Action::kGiveUp;
  std::chrono::milliseconds wait{0};  // before the next attempt, without jitter
};

// `error` is what the attempt ended with.
Verdict judge(const Error& error, const Attempts& attempts, const RetryPolicy& policy);

// Seconds of a Retry-After value; nothing when absent, not a number or negative.
std::optional<std::chrono::milliseconds> parse_retry_after(const Headers& headers);

}  // namespace falaj::http
