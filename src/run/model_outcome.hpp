// What a run of the models left undone, as sentences for a run's report.
// Shape:    failures() are differences that fail the run; notes() are not.
// Threads:  functions.
#pragma once

#include <string>
#include <vector>

#include "transform/transformer.hpp"

namespace falaj::run {

// "model silver_products could not be built (...); gold_dim_products and 1 more wait for it".
std::vector<std::string> failures(const transform::TransformReport& report);

// "silver_orders: 2 rows break not_null(total_amount) and are in quarantine, such as store_id=1,
// order_id=5", and what breaks a note.
std::vector<std::string> notes(const transform::TransformReport& report);

}  // namespace falaj::run
