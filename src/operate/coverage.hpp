// How much of each store is known, as it is printed.
// Threads:  values.
#pragma once

#include <vector>

#include "base/json.hpp"
#include "run/coverage.hpp"

namespace falaj::operate {

using run::Coverage;

Json to_json(const std::vector<Coverage>& coverage);

}  // namespace falaj::operate
