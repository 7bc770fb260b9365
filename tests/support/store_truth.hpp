// Compares gold with what salla-sim says that the store holds now.
#pragma once

#include "support/programs.hpp"

namespace falaj::test {

// Orders, items, customers and products: counts, totals by status and by month, to the cent.
void expect_gold_equals_truth(const Falaj& falaj, SimStore& store);

}  // namespace falaj::test
