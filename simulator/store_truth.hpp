// What a store holds now, added up: what a copy of it must come to.
// Units:    totals exact, as decimal text. Months and days are Riyadh's.
// Threads:  confined to one.
#pragma once

#include "base/json.hpp"
#include "simulator/store.hpp"

namespace falaj::simulator {

// Reads every live order: some microseconds each.
Json store_truth(const Store& store);

}  // namespace falaj::simulator
