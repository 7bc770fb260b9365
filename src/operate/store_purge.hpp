// Takes one store out of a home: what was landed of it, what extraction remembers of it, and its rows
// in every layer of the warehouse.
// Shape:    first what would bring it back (landed packages), then what a next run would build on
//           (cursors), then all rows in one transaction, and last what the home knows it by. A kill in
//           between leaves a home that reads the store from the start, or none of it; the same call goes
//           on where it ended.
// Threads:  confined to one. The caller holds the home's lock.
// Errors:   those of the warehouse, the landing and the control state; what was done before stays done.
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"
#include "landing/landing.hpp"
#include "operate/purge_report.hpp"
#include "state/state_store.hpp"
#include "warehouse/warehouse.hpp"

namespace falaj::operate {

struct PurgeParts {
  state::StateStore& state;
  landing::Landing& landing;
  Clock& clock;
  // Null where there is no warehouse yet.
  warehouse::Warehouse* warehouse = nullptr;
  // All that a run makes: those with a column store_id have rows of stores.
  std::vector<warehouse::TableDefinition> tables;
  std::stop_token stop;  // ends the transaction; what it had done is undone
};

// With `is_dry_run` everything is counted and nothing changed.
Result<PurgeReport> purge_store(const PurgeParts& parts, StoreId store, bool is_dry_run);

}  // namespace falaj::operate
