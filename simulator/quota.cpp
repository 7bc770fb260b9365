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

int64_t Quota::grantable_from(UtcTime from) const {
  if (!has_slow_tail_) return limit_;
  const UtcTime end(Micros(window_) * (from.time_since_epoch() / Micros(window_) + 1));
  const auto whole_seconds = std::chrono::ceil<seconds>(end - from).count();
  return limit_ + std::max<int64_t>(0, whole_seconds - 1);
}

void Quota::clear_counts() {
  granted_ = refused_ = grantable_before_ = counted_ = 0;
  counted_window_ = -1;
}

void Quota::take(UtcTime now) {
  roll(now);
  if (counted_window_ != window_number_) {
    if (counted_window_ >= 0) {
      const UtcTime next((counted_window_ + 1) * Micros(window_));
      const auto whole = window_number_ - counted_window_ - 1;
      grantable_before_ += grantable_from(counted_from_) + whole * grantable_from(next);
      counted_from_ = UtcTime(window_number_ * Micros(window_));
    } else {
      counted_from_ = now;
    }
    counted_window_ = window_number_;
    counted_ = 0;
  }
  ++granted_;
  ++counted_;
  ++used_;
  last_taken_ = now;
}

}  // namespace falaj::simulator
