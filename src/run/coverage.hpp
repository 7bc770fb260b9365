// How much of each store is known, and how deep: OPS.coverage, written with the models that it
// describes, in their transaction.
// Shape:    a row for each store, stream and depth that has entities. Orders have the depths summary,
//           details and items; customers and products one, full. "unknown" counts what the store
//           announces beyond what is known.
// Threads:  uses the session it is given, on the caller's thread.
// Errors:   of the session.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "warehouse/warehouse.hpp"

namespace falaj::run {

struct Coverage {
  int64_t store_id = 0;
  std::string stream;
  std::string depth;
  int64_t entities = 0;
  std::string oldest_day;  // empty: entities have no day
  std::string newest_day;
  std::string as_of;  // UTC
};

// How many entities a store says that it has; of lists that say it.
struct Announced {
  int64_t store_id = 0;
  std::string stream;
  int64_t entities = 0;
};

// Replaces the rows of all stores; inside the caller's transaction.
Status write_coverage(warehouse::Session& session, UtcTime now,
                      const std::vector<Announced>& announced);

Result<std::vector<Coverage>> read_coverage(warehouse::Session& session);

}  // namespace falaj::run
