// What a table of typed rows looks like: names and logical types, independent of any warehouse.
// Units:    kMoney is an integer of 1/10,000 units (DECIMAL(18,4)); kRate of 1/100,000,000
//           (DECIMAL(18,8)); kTimestamp microseconds since 1970 UTC; kDate days since 1970.
// Threads:  values.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace falaj::rows {

enum class ColumnType { kBigInt, kText, kMoney, kRate, kTimestamp, kDate, kBool };

struct Column {
  std::string name;
  ColumnType type;
  bool required = false;  // NOT NULL
};

struct Schema {
  std::vector<Column> columns;

  std::optional<size_t> find(std::string_view name) const {
    for (size_t i = 0; i < columns.size(); ++i) {
      if (columns[i].name == name) return i;
    }
    return std::nullopt;
  }
};

}  // namespace falaj::rows
