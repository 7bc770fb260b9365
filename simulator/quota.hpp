// Salla's request limits: so many in a fixed window, then one a second until it ends.
// Units:    the simulated clock's time, so a faster clock gives a larger quota a real minute.
// Threads:  confined to one.
// Facts:    salla-api.md 2.3
#pragma once

#include <chrono>
#include <cstdint>

#include "base/clock.hpp"

namespace falaj::simulator {

struct QuotaAnswer {
  bool is_allowed = true;
  int64_t limit = 0;
  int64_t remaining = 0;
  int64_t reset = 0;        // UTC seconds: when the window ends
  int64_t retry_after = 0;  // seconds; when refused
};

class Quota {
 public:
  Quota(int64_t limit, std::chrono::seconds window, bool has_slow_tail)
      : limit_(limit), window_(window), has_slow_tail_(has_slow_tail) {}

  // What a request now would get; it counts only after take().
  QuotaAnswer look(UtcTime now);
  void take(UtcTime now);

  // Requests taken and refused so far.
  int64_t granted() const { return granted_; }
  int64_t refused() const { return refused_; }
  void count_refusal() { ++refused_; }
  // What a client that had always had a request waiting, from the first one taken to the last,
  // would have been granted.
  int64_t grantable() const { return grantable_before_ + counted_; }
  void clear_counts();

 private:
  void roll(UtcTime now);
  // Of a window, from `from` to its end.
  int64_t grantable_from(UtcTime from) const;

  int64_t limit_;
  std::chrono::seconds window_;
  bool has_slow_tail_;
  int64_t window_number_ = -1;
  int64_t used_ = 0;
  UtcTime last_taken_{};
  int64_t granted_ = 0;
  int64_t refused_ = 0;
  int64_t counted_window_ = -1;   // of the last request taken
  UtcTime counted_from_{};        // when its counting began
  int64_t counted_ = 0;           // taken in it
  int64_t grantable_before_ = 0;  // in the windows before that one
};

}  // namespace falaj::simulator
