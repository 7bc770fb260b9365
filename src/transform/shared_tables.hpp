// Tables of gold that all stores share: what is in them follows from all stores together, so that it
// must be looked at again when one of them is taken out.
// Threads:  confined to one.
// Errors:   the session's; kRowsRejected for a failed check.
#pragma once

#include <string>

#include "base/clock.hpp"
#include "transform/model_registry.hpp"
#include "warehouse/warehouse.hpp"

namespace falaj::transform {

// Inside a transaction that has removed rows of silver, whose commit number is `change_seq`: builds
// the models without a column store_id again, and takes the years out of gold_dim_date that neither
// the default nor an order needs. The rows that are gone by that.
Result<int64_t> rebuild_shared_tables(warehouse::Session& session, const Clock& clock,
                                      int64_t change_seq,
                                      const ModelRegistry& registry = ModelRegistry::built_in());

}  // namespace falaj::transform
