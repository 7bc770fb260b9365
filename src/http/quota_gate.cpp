#include "http/quota_gate.hpp"

#include <algorithm>
#include <charconv>
#include <ctime>
#include <numeric>

namespace falaj::http {
namespace {

using namespace std::chrono_literals;

constexpr int64_t micros(Micros duration) {
  return duration.count();
}

// A second more than the API's: requests may overtake each other on their way.
constexpr int64_t kCustomersSpan = micros(10min + 1s);
constexpr int64_t kMinute = micros(1min);
// Waiting for answers that are under way, or for others to use their share: look again soon.
constexpr Micros kSoon = 20ms;
// Who asked for a permit within this time is waiting for one.
constexpr int64_t kStillWanted = micros(500ms);
// A probe without an answer for so long holds nobody up any more.
constexpr int64_t kProbePatience = micros(5s);
// Within this part of a window the others' unused shares are given away bit by bit.
constexpr int64_t kFadeOut = kMinute / 4;
// So many answers without rate headers mean that there is no limit (any more).
constexpr int64_t kForgetAfter = 20;
constexpr int64_t kTailSpacing = micros(1s + 10ms);
constexpr int64_t kTailForgiven = micros(24h);
// Two readings of the server's clock that differ by more are of two clocks.
constexpr int64_t kOtherClock = micros(10s);

std::optional<int64_t> number(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  int64_t value = 0;
  const auto* end = text->data() + text->size();
  const auto [stop, problem] = std::from_chars(text->data(), end, value);
  if (problem != std::errc() || stop != end || value < 0) return std::nullopt;
  return value;
}

// UTC microseconds.
std::optional<int64_t> http_date(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  std::tm parts{};
  if (::strptime(text->c_str(), "%a, %d %b %Y %H:%M:%S", &parts) == nullptr) return std::nullopt;
  return micros(std::chrono::seconds(::timegm(&parts)));
}

// `Date` has whole seconds, so the greatest difference seen is nearest to the truth.
void learn_clock(QuotaRecord& record, const Headers& headers, int64_t now) {
  const auto date = http_date(headers.find("Date"));
  if (!date) return;
  const auto ahead = *date - now;
  const bool is_other = std::abs(ahead - record.server_ahead) > kOtherClock;
  if (record.knows_server == 0 || is_other || ahead > record.server_ahead) {
    record.server_ahead = ahead;
  }
  record.knows_server = 1;
}

// What the other shares that are waiting are entitled to and have not used.
int64_t reserved_for_others(const QuotaRecord& record, int64_t now, size_t mine) {
  std::array<bool, kShares> wants{};
  int64_t weights = 0;
  for (size_t i = 0; i < kShares; ++i) {
    wants[i] = i == mine || (record.wanted_at[i] != 0 && now - record.wanted_at[i] < kStillWanted);
    if (wants[i]) weights += kShareWeights[i];
  }
  int64_t reserved = 0;
  for (size_t i = 0; i < kShares; ++i) {
    if (i == mine || !wants[i]) continue;
    reserved += std::max<int64_t>(0, record.limit * kShareWeights[i] / weights - record.used[i]);
  }
  // Somebody slow must not make quota go to waste at the end of the window.
  const auto left = std::max<int64_t>(0, record.window_end - now);
  return left >= kFadeOut ? reserved : reserved * left / kFadeOut;
}

void begin_window(QuotaRecord& record, int64_t now) {
  const auto missed = (now - record.window_end) / kMinute + 1;
  record.window_end += missed * kMinute;
  if (record.reset != 0) record.reset += missed * 60;
  record.remaining = record.limit;
  record.used.fill(0);
  record.is_new_window = 1;
  record.probe_at = 0;
}

}  // namespace

QuotaGate::QuotaGate(const Clock& clock, QuotaOptions options)
    : clock_(clock), options_(std::move(options)) {
  if (!options_.book) options_.book = std::make_shared<OwnBook<QuotaRecord>>();
  if (!options_.customers) options_.customers = std::make_shared<OwnBook<SpanRecord>>();
  me_ = options_.book->member();
  options_.book->with([&](QuotaRecord& record) { record.in_flight[me_] = 0; });
}

QuotaGate::~QuotaGate() {
  options_.book->with([&](QuotaRecord& record) { record.in_flight[me_] = 0; });
}

// Requests of members that have ended count as used: the server may have seen them.
int64_t QuotaGate::in_flight(QuotaRecord& record) const {
  int64_t sum = 0;
  for (size_t i = 0; i < kQuotaMembers; ++i) {
    auto& count = record.in_flight[i];
    if (count != 0 && i != me_ && !options_.book->is_alive(i)) {
      record.remaining = std::max<int64_t>(0, record.remaining - count);
      count = 0;
    }
    sum += count;
  }
  return sum;
}

Micros QuotaGate::acquire(Bucket bucket, Share share) {
  const auto now = micros(clock_.shared_now());
  Micros wait(0);
  options_.book->with([&](QuotaRecord& record) {
    record.wanted_at[static_cast<size_t>(share)] = now;
    wait = store_wait(record, now, share);
    if (wait.count() == 0 && bucket == Bucket::kCustomers) wait = customers_wait(now);
    if (wait.count() > 0) return;
    ++record.in_flight[me_];
    ++record.used[static_cast<size_t>(share)];
    if (record.is_new_window != 0) record.probe_at = now;
    if (record.limit == 0 && options_.per_second_without_headers > 0) {
      record.next_unlimited = now + static_cast<int64_t>(1e6 / options_.per_second_without_headers);
    }
  });
  return wait;
}

Micros QuotaGate::store_wait(QuotaRecord& record, int64_t now, Share share) const {
  // Times that lie further ahead than any wait are of a machine that was started anew.
  if (record.paused_until - now > micros(1h)) record.paused_until = 0;
  if (record.window_end - now > 3 * kMinute) record.window_end = now;
  if (record.next_unlimited - now > kMinute) record.next_unlimited = 0;
  if (now < record.paused_until) return Micros(record.paused_until - now);
  // Until the first answer nothing is known: one request finds out.
  if (record.has_answer == 0) return in_flight(record) > 0 ? kSoon : Micros(0);
  if (record.limit > 0) return window_wait(record, now, share);
  if (options_.per_second_without_headers > 0 && now < record.next_unlimited)
    return Micros(record.next_unlimited - now);
  return Micros(0);
}

Micros QuotaGate::window_wait(QuotaRecord& record, int64_t now, Share share) const {
  if (now >= record.window_end) begin_window(record, now);
  if (record.is_new_window != 0) {
    const bool is_probing = record.probe_at != 0 && now - record.probe_at < kProbePatience;
    return is_probing && in_flight(record) > 0 ? kSoon : Micros(0);
  }
  const auto flying = in_flight(record);
  const auto free = record.remaining - flying;
  if (free > reserved_for_others(record, now, static_cast<size_t>(share))) return Micros(0);
  if (free > 0 || (flying > 0 && record.remaining > 0)) return kSoon;
  const auto end = Micros(record.window_end - now);
  return options_.uses_slow_tail ? std::min(end, tail_wait(record, now)) : end;
}

// After the limit one request goes a second after the answer to the one before: then they are a
// second apart at the server too, however long each took.
Micros QuotaGate::tail_wait(const QuotaRecord& record, int64_t now) const {
  const bool was_refused =
      record.tail_refused_at != 0 && now - record.tail_refused_at < kTailForgiven;
  if (was_refused) return 1h;
  if (std::any_of(record.in_flight.begin(), record.in_flight.end(),
                  [](int32_t count) { return count > 0; })) {
    return kSoon;
  }
  return Micros(std::max<int64_t>(0, record.last_answer + kTailSpacing - now));
}

Micros QuotaGate::customers_wait(int64_t now) {
  Micros wait(0);
  options_.customers->with([&](SpanRecord& span) {
    auto& oldest = span.at[static_cast<size_t>(span.next) % SpanRecord::kRequests];
    const bool is_within = oldest != 0 && oldest <= now && now - oldest < kCustomersSpan;
    if (is_within) {
      wait = Micros(oldest + kCustomersSpan - now);
      return;
    }
    oldest = now;
    span.next = (span.next + 1) % static_cast<int64_t>(SpanRecord::kRequests);
  });
  return wait;
}

void QuotaGate::observe(const Headers* headers) {
  const auto now = micros(clock_.shared_now());
  options_.book->with([&](QuotaRecord& record) {
    record.in_flight[me_] = std::max(0, record.in_flight[me_] - 1);
    record.last_answer = now;
    if (headers == nullptr) {
      // Whether the server counted it is not known.
      record.remaining = std::max<int64_t>(0, record.remaining - 1);
      record.probe_at = 0;
      return;
    }
    record.has_answer = 1;
    learn(record, *headers, now);
  });
}

void QuotaGate::learn(QuotaRecord& record, const Headers& headers, int64_t now) const {
  learn_clock(record, headers, now);
  const auto limit = number(headers.find("X-RateLimit-Limit"));
  const auto remaining = number(headers.find("X-RateLimit-Remaining"));
  if (!limit || !remaining || *limit == 0) {
    record.remaining = std::max<int64_t>(0, record.remaining - 1);
    record.is_new_window = 0;
    if (++record.without_headers >= kForgetAfter) record.limit = 0;
    return;
  }
  record.without_headers = 0;
  const auto reset = number(headers.find("X-RateLimit-Reset"));
  const bool knew = record.limit > 0;
  record.limit = *limit;
  if (!reset) {
    // The windows are ours: a minute from the first answer on.
    if (!knew || now >= record.window_end) record.window_end = now + kMinute;
    const bool is_lower = knew && record.is_new_window == 0;
    record.remaining = is_lower ? std::min(record.remaining, *remaining) : *remaining;
    record.reset = 0;
    record.is_new_window = 0;
    return;
  }
  const bool is_same = knew && *reset == record.reset;
  // An answer of the window before that was overtaken, unless it is the probe's or of another clock.
  const bool is_late =
      knew && record.is_new_window == 0 && *reset < record.reset && record.reset - *reset <= 120;
  if (is_late) return;
  // Answers arrive out of order: within one window the least count is the newest.
  record.remaining = is_same ? std::min(record.remaining, *remaining) : *remaining;
  if (!is_same) record.used.fill(0);
  record.reset = *reset;
  // Without a `Date` its clock is taken to go like ours.
  const auto ahead = record.knows_server != 0 ? record.server_ahead
                                              : micros(clock_.now().time_since_epoch()) - now;
  const auto end = micros(std::chrono::seconds(*reset)) - ahead;
  // A clock that is off by hours must neither stop nor unleash us.
  record.window_end = std::clamp(end, now, now + 2 * kMinute);
  record.is_new_window = 0;
}

void QuotaGate::pause(Micros wait) {
  const auto now = micros(clock_.shared_now());
  options_.book->with([&](QuotaRecord& record) {
    record.paused_until = std::max(record.paused_until, now + micros(wait));
    if (options_.uses_slow_tail && record.limit > 0 && record.remaining <= 0) {
      record.tail_refused_at = now;
    }
    if (record.limit > 0) record.remaining = 0;
  });
}

QuotaView QuotaGate::view() const {
  QuotaView view;
  options_.book->with([&](const QuotaRecord& record) {
    if (record.limit > 0) view.limit_per_minute = record.limit;
    view.remaining = record.remaining;
    view.used_in_window = std::accumulate(record.used.begin(), record.used.end(), int64_t{0});
    if (record.limit > 0)
      view.used_in_window = std::max(view.used_in_window, record.limit - record.remaining);
  });
  return view;
}

}  // namespace falaj::http
