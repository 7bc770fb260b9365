// The tables that falaj keeps its books in: schema OPS, and the quarantine.
// Threads:  functions.
#pragma once

#include <vector>

#include "warehouse/warehouse.hpp"

namespace falaj::warehouse {

// OPS.* and SILVER.quarantine.
std::vector<TableDefinition> ops_schema();
TableDefinition quarantine_table();
TableDefinition schema_drift_table();
// The view BRONZE.load_watermarks over them.
TableDefinition load_watermarks_view();

}  // namespace falaj::warehouse
