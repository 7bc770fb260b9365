#include "simulator/quota.hpp"

#include <algorithm>

namespace falaj::simulator {

using std::chrono::seconds;

void Quota::roll(UtcTime now) {
  const auto number = now.time_since_epoch() / Micros(window_);
  if (number == window_number_) return;
  window_number_ = number;
  used_ = 0;
}

QuotaAnswer Quota::look(UtcTime now) {
  roll(now);
  QuotaAnswer answer;
  answer.limit = limit_;
  answer.remaining = std::max<int64_t>(0, limit_ - used_ - 1);
  answer.reset = (window_number_ + 1) * window_.count();
  if (used_ < limit_) return answer;
  const auto since_last = now - last_taken_;
  if (has_slow_tail_ && since_last >= seconds(1)) return answer;
  answer.is_allowed = false;
  const auto second = std::chrono::floor<seconds>(now).time_since_epoch().count();
  answer.retry_after = has_slow_tail_ ? 1 : std::max<int64_t>(1, answer.reset - second);
  return answer;
}

void Quota::take(UtcTime now) {
  roll(now);
  ++used_;
  last_taken_ = now;
}

}  // namespace falaj::simulator
