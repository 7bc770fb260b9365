#include "http/quota_gate.hpp"

#include <algorithm>
#include <charconv>
#include <ctime>

namespace falaj::http {
namespace {

using namespace std::chrono_literals;

constexpr int64_t kCustomersPerWindow = 500;
constexpr Micros kCustomersWindow = 10min;
constexpr Micros kMinute = 1min;
// Waiting for the answers that are under way: look again soon.
constexpr Micros kSoon = 5ms;

std::optional<int64_t> number(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  int64_t value = 0;
  const auto* end = text->data() + text->size();
  const auto [stop, problem] = std::from_chars(text->data(), end, value);
  if (problem != std::errc() || stop != end || value < 0) return std::nullopt;
  return value;
}

std::optional<UtcTime> http_date(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  std::tm parts{};
  if (::strptime(text->c_str(), "%a, %d %b %Y %H:%M:%S", &parts) == nullptr) return std::nullopt;
  return UtcTime(std::chrono::seconds(::timegm(&parts)));
}

}  // namespace

Micros QuotaGate::acquire(Bucket bucket) {
  const auto now = clock_.now();
  if (now < paused_until_) return paused_until_ - now;
  // Until the first answer nothing is known: one request finds out.
  if (!has_answer_ && in_flight_ > 0) return kSoon;
  if (limit_) {
    if (now >= window_end_) {
      remaining_ = *limit_;
      used_ = 0;
      window_end_ = now + kMinute;
    }
    if (remaining_ - in_flight_ <= 0)
      return in_flight_ > 0 && remaining_ > 0 ? kSoon : window_end_ - now;
  }
  if (bucket == Bucket::kCustomers) {
    if (const auto wait = customers_wait(now); wait.count() > 0) return wait;
    ++customers_used_;
  }
  ++in_flight_;
  ++used_;
  return Micros(0);
}

Micros QuotaGate::customers_wait(UtcTime now) {
  if (now >= customers_window_end_) {
    customers_window_end_ = now + kCustomersWindow;
    customers_used_ = 0;
  }
  if (customers_used_ < kCustomersPerWindow) return Micros(0);
  return customers_window_end_ - now;
}

void QuotaGate::observe(const Headers* headers) {
  in_flight_ = std::max<int64_t>(0, in_flight_ - 1);
  if (headers == nullptr) return;
  has_answer_ = true;
  learn(*headers, clock_.now());
}

void QuotaGate::learn(const Headers& headers, UtcTime now) {
  if (const auto date = http_date(headers.find("Date"))) {
    const auto ahead = *date - now;
    server_ahead_ = server_ahead_ ? std::max(*server_ahead_, ahead) : ahead;
  }
  const auto limit = number(headers.find("X-RateLimit-Limit"));
  const auto remaining = number(headers.find("X-RateLimit-Remaining"));
  if (!limit || !remaining || *limit == 0) return;
  const auto reset = number(headers.find("X-RateLimit-Reset"));
  auto end = now + kMinute;
  if (reset) {
    end = UtcTime(std::chrono::seconds(*reset)) - server_ahead_.value_or(Micros(0));
    // A clock that is off by hours must neither stop nor unleash us.
    end = std::clamp(end, now, now + 2 * kMinute);
  }
  const bool same_window = limit_ && std::chrono::abs(end - window_end_) < 5s;
  // Answers arrive out of order: within one window the least count is the newest.
  remaining_ = same_window ? std::min(remaining_, *remaining) : *remaining;
  if (!same_window) used_ = *limit - *remaining;
  limit_ = *limit;
  window_end_ = end;
}

void QuotaGate::pause(Micros wait) {
  paused_until_ = std::max(paused_until_, clock_.now() + wait);
  if (limit_) remaining_ = 0;
}

QuotaView QuotaGate::view() const {
  return {limit_, remaining_, used_};
}

}  // namespace falaj::http
