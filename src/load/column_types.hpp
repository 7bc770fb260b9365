// Whether the columns of a catalogue fit the tables that a warehouse has: 5.5 for a column of whole
// numbers would be stored as 6.
// Threads:  a function. Errors: the session's.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "decode/table_spec.hpp"
#include "warehouse/warehouse.hpp"

namespace falaj::load {

struct OtherType {
  std::string table;   // in BRONZE
  std::string column;  // as the catalogue has it
  std::string is;      // in words: "whole numbers"
  std::string wanted;
};

// The first column whose table in the warehouse keeps another type of value.
Result<std::optional<OtherType>> find_other_type(warehouse::Session& session,
                                                 const std::string& database,
                                                 const std::vector<decode::TableSpec>& specs);

}  // namespace falaj::load
