// The table of operations: what falaj can do.
// Threads:  a function.
#pragma once

#include <vector>

#include "operate/operation.hpp"
#include "operate/services.hpp"

namespace falaj::operate::operations {

// In the order in which help lists them.
std::vector<Operation> all(const Services& services);

}  // namespace falaj::operate::operations
