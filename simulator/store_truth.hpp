// What a store holds now, added up: what a copy of it must come to.
// Units:    totals exact, as decimal text. Months and days are Riyadh's.
// Threads:  confined to one.
#pragma once

#include "base/json.hpp"
#include "simulator/store.hpp"

namespace falaj::simulator {

// Both read every live order: some microseconds each.
// Sums, by status, month and currency too.
Json store_truth(const Store& store);
// One by one: what of each a warehouse must have.
Json order_truth(const Store& store);

}  // namespace falaj::simulator
