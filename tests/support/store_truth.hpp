// Compares gold with what salla-sim says that the store holds now.
#pragma once

#include <cstdint>
#include <set>

#include "support/programs.hpp"

namespace falaj::test {

// Orders, items, customers and products: counts, totals by status, month and currency, to the cent.
// A store that labels its times with another zone has other months.
void expect_gold_equals_truth(const Falaj& falaj, SimStore& store, bool compares_months = true);

// Row by row: status, day, customer, amounts, lines and pieces of each order in gold, and the daily
// sales; orders that earlier calls have seen (`seen`) and that are gone have a tombstone.
void expect_each_order_equals_truth(const Falaj& falaj, SimStore& store, std::set<int64_t>& seen);

}  // namespace falaj::test
