// Decides when the next request may go, from what the rate headers say to any process.
// Shape:    a store's requests are counted in fixed minutes (X-RateLimit-*), the customers' paths
//           also over any 10 minutes. What remains of a minute is shared by need: a share may use
//           what the others that are waiting are not entitled to (kShareWeights).
//           A new minute begins with one request, which proves that it has begun at the server too.
// Units:    waits in microseconds of the clock that is passed in.
// Threads:  confined to one; the books are shared with others.
// Facts:    salla-api.md 2.3: X-RateLimit-Limit, -Remaining, -Reset (epoch seconds of the
//           server's clock, whose `Date` is sent), Retry-After; one request a second after the
//           limit; customers 500 per 10 minutes and IP address. 8.7: one request a second while
//           nothing is announced.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "base/clock.hpp"
#include "http/quota_record.hpp"
#include "http/transport.hpp"

namespace falaj::http {

enum class Bucket { kStore, kCustomers };

// Of a window that all three want.
constexpr std::array<int64_t, kShares> kShareWeights = {6, 3, 1};

struct QuotaView {
  std::optional<int64_t> limit_per_minute;  // nothing: no limit announced
  int64_t remaining = 0;
  int64_t used_in_window = 0;
};

struct QuotaOptions {
  std::shared_ptr<QuotaBook> book;        // nothing: one of this client alone
  std::shared_ptr<SpanBook> customers;    // nothing: the same
  double per_second_without_headers = 0;  // 0: as many as will go
  bool uses_slow_tail = false;            // one request a second after the limit
};

class QuotaGate {
 public:
  QuotaGate(const Clock& clock, QuotaOptions options);
  ~QuotaGate();
  QuotaGate(const QuotaGate&) = delete;
  QuotaGate& operator=(const QuotaGate&) = delete;

  // Zero: the request may go now, and is counted. Else: ask again after this wait.
  Micros acquire(Bucket bucket, Share share = Share::kChanges);
  // An answer came (or the request failed without one: headers = nullptr).
  void observe(const Headers* headers);
  // A 429: nobody may go before this wait is over.
  void pause(Micros wait);
  QuotaView view() const;

 private:
  // What stands in the way of one more request; zero: nothing.
  Micros store_wait(QuotaRecord& record, int64_t now, Share share) const;
  Micros window_wait(QuotaRecord& record, int64_t now, Share share) const;
  Micros tail_wait(const QuotaRecord& record, int64_t now) const;
  Micros customers_wait(int64_t now);
  int64_t in_flight(QuotaRecord& record) const;
  void learn(QuotaRecord& record, const Headers& headers, int64_t now) const;

  const Clock& clock_;
  QuotaOptions options_;
  size_t me_;
};

}  // namespace falaj::http
