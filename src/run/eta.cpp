#include "run/eta.hpp"

#include <algorithm>
#include <chrono>

namespace falaj::run {
namespace {

using namespace std::chrono_literals;

constexpr Micros kWindow = 1min;
// Whole minutes that tell what we get of the quota beside others.
constexpr size_t kMinutes = 5;
constexpr Micros kMarkEvery = 5s;
// The pace of a burst is measured over at least so long.
constexpr Micros kBurst = 500ms;
// Requests of a minute that say something of how it is shared.
constexpr int64_t kUsedEnough = 20;

double seconds(Micros time) {
  return std::chrono::duration<double>(time).count();
}

Micros micros(double time) {
  return std::chrono::duration_cast<Micros>(std::chrono::duration<double>(time));
}

}  // namespace

void Eta::observe(const Seen& seen) {
  const bool is_first = !last_;
  if (is_first || seen.now - marks_.back().now >= kMarkEvery) marks_.push_back(seen);
  while (marks_.size() > 2 && seen.now - marks_.front().now > kMinutes * kWindow)
    marks_.pop_front();
  if (is_first) burst_from_ = seen;
  if (!is_first && seen.quota > 0 && seen.used < last_->used) end_window(seen);
  if (seen.now - burst_from_.now >= kBurst) {
    const auto pace =
        static_cast<double>(seen.done - burst_from_.done) / seconds(seen.now - burst_from_.now);
    burst_ = std::max(burst_, pace);
    burst_from_ = seen;
  }
  last_ = seen;
}

void Eta::end_window(const Seen& seen) {
  if (window_began_ && seen.now - window_began_->now < 2 * kWindow) {
    minutes_.push_back(last_->done - window_began_->done);
    if (minutes_.size() > kMinutes) minutes_.pop_front();
  }
  // What has come of the new window already belongs to it.
  window_began_ = seen;
  window_began_->done = last_->done;
  window_began_->used = 0;
  burst_from_ = seen;
}

double Eta::pace() const {
  const auto& from = marks_.front();
  const auto time = seconds(last_->now - from.now);
  return time > 0 ? static_cast<double>(last_->done - from.done) / time : 0;
}

double Eta::burst_pace() const {
  return std::max(burst_, pace());
}

double Eta::calls_a_minute() const {
  if (!minutes_.empty()) {
    // Others come and go: each minute counts half of the one after it.
    double calls = 0;
    double weights = 0;
    for (const auto minute : minutes_) {
      calls = calls / 2 + static_cast<double>(minute);
      weights = weights / 2 + 1;
    }
    return std::max(1.0, calls / weights);
  }
  // Before a whole minute was seen: as what has gone of this one was shared.
  const auto& from = window_began_ ? *window_began_ : marks_.front();
  const auto used = last_->used - from.used;
  if (used < kUsedEnough) return static_cast<double>(last_->quota);
  const auto share = static_cast<double>(last_->done - from.done) / static_cast<double>(used);
  return std::max(1.0, std::min(1.0, share) * static_cast<double>(last_->quota));
}

std::optional<Micros> Eta::left(int64_t calls_left, Micros now) const {
  if (calls_left <= 0) return Micros(0);
  if (!last_ || burst_pace() <= 0) return std::nullopt;
  const auto calls = static_cast<double>(calls_left);
  const auto a_minute = calls_a_minute();
  const bool is_limited = last_->quota > 0 && burst_pace() * seconds(kWindow) > a_minute;
  if (!is_limited) return pace() > 0 ? std::optional(micros(calls / pace())) : std::nullopt;
  // Before a window was seen to begin, half of one is the best guess.
  const auto window_end = window_began_ ? window_began_->now + kWindow : last_->now + kWindow / 2;
  const auto is_over = now >= window_end;
  const auto free = is_over ? 0 : std::max<int64_t>(0, last_->quota - last_->used);
  const auto now_free =
      static_cast<double>(free) * std::min(1.0, a_minute / static_cast<double>(last_->quota));
  if (calls <= now_free) return micros(calls / burst_pace());
  auto after = calls - now_free;
  const auto to_end = std::max<Micros>(Micros(0), window_end - now);
  const auto whole = static_cast<int64_t>((after - 1) / a_minute);
  after -= static_cast<double>(whole) * a_minute;
  return to_end + whole * kWindow + micros(after / burst_pace());
}

}  // namespace falaj::run
