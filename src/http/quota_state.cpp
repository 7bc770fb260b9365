#include "http/quota_state.hpp"

#include <algorithm>
#include <numeric>

namespace falaj::http {

QuotaState quota_state(const QuotaRecord& record, Micros now) {
  const auto at = now.count();
  QuotaState state;
  // Times ahead of now are of before the machine was started again.
  if (record.touched_at == 0 || record.touched_at > at + 1'000'000) return state;
  if (record.limit > 0) state.limit = record.limit;
  state.in_flight = std::accumulate(record.in_flight.begin(), record.in_flight.end(), int64_t{0});
  if (record.last_answer > 0)
    state.last_answer = Micros(std::max<int64_t>(0, at - record.last_answer));
  state.waits_for = Micros(std::max<int64_t>(0, record.paused_until - at));
  if (record.limit == 0) return state;
  if (at >= record.window_end) {
    // Nobody has asked in the new minute yet.
    state.remaining = record.limit;
    return state;
  }
  state.remaining = record.remaining;
  state.used = record.used;
  state.used_by_others = record.foreign;
  state.window_ends_in = Micros(record.window_end - at);
  if (record.remaining - state.in_flight <= 0)
    state.waits_for = std::max(state.waits_for, state.window_ends_in);
  return state;
}

SpanState span_state(const SpanRecord& record, Micros now) {
  const auto at = now.count();
  SpanState state;
  state.used = std::count_if(record.at.begin(), record.at.end(), [at](int64_t each) {
    return each != 0 && each <= at && at - each < kCustomersSpan.count();
  });
  const auto oldest = record.at[static_cast<size_t>(record.next) % SpanRecord::kRequests];
  const auto free_at = std::max(record.paused_until,
                                state.used >= state.limit ? oldest + kCustomersSpan.count() : 0);
  state.waits_for = Micros(std::max<int64_t>(0, free_at - at));
  return state;
}

}  // namespace falaj::http
