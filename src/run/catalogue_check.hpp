// Whether the columns of a home's catalogue.toml fit the tables that its warehouse has.
// Threads:  opens a session of its own.
// Errors:   kInvalidConfig with the place in catalogue.toml.
#pragma once

#include "home/home_paths.hpp"
#include "stores/home_streams.hpp"
#include "warehouse/warehouse.hpp"

namespace falaj::run {

// Nothing to say without such a file: the built-in columns keep their types.
Status check_catalogue(warehouse::Warehouse& warehouse, const home::HomePaths& paths,
                       const stores::Streams& streams);

}  // namespace falaj::run
