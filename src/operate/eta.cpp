#include "operate/eta.hpp"

#include <algorithm>
#include <chrono>
#include <numeric>

namespace falaj::operate {
namespace {

using namespace std::chrono_literals;

constexpr Micros kWindow = 1min;
// Whole minutes that tell what we get of the quota beside others.
constexpr size_t kMinutes = 5;
// The pace of a burst is measured over at least so long.
constexpr Micros kBurst = 500ms;

double seconds(Micros time) {
  return std::chrono::duration<double>(time).count();
}

Micros micros(double time) {
  return std::chrono::duration_cast<Micros>(std::chrono::duration<double>(time));
}

}  // namespace

void Eta::observe(const Seen& seen) {
  if (!first_) {
    first_ = seen;
    burst_from_ = seen;
  }
  const bool is_new_window = last_ && seen.quota > 0 && seen.used < last_->used;
  if (is_new_window) {
    if (window_began_ && seen.now - *window_began_ < 2 * kWindow) {
      minutes_.push_back(seen.requests - requests_at_begin_);
      if (minutes_.size() > kMinutes) minutes_.pop_front();
    }
    window_began_ = seen.now;
    requests_at_begin_ = seen.requests;
    burst_from_ = seen;
  }
  if (seen.now - burst_from_.now >= kBurst) {
    const auto pace = static_cast<double>(seen.requests - burst_from_.requests) /
                      seconds(seen.now - burst_from_.now);
    burst_ = std::max(burst_, pace);
    burst_from_ = seen;
  }
  last_ = seen;
}

double Eta::per_second() const {
  const auto time = seconds(last_->now - first_->now);
  return time > 0 ? static_cast<double>(last_->requests - first_->requests) / time : 0;
}

double Eta::burst_per_second() const {
  return std::max(burst_, per_second());
}

int64_t Eta::ours_per_minute() const {
  if (minutes_.empty()) return last_->quota;
  return std::max<int64_t>(1, std::accumulate(minutes_.begin(), minutes_.end(), int64_t{0}) /
                                  static_cast<int64_t>(minutes_.size()));
}

std::optional<Micros> Eta::left(int64_t requests_left) const {
  if (requests_left <= 0) return Micros(0);
  if (!last_ || burst_per_second() <= 0) return std::nullopt;
  const auto at_burst = [this](int64_t requests) {
    return micros(static_cast<double>(requests) / burst_per_second());
  };
  const bool is_limited = last_->quota > 0 && burst_per_second() * seconds(kWindow) >
                                                  static_cast<double>(ours_per_minute());
  if (!is_limited) {
    return per_second() > 0
               ? std::optional(micros(static_cast<double>(requests_left) / per_second()))
               : std::nullopt;
  }
  const auto now_free = std::max<int64_t>(0, last_->quota - last_->used);
  if (requests_left <= now_free) return at_burst(requests_left);
  const auto after = requests_left - now_free;
  const auto whole = (after - 1) / ours_per_minute();
  // Before a window was seen to begin, half of one is the best guess.
  auto to_end = kWindow / 2;
  if (window_began_) {
    to_end = std::clamp<Micros>(*window_began_ + kWindow - last_->now, Micros(0), kWindow);
  }
  return to_end + whole * kWindow + at_burst(after - whole * ours_per_minute());
}

}  // namespace falaj::operate
