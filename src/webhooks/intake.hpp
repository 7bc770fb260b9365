// Takes what receivers have put into the inbox into landing: every event becomes pages, deletions, or
// names of entities to ask for, as the port says.
// Shape:    exactly once, whatever is killed when: a segment's packages have ids that follow from
//           its name, and it is removed only when they are sealed and the names are kept. A repeat
//           of a body is seen when it is loaded: its row's id is its digest.
// Threads:  confined to one; receivers write beside it. Holds the home's lock.
// Errors:   kStorageFailed. A damaged segment is set aside, with what is whole in it taken in.
// Facts:    docs/webhooks.md; docs/decisions/0009-webhook-inbox.md
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "landing/landing.hpp"
#include "webhooks/inbox.hpp"

namespace falaj::webhooks {

// An entity that an event is about.
struct EventEntity {
  std::string stream;
  int64_t id = 0;
  friend auto operator<=>(const EventEntity&, const EventEntity&) = default;
};

// What an event becomes.
struct TakenEvent {
  int64_t store = 0;
  std::vector<landing::PageRecord> pages;  // each under its stream
  std::optional<EventEntity> named;        // is to be asked for
  std::optional<EventEntity> gone;         // the event says that it was deleted
};

// What the intake asks of who knows what events mean, and what the home knows by now.
class EventPort {
 public:
  virtual ~EventPort() = default;
  // Before the first event.
  virtual Status begin() = 0;
  // An error: the event cannot be read, and is left out.
  virtual Result<TakenEvent> take(const Segment& segment, const InboxRecord& record) = 0;
  // Entities of a store that are to be asked for.
  virtual Status keep_named(int64_t store, const std::set<EventEntity>& entities) = 0;
};

struct IntakeReport {
  int64_t events = 0;
  std::vector<std::string> notes;
};

class Intake {
 public:
  // Everything must outlive the intake.
  Intake(Inbox& inbox, landing::FileStore& files, landing::Landing& landing, EventPort& port)
      : inbox_(inbox), files_(files), landing_(landing), port_(port) {}

  // Before Landing::recover(): packages that a killed intake left open are made again.
  Result<IntakeReport> run();

 private:
  using PackageKey = std::pair<int64_t, std::string>;  // store and stream
  using Pages = std::map<PackageKey, std::vector<landing::PageRecord>>;
  using Entities = std::map<int64_t, std::set<EventEntity>>;  // by store

  Status take_segment(const std::string& name, IntakeReport& report);
  void take_event(const Segment& segment, const InboxRecord& record, Pages& pages, Entities& named,
                  Entities& gone);
  Status write_package(const std::string& segment, const PackageKey& key,
                       std::vector<landing::PageRecord> pages);

  Inbox& inbox_;
  landing::FileStore& files_;
  landing::Landing& landing_;
  EventPort& port_;
};

}  // namespace falaj::webhooks
