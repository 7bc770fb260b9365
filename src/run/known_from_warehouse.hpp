// What extraction asks of the warehouse: the live entities of a store and how deep they are known.
// Shape:    list keys are those from before `run`, so that a resumed run still sees what changed.
// Threads:  opens a session of its own.
#pragma once

#include "base/ids.hpp"
#include "extract/known_store.hpp"
#include "extract/more_streams.hpp"
#include "warehouse/warehouse.hpp"

namespace falaj::run {

Result<extract::KnownStore> read_known_store(warehouse::Warehouse& warehouse, StoreId store,
                                             const RunId& run);

// Live ids of other streams, sorted, by the stream's name; one that has none is left out.
Result<extract::IdsByStream> read_known_ids(warehouse::Warehouse& warehouse, StoreId store,
                                            const std::vector<extract::KnownIdsAsk>& asks);

}  // namespace falaj::run
