// Compares gold with what salla-sim says that the store holds now.
#pragma once

#include "support/programs.hpp"

namespace falaj::test {

// Orders, items, customers and products: counts, totals by status, month and currency, to the cent.
// A store that labels its times with another zone has other months.
void expect_gold_equals_truth(const Falaj& falaj, SimStore& store, bool compares_months = true);

}  // namespace falaj::test
