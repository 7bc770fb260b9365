// Entities that events have named and that have not been asked for yet, of one store: kept in the
// control state between runs.
// Threads:  functions over the state that they are given.
// Errors:   of the control state.
#pragma once

#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "extract/named_entity.hpp"
#include "home/home.hpp"

namespace falaj::run {

struct NamedEntities {
  std::vector<extract::NamedEntity> all;
  // Named while a run was resumed: asked for by it and by the next one, since its answers may be
  // older than the event.
  std::vector<extract::NamedEntity> asked_again;
};

Result<NamedEntities> read_named(state::StateStore& state, StoreId store);
Status save_named(state::StateStore& state, StoreId store, const NamedEntities& named, UtcTime now);

}  // namespace falaj::run
