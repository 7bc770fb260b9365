// What Salla's events become when a run takes them in: every event as a row of bronze_webhooks, and
// what its rule says (webhook_rules.cpp) as pages, deletions, or names of entities to ask for.
// Threads:  confined to one; holds the home's lock.
// Errors:   of the control state; of an event that cannot be read.
// Facts:    docs/webhooks.md
#pragma once

#include <optional>
#include <set>
#include <vector>

#include "connectors/salla/webhook_event.hpp"
#include "home/home.hpp"
#include "landing/landing.hpp"
#include "stores/home_streams.hpp"
#include "webhooks/intake.hpp"

namespace falaj::run {

class WebhookEvents final : public webhooks::EventPort {
 public:
  // Everything must outlive it. `is_resumed`: the run goes on where an earlier process ended, and may
  // be answered from what that one landed.
  WebhookEvents(state::StateStore& state, const Clock& clock, const stores::Streams& streams,
                bool is_resumed)
      : state_(state), clock_(clock), streams_(streams), is_resumed_(is_resumed) {}

  Status begin() override;
  Result<webhooks::TakenEvent> take(const webhooks::Segment& segment,
                                    const webhooks::InboxRecord& record) override;
  Status keep_named(int64_t store, const std::set<webhooks::EventEntity>& entities) override;

 private:
  bool came_during_a_run(UtcTime received_at) const;
  const extract::StreamSpec* find_stream(const std::string& name) const;  // null: not read
  int64_t store_of(const webhooks::InboxRecord& record) const;
  connectors::salla::WebhookVerdict verdict_of(const connectors::salla::WebhookEvent& event,
                                               const webhooks::InboxRecord& record,
                                               int64_t store) const;

  state::StateStore& state_;
  const Clock& clock_;
  const stores::Streams& streams_;
  bool is_resumed_;
  connectors::salla::WebhookReader reader_;
  std::vector<int64_t> known_stores_;
  std::optional<state::RunRecord> last_run_;
};

}  // namespace falaj::run
