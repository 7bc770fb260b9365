// The warehouse that a home's settings name: a lake, a DuckDB file or a Snowflake account.
// Threads:  functions.
// Errors:   of opening it (see the warehouse port).
#pragma once

#include <memory>

#include "base/result.hpp"
#include "home/home.hpp"
#include "warehouse/duckdb/duck_warehouse.hpp"

namespace falaj::app {

// The home's warehouse. `tag`: what its statements are for, as far as it is known by now.
Result<std::unique_ptr<warehouse::Warehouse>> open_warehouse(const home::Home& home,
                                                             bool is_read_only,
                                                             const warehouse::StatementTag& tag);

// How the embedded warehouse of a home is opened.
warehouse::LakeOptions lake_options(const home::Home& home, bool is_read_only);

// Whether a run has made it yet.
bool warehouse_exists(const home::Home& home);

}  // namespace falaj::app
