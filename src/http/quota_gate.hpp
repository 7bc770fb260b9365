// Decides when the next request may go, from what the rate headers say.
// Shape:    a store's requests are counted in fixed minutes (X-RateLimit-*); the customers' paths
//           also in windows of 500 per 10 minutes. Without any rate headers there is no limit but
//           the one that a 429 reports.
// Units:    waits in microseconds of the clock that is passed in.
// Threads:  confined to one.
// Facts:    salla-api.md 2.3: X-RateLimit-Limit, -Remaining, -Reset (epoch seconds of the
//           server's clock, whose `Date` is sent), Retry-After; customers 500 per 10 minutes.
#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.hpp"
#include "http/transport.hpp"

namespace falaj::http {

enum class Bucket { kStore, kCustomers };

struct QuotaView {
  std::optional<int64_t> limit_per_minute;  // nothing: no limit announced
  int64_t remaining = 0;
  int64_t used_in_window = 0;
};

class QuotaGate {
 public:
  explicit QuotaGate(const Clock& clock) : clock_(clock) {}

  // Zero: the request may go now, and is counted. Else: ask again after this wait.
  Micros acquire(Bucket bucket);
  // An answer came (or the request failed without one: headers = nullptr).
  void observe(const Headers* headers);
  // A 429: nobody may go before this wait is over.
  void pause(Micros wait);
  QuotaView view() const;

 private:
  Micros customers_wait(UtcTime now);
  void learn(const Headers& headers, UtcTime now);

  const Clock& clock_;
  bool has_answer_ = false;
  int64_t in_flight_ = 0;
  std::optional<int64_t> limit_;
  int64_t remaining_ = 0;
  int64_t used_ = 0;
  UtcTime window_end_{};
  UtcTime paused_until_{};
  // Server time minus ours: `Date` has whole seconds, so the greatest difference seen is nearest.
  std::optional<Micros> server_ahead_;
  UtcTime customers_window_end_{};
  int64_t customers_used_ = 0;
};

}  // namespace falaj::http
