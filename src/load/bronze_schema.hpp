// The tables that loading needs: BRONZE as the streams' specs declare it, and the books.
// Threads:  functions.
#pragma once

#include <vector>

#include "decode/table_spec.hpp"
#include "warehouse/warehouse.hpp"

namespace falaj::load {

// One definition a table; a table that several specs fill must look the same in each: checked.
std::vector<warehouse::TableDefinition> bronze_schema(const std::vector<decode::TableSpec>& specs);

// All of them and the books (warehouse/books): what loading needs to exist.
std::vector<warehouse::TableDefinition> load_schema(const std::vector<decode::TableSpec>& specs);

}  // namespace falaj::load
