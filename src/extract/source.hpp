// The seam to a store's API: requests go out, whole answers come back.
// Shape:    fetch() queues, poll() calls back; each request is answered exactly once.
// Threads:  confined to one.
// Errors:   those of the client below, after its own retries: kNotFound for 404, kBadResponse with
//           http_status 422 for a refused question, kAuthFailed, kUnavailable, kCancelled ...
// Test seam: this.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace falaj::extract {

// What a request is for: fresh changes come first, then what is still unknown of known entities,
// then history.
enum class Purpose { kChanges, kDeepening, kBackfill };

// vendor_code of an error: not asked, or not answered, before the time of the command was up.
inline constexpr std::string_view kTimeIsUp = "time is up";

struct Answer {
  int status = 200;
  std::string body;
  UtcTime received_at{};
};

struct SourceCounters {
  int64_t requests = 0;  // sent, retries included
  int64_t retries = 0;
  std::optional<int64_t> limit_per_minute;  // nothing: none announced
  int64_t used_in_window = 0;
};

class Source {
 public:
  using Done = std::function<void(Result<Answer>)>;
  virtual ~Source() = default;
  // `request` is path and query as the API takes them: "/orders?page=1&per_page=60".
  virtual void fetch(const std::string& request, Purpose purpose, Done done) = 0;
  // Works until something was called back; false when nothing is pending.
  virtual bool poll() = 0;
  // Answers what is queued and not yet sent with kCancelled, in the next poll().
  virtual void give_back() {}
  virtual size_t max_in_flight() const = 0;
  virtual SourceCounters counters() const = 0;
};

}  // namespace falaj::extract
