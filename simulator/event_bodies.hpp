// The body of each kind of event, about one of the store's entities: whole entities for some kinds,
// the short bodies that Salla documents for the others.
// Shape:    docs/salla-sim.md, "/_sim/events".
// Threads:  confined to one, as the store is.
// Facts:    salla-api.md 5.2, 5.3
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "simulator/webhook_events.hpp"

namespace falaj::simulator {

// About the `number`-th entity of its kind, counted round; nothing for a kind that nobody knows, or
// of which the store has no entity.
std::optional<StoreEvent> event_about(StoreSlot& slot, const Quirks& quirks, int64_t now,
                                      std::string_view event, uint64_t number);

}  // namespace falaj::simulator
