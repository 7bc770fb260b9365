// How fast a warehouse is at what falaj asks of it.
// Threads:  confined to one.
// Errors:   of the warehouse.
#pragma once

#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "warehouse/warehouse.hpp"

namespace falaj::operate {

struct Measure {
  std::string what;
  double value = 0;
  std::string unit;  // "ms", "rows/s", "MB/s", "statements", "bytes"
};

// Signing in, round trips, an empty transaction, `rows` rows loaded and read. Makes and drops a
// table BRONZE.measured_orders.
Result<std::vector<Measure>> measure(warehouse::Warehouse& warehouse, Clock& clock, int64_t rows);

}  // namespace falaj::operate
