// Takes what receivers have put into the inbox into landing, at the beginning of a run: every event
// as a row of bronze_webhooks, and what its rule says (webhook_rules.cpp) as pages, deletions, or
// names of entities to ask for.
// Shape:    exactly once, whatever is killed when: a segment's packages have ids that follow from
//           its name, and it is removed only when they are sealed and the names are kept. A repeat
//           of a body is seen when it is loaded: its row's id is its digest.
// Threads:  confined to one; receivers write beside it. Holds the home's lock.
// Errors:   kStorageFailed. A damaged segment is set aside, with what is whole in it taken in.
// Facts:    docs/webhooks.md; docs/decisions/0009-webhook-inbox.md
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "connectors/salla/catalogue.hpp"
#include "connectors/salla/webhook_event.hpp"
#include "extract/named_entity.hpp"
#include "landing/landing.hpp"
#include "state/state_store.hpp"
#include "webhooks/inbox.hpp"

namespace falaj::webhooks {

struct IntakeReport {
  int64_t events = 0;
  std::vector<std::string> notes;
};

class WebhookIntake {
 public:
  // Everything must outlive the intake.
  WebhookIntake(webhooks::Inbox& inbox, landing::FileStore& files, landing::Landing& landing,
                state::StateStore& state, const Clock& clock,
                const connectors::salla::Streams& streams)
      : inbox_(inbox),
        files_(files),
        landing_(landing),
        state_(state),
        clock_(clock),
        streams_(streams) {}

  // Before Landing::recover(): packages that a killed intake left open are made anew. `is_resumed`:
  // the run goes on where an earlier process ended, and may be answered from what that one landed.
  Result<IntakeReport> run(bool is_resumed);

 private:
  using PackageKey = std::pair<int64_t, std::string>;  // store and stream
  using Pages = std::map<PackageKey, std::vector<landing::PageRecord>>;
  using Named = std::map<int64_t, std::set<std::pair<std::string, int64_t>>>;  // by store

  Status take_segment(const std::string& name, bool is_resumed, IntakeReport& report);
  void take_event(const webhooks::Segment& segment, const webhooks::InboxRecord& record,
                  Pages& pages, Named& named, Named& gone);
  Status write_package(const std::string& segment, const PackageKey& key,
                       std::vector<landing::PageRecord> pages);
  bool came_during_a_run(UtcTime received_at) const;
  const extract::StreamSpec* find_stream(const std::string& name) const;  // null: not read

  webhooks::Inbox& inbox_;
  landing::FileStore& files_;
  landing::Landing& landing_;
  state::StateStore& state_;
  const Clock& clock_;
  const connectors::salla::Streams& streams_;
  connectors::salla::WebhookReader reader_;
  std::vector<int64_t> known_stores_;
  std::optional<state::RunRecord> last_run_;
};

// Entities that events have named and that have not been asked for yet, of one store.
struct NamedEntities {
  std::vector<extract::NamedEntity> all;
  // Named while a run was resumed: asked for by it and by the next one, since its answers may be
  // older than the event.
  std::vector<extract::NamedEntity> asked_again;
};

Result<NamedEntities> read_named(state::StateStore& state, StoreId store);
Status save_named(state::StateStore& state, StoreId store, const NamedEntities& named, UtcTime now);

}  // namespace falaj::webhooks
