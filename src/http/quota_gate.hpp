// Decides when the next request may go, from what the rate headers say to any process.
// Shape:    a store's requests are counted in fixed minutes (X-RateLimit-*), the customers' paths
//           also over any 10 minutes. What remains of a minute is shared by need: a share may use
//           what the others that are waiting are not entitled to (kShareWeights).
//           A new minute begins with one request, which proves that it has begun at the server too.
// Units:    waits in microseconds of the clock that is passed in.
// Threads:  confined to one; the books are shared with others.
// Errors:   none: headers that are absent or make no sense are not believed, and the gate then waits
//           as for a store that announces nothing.
// Facts:    salla-api.md 2.3: X-RateLimit-Limit, -Remaining, -Reset (epoch seconds of the
//           server's clock, whose `Date` is sent), Retry-After; one request a second after the
//           limit; customers 500 per 10 minutes and IP address. 8.7: one request a second while
//           nothing is announced. Whether a customers' answer announces the store's limit or the
//           customers' is not documented: the store's is told by its number.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "base/clock.hpp"
#include "http/announced_limit.hpp"
#include "http/quota_record.hpp"
#include "http/transport.hpp"

namespace falaj::http {

enum class Bucket : uint8_t { kStore, kCustomers };
constexpr size_t kBuckets = 2;

// Of a window that all three want.
constexpr std::array<int64_t, kShares> kShareWeights = {6, 3, 1};

struct QuotaOptions {
  std::shared_ptr<QuotaBook> book;        // nothing: one of this client alone
  std::shared_ptr<SpanBook> customers;    // nothing: the same
  double per_second_without_headers = 0;  // 0: as many as will go
  bool uses_slow_tail = false;            // one request a second after the limit
};

struct QuotaView {
  std::optional<int64_t> limit_per_minute;  // nothing: no limit announced
  int64_t remaining = 0;
  int64_t used_in_window = 0;
};

class QuotaGate {
 public:
  QuotaGate(const Clock& clock, QuotaOptions options);
  ~QuotaGate();
  QuotaGate(const QuotaGate&) = delete;
  QuotaGate& operator=(const QuotaGate&) = delete;

  // Zero: the request may go now, and is counted. Else: ask again after this wait.
  Micros acquire(Bucket bucket, Share share = Share::kChanges);
  struct Answer {
    Bucket bucket = Bucket::kStore;
    const Headers* headers = nullptr;  // null: the request failed without an answer
    Micros sent_at{0};                 // of Clock::shared_now(), after its permit was given
    bool is_refusal = false;           // a 429; refuse() is told next
  };
  void observe(const Answer& answer);
  // After a 429: nobody may ask this bucket again before the wait that is returned. As long as
  // Retry-After `told`, else to the end of the minute if the answer announced one, else `untold`;
  // longer each time when nothing else came in between.
  Micros refuse(const Answer& answer, std::optional<Micros> told, Micros untold);
  QuotaView view() const;

 private:
  // What stands in the way of one more request; zero: nothing.
  Micros store_wait(QuotaRecord& record, int64_t now, Share share) const;
  Micros window_wait(QuotaRecord& record, int64_t now, Share share) const;
  Micros tail_wait(const QuotaRecord& record, int64_t now) const;
  // The same for customers; counts the request if asked to and nothing is in the way.
  Micros customers_wait(int64_t now, bool take);
  int64_t in_flight(QuotaRecord& record) const;
  void learn(QuotaRecord& record, const AnnouncedLimit& announced, const Answer& answer,
             int64_t now) const;
  Micros refuse_customers(const Headers& headers, std::optional<Micros> told, Micros untold);
  int64_t server_ahead(const QuotaRecord& record, int64_t now) const;

  const Clock& clock_;
  QuotaOptions options_;
  size_t me_;
};

}  // namespace falaj::http
