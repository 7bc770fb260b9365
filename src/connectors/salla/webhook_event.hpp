// Reads the body of a delivery: who it is from, what happened, when, to which entity; and says what
// is to be done about it.
// Shape:    {event, merchant, created_at, data}. An invoice may come without the envelope.
// Owns:     a reader's buffers; events borrow the body.
// Threads:  a reader is confined to one thread.
// Errors:   kBadResponse for what is no JSON object or says neither event nor invoice.
// Facts:    salla-api.md 5.3: three forms of created_at; merchant at the top; nothing orders events
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "connectors/salla/webhook_rules.hpp"
#include "decode/json_text.hpp"

namespace falaj::connectors::salla {

struct WebhookEvent {
  std::string name;
  int64_t merchant = 0;         // 0: the body does not say
  std::string created_at_text;  // as given; empty if absent
  std::optional<UtcTime> created_at;
  std::string_view data;              // JSON
  bool has_envelope = true;           // else data is the whole body
  const WebhookRule* rule = nullptr;  // null: not described
  std::optional<int64_t> entity_id;   // by the rule
  bool is_whole = false;              // data has what the rule needs
  std::string status;                 // data.status where that is a text; empty if it is none
  // Of an order: its customer is the short form, or lines lack what the store's own answers say of
  // them. Follows from the body, not from the event's name.
  bool is_narrow = false;
};

// What is done about an event that arrived.
struct WebhookVerdict {
  WebhookAction action = WebhookAction::kIgnore;
  std::string reason;
  // Of a body that is used: the earliest moment at which its content may have been the store's, so
  // that it never wins over an answer that the store gave later.
  UtcTime as_of{};
};

// A body that came later than this after it was written, or before, is not used: something newer
// may be known already.
constexpr Micros kPromptFor = std::chrono::seconds(30);
constexpr Micros kClockSkew = std::chrono::seconds(5);

WebhookVerdict judge_event(const WebhookEvent& event, UtcTime received_at);

class WebhookReader {
 public:
  Result<WebhookEvent> read(std::string_view body);
  // The body that may be kept: without tokens, passwords and sold codes; nothing if it has none.
  // After read() of the same body.
  std::optional<std::string> redacted(const WebhookEvent& event) const;

 private:
  bool keeps_envelope_only() const;

  decode::JsonText json_;
};

// "Sun Jun 26 2022 12:21:48 GMT+0300", "2022-06-26 12:21:48" (Riyadh), ISO 8601.
std::optional<UtcTime> parse_event_time(std::string_view text);

}  // namespace falaj::connectors::salla
