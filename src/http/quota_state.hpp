// What the records of request limits say at a moment, for people.
// Units:    waits in microseconds.
// Threads:  functions without state; whoever calls holds the record.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "base/clock.hpp"
#include "http/quota_record.hpp"

namespace falaj::http {

struct QuotaState {
  std::optional<int64_t> limit;  // a minute; nothing: none announced
  int64_t remaining = 0;
  std::array<int64_t, kShares> used{};  // by falaj in this minute
  int64_t used_by_others = 0;
  int64_t in_flight = 0;
  Micros window_ends_in{0};
  Micros waits_for{0};                // nobody may ask before
  std::optional<Micros> last_answer;  // so long ago
};
QuotaState quota_state(const QuotaRecord& record, Micros now);

struct SpanState {
  int64_t used = 0;  // within the span
  int64_t limit = static_cast<int64_t>(SpanRecord::kRequests);
  Micros waits_for{0};
};
SpanState span_state(const SpanRecord& record, Micros now);

}  // namespace falaj::http
