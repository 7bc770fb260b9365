#include "http/quota_gate.hpp"

#include <algorithm>
#include <numeric>

#include "http/announced_limit.hpp"

namespace falaj::http {
namespace {

using namespace std::chrono_literals;

constexpr int64_t micros(Micros duration) {
  return duration.count();
}

constexpr int64_t kSpan = micros(kCustomersSpan);
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
// Ends of one window that differ by less are the same one, told again.
constexpr int64_t kSameWindowSeconds = 30;
// What a late answer of the window before may be behind.
constexpr int64_t kLateSeconds = 120;
// How late a window may end by our reckoning; doubled each time the server proves us early.
constexpr int64_t kLaterFirst = micros(250ms);
constexpr int64_t kLaterMax = micros(1min);
// Who finds more of a minute used than all of us used has company, and is careful with its rest.
constexpr int64_t kForeignNoise = 2;
constexpr int64_t kCarefulRest = 8;
// The shortest wait after a 429, whatever it says, and the longest that repetition leads to.
constexpr int64_t kRefusalMin = micros(1s);
constexpr int64_t kRefusalMax = micros(1min);

int64_t sum(const std::array<int64_t, kShares>& used) {
  return std::accumulate(used.begin(), used.end(), int64_t{0});
}

// `Date` has whole seconds, so the greatest difference seen is nearest to the truth.
void learn_clock(QuotaRecord& record, const Headers& headers, int64_t now) {
  const auto date = announced_date(headers);
  if (!date) return;
  const auto ahead = *date - now;
  const bool is_other = std::abs(ahead - record.server_ahead) > kOtherClock;
  if (record.knows_server == 0 || is_other || ahead > record.server_ahead) {
    record.server_ahead = ahead;
  }
  record.knows_server = 1;
}

bool is_wanted(int64_t wanted_at, int64_t now) {
  return wanted_at != 0 && now - wanted_at < kStillWanted;
}

// What the other shares that are waiting are entitled to and have not used.
int64_t reserved_for_others(const QuotaRecord& record, int64_t now, size_t mine) {
  std::array<bool, kShares> wants{};
  int64_t weights = 0;
  for (size_t i = 0; i < kShares; ++i) {
    wants[i] = i == mine || is_wanted(record.wanted_at[i], now);
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

// Counting of a window starts again; `before` of its requests were used without being counted.
void count_anew(QuotaRecord& record, int64_t before) {
  record.used.fill(0);
  record.foreign_before = record.foreign;
  record.foreign = 0;
  record.unaccounted = before;
  record.silent_at.fill(0);
}

void begin_window(QuotaRecord& record, int64_t now, int64_t flying) {
  const auto missed = (now - record.window_end) / kMinute + 1;
  record.window_end += missed * kMinute;
  if (record.reset != 0) record.reset += missed * 60;
  record.remaining = record.limit;
  count_anew(record, flying);
  if (missed > 1) record.foreign_before = 0;
  record.is_new_window = 1;
  record.probe_at = 0;
}

// Answers arrive out of order: of requests that overlapped, the least count is the newest. One that
// went after the last change was known knows better, also where more remains than before. What was
// answered without a count while this one was under way may not be in it.
void take_remaining(QuotaRecord& record, int64_t announced, int64_t sent_at, bool is_news,
                    int64_t now) {
  const auto unseen = std::count_if(record.silent_at.begin(), record.silent_at.end(),
                                    [sent_at](int64_t at) { return at >= sent_at; });
  const auto remaining = std::max<int64_t>(0, announced - (is_news ? 0 : unseen));
  if (!is_news && remaining >= record.remaining) return;
  record.remaining = remaining;
  record.told_at = now;
}

// A request was used, of whose effect the server says nothing.
void take_one(QuotaRecord& record, int64_t now) {
  record.remaining = std::max<int64_t>(0, record.remaining - 1);
  record.told_at = now;
  record.silent_at[static_cast<size_t>(record.next_silent) % kQuotaSilent] = now;
  record.next_silent = (record.next_silent + 1) % static_cast<int64_t>(kQuotaSilent);
}

// The server is still in the window that we thought over: our reckoning of its end is early.
void end_later(QuotaRecord& record, const Headers& headers, int64_t now) {
  const auto date = announced_date(headers);
  if (date && *date - now < record.server_ahead - micros(1s)) {
    record.server_ahead = *date - now;  // its clock was set back
    return;
  }
  record.end_later = std::clamp(record.end_later * 2, kLaterFirst, kLaterMax);
}

// The answer to the request that finds out whether a new window began.
bool is_probe(const QuotaRecord& record, Micros sent_at) {
  return record.is_new_window != 0 && record.probe_at != 0 && sent_at.count() >= record.probe_at;
}

int64_t growing(int64_t wait, int64_t refusals) {
  int64_t least = kRefusalMin;
  for (int64_t i = 1; i < refusals && least < kRefusalMax; ++i) least *= 2;
  return std::max(wait, std::min(least, kRefusalMax));
}

}  // namespace

QuotaGate::QuotaGate(const Clock& clock, QuotaOptions options)
    : clock_(clock), options_(std::move(options)) {
  if (!options_.book) options_.book = std::make_shared<OwnBook<QuotaRecord>>();
  if (!options_.customers) options_.customers = std::make_shared<OwnBook<SpanRecord>>();
  me_ = options_.book->member();
  // A member before us that was killed may have left some: the server may have seen them.
  options_.book->with([&](QuotaRecord& record) {
    record.remaining = std::max<int64_t>(0, record.remaining - record.in_flight[me_]);
    record.in_flight[me_] = 0;
  });
}

QuotaGate::~QuotaGate() {
  options_.book->with([&](QuotaRecord& record) { record.in_flight[me_] = 0; });
}

// Requests of members that have ended count as used: the server may have seen them.
int64_t QuotaGate::in_flight(QuotaRecord& record) const {
  int64_t count_of_all = 0;
  for (size_t i = 0; i < kQuotaMembers; ++i) {
    auto& count = record.in_flight[i];
    if (count != 0 && i != me_ && !options_.book->is_alive(i)) {
      record.remaining = std::max<int64_t>(0, record.remaining - count);
      count = 0;
    }
    count_of_all += count;
  }
  return count_of_all;
}

Micros QuotaGate::acquire(Bucket bucket, Share share) {
  const auto now = micros(clock_.shared_now());
  const bool is_customers = bucket == Bucket::kCustomers;
  // Who waits for customers wants nothing of the store's minute meanwhile.
  if (is_customers) {
    if (const auto wait = customers_wait(now, false); wait.count() > 0) return wait;
  }
  Micros wait(0);
  options_.book->with([&](QuotaRecord& record) {
    // A time ahead of now is of before the machine was started again: nothing of it holds.
    if (record.touched_at > now + micros(1s)) record = QuotaRecord();
    record.touched_at = now;
    record.wanted_at[static_cast<size_t>(share)] = now;
    wait = store_wait(record, now, share);
    if (wait.count() == 0 && is_customers) wait = customers_wait(now, true);
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
  // No wait is as long as these: what a process that was killed left half written.
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
  const auto flying = in_flight(record);
  if (now >= record.window_end) begin_window(record, now, flying);
  if (record.is_new_window != 0) {
    const bool is_probing = record.probe_at != 0 && now - record.probe_at < kProbePatience;
    return is_probing && flying > 0 ? kSoon : Micros(0);
  }
  const auto free = record.remaining - flying;
  // Others may take of the rest what we have just been told is there: then one asks at a time.
  const bool has_company = record.foreign > kForeignNoise || record.foreign_before > kForeignNoise;
  if (has_company && free <= kCarefulRest && flying > 0) return kSoon;
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

Micros QuotaGate::customers_wait(int64_t now, bool take) {
  Micros wait(0);
  options_.customers->with([&](SpanRecord& span) {
    if (span.paused_until - now > kSpan + kMinute * 10) span.paused_until = 0;
    auto& oldest = span.at[static_cast<size_t>(span.next) % SpanRecord::kRequests];
    const bool is_within = oldest != 0 && oldest <= now && now - oldest < kSpan;
    const auto free_at = std::max(span.paused_until, is_within ? oldest + kSpan : 0);
    wait = Micros(std::max<int64_t>(0, free_at - now));
    if (wait.count() > 0 || !take) return;
    oldest = now;
    span.next = (span.next + 1) % static_cast<int64_t>(SpanRecord::kRequests);
  });
  return wait;
}

// Without a `Date` the server's clock is taken to go like ours.
int64_t QuotaGate::server_ahead(const QuotaRecord& record, int64_t now) const {
  return record.knows_server != 0 ? record.server_ahead
                                  : micros(clock_.now().time_since_epoch()) - now;
}

void QuotaGate::observe(const Answer& answer) {
  const auto now = micros(clock_.shared_now());
  const bool is_customers = answer.bucket == Bucket::kCustomers;
  if (is_customers && answer.headers != nullptr && !answer.is_refusal)
    options_.customers->with([](SpanRecord& span) { span.refusals = 0; });
  options_.book->with([&](QuotaRecord& record) {
    record.in_flight[me_] = std::max(0, record.in_flight[me_] - 1);
    record.last_answer = now;
    if (answer.headers == nullptr) {
      // Whether the server counted it is not known.
      take_one(record, now);
      record.probe_at = 0;
      return;
    }
    record.has_answer = 1;
    if (!answer.is_refusal) record.refusals = 0;
    learn_clock(record, *answer.headers, now);
    const auto announced = announced_limit(*answer.headers, now + server_ahead(record, now));
    if (announced && (!is_customers || announced->limit == record.limit)) {
      learn(record, *announced, answer, now);
      return;
    }
    take_one(record, now);
    if (is_probe(record, answer.sent_at)) record.is_new_window = 0;
    if (announced || is_customers) return;
    if (++record.without_headers >= kForgetAfter) record.limit = 0;
  });
}

void QuotaGate::learn(QuotaRecord& record, const AnnouncedLimit& announced, const Answer& answer,
                      int64_t now) const {
  const auto sent_at = micros(answer.sent_at);
  const bool knew = record.limit > 0;
  const bool was_probe = is_probe(record, answer.sent_at);
  const auto used = announced.limit - announced.remaining;
  record.without_headers = 0;
  if (!announced.resets_at) {
    // The windows are ours: a minute from the first answer on.
    if (!knew || now >= record.window_end) record.window_end = now + kMinute;
    if (!knew) count_anew(record, used + in_flight(record));
    record.limit = announced.limit;
    take_remaining(record, announced.remaining, sent_at,
                   !knew || was_probe || sent_at > record.told_at, now);
    record.reset = 0;
    if (was_probe) record.is_new_window = 0;
    return;
  }
  const auto later = *announced.resets_at - record.reset;
  const bool knew_end = knew && record.reset != 0;
  // An answer of the window before that was overtaken.
  if (knew_end && later <= -kSameWindowSeconds && later >= -kLateSeconds && !was_probe) return;
  const bool is_same = knew_end && std::abs(later) < kSameWindowSeconds;
  const bool is_confirmed = is_same && record.is_new_window != 0;
  record.limit = announced.limit;
  record.reset = *announced.resets_at;
  record.is_new_window = 0;
  const auto end_of = [&] {
    return micros(std::chrono::seconds(record.reset)) - server_ahead(record, now) +
           record.end_later;
  };
  if (sent_at >= end_of()) end_later(record, *answer.headers, now);
  if (is_confirmed) record.end_later -= (record.end_later + 7) / 8;
  if (!is_same) count_anew(record, used + in_flight(record));
  const bool is_news = !is_same || is_confirmed || sent_at > record.told_at;
  take_remaining(record, announced.remaining, sent_at, is_news, now);
  record.foreign = std::max(record.foreign, used - sum(record.used) - record.unaccounted);
  // A clock that is off by hours must neither stop nor unleash us.
  record.window_end = std::clamp(end_of(), now + record.end_later, now + 2 * kMinute);
}

Micros QuotaGate::refuse(const Answer& answer, std::optional<Micros> told, Micros untold) {
  const auto now = micros(clock_.shared_now());
  const auto& headers = *answer.headers;
  bool is_customers = answer.bucket == Bucket::kCustomers;
  int64_t wait = micros(told.value_or(untold));
  options_.book->with([&](QuotaRecord& record) {
    const auto announced = announced_limit(headers, now + server_ahead(record, now));
    // The store's own limit is used up: that concerns its customers too.
    if (announced && announced->limit == record.limit && announced->remaining == 0)
      is_customers = false;
    if (is_customers) return;
    const bool is_used_up = announced && announced->resets_at && announced->remaining == 0;
    if (!told && is_used_up && record.window_end > now) wait = record.window_end - now;
    // Several answers to what was under way are one refusal.
    if (now >= record.paused_until) ++record.refusals;
    wait = growing(wait, record.refusals);
    record.paused_until = std::max(record.paused_until, now + wait);
    if (options_.uses_slow_tail && record.limit > 0 && record.remaining <= 0) {
      record.tail_refused_at = now;
    }
    if (record.limit > 0) {
      record.remaining = 0;
      record.told_at = now;
    } else {
      record.has_answer = 0;  // one finds out whether it is over
    }
  });
  return is_customers ? refuse_customers(headers, told, untold) : Micros(wait);
}

Micros QuotaGate::refuse_customers(const Headers& headers, std::optional<Micros> told,
                                   Micros untold) {
  const auto now = micros(clock_.shared_now());
  int64_t ahead = 0;
  options_.book->with([&](const QuotaRecord& record) { ahead = server_ahead(record, now); });
  int64_t wait = micros(told.value_or(untold));
  const auto announced = announced_limit(headers, now + ahead);
  if (!told && announced && announced->resets_at) {
    const auto end = micros(std::chrono::seconds(*announced->resets_at)) - ahead;
    wait = std::clamp(end - now, kRefusalMin, kSpan);
  }
  options_.customers->with([&](SpanRecord& span) {
    if (now >= span.paused_until) ++span.refusals;
    wait = growing(wait, span.refusals);
    span.paused_until = std::max(span.paused_until, now + wait);
  });
  return Micros(wait);
}

QuotaView QuotaGate::view() const {
  QuotaView view;
  options_.book->with([&](const QuotaRecord& record) {
    if (record.limit > 0) view.limit_per_minute = record.limit;
    view.remaining = record.remaining;
    view.used_in_window = sum(record.used);
    if (record.limit > 0)
      view.used_in_window = std::max(view.used_in_window, record.limit - record.remaining);
  });
  return view;
}

}  // namespace falaj::http
