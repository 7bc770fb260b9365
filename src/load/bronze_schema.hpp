// The tables that loading needs: BRONZE as the streams' specs declare it, the books in OPS, and
// SILVER.quarantine.
// Threads:  functions.
#pragma once

#include <vector>

#include "decode/table_spec.hpp"
#include "warehouse/warehouse.hpp"

namespace falaj::load {

// One definition a table; a table that several specs fill must look the same in each: checked.
std::vector<warehouse::TableDefinition> bronze_schema(const std::vector<decode::TableSpec>& specs);

// OPS.* and SILVER.quarantine.
std::vector<warehouse::TableDefinition> ops_schema();
warehouse::TableDefinition quarantine_table();
warehouse::TableDefinition schema_drift_table();

// All of them and the view BRONZE.load_watermarks: what loading needs to exist.
std::vector<warehouse::TableDefinition> load_schema(const std::vector<decode::TableSpec>& specs);

}  // namespace falaj::load
