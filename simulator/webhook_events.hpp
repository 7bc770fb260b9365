// The events that a store can send, and those that a change of orders brings.
// Threads:  confined to one, as the store is.
// Facts:    salla-api.md 5.2, 5.3
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/api.hpp"

namespace falaj::simulator {

struct StoreEvent {
  std::string name;
  std::string data;  // JSON
};

std::span<const std::string_view> known_events();
// {id of the history entry, status, customized, note, created_at, order in a short form}
std::string status_event_body(StoreSlot& slot, const OrderFacts& order);
// What /_sim/mutate changed, as events with the bodies that Salla gives them.
std::vector<StoreEvent> events_of(StoreSlot& slot, const MutatedIds& ids);

}  // namespace falaj::simulator
