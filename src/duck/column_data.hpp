// A whole column in memory, as an Appender or a RowSource takes it.
// Units:    kDecimal18 and kTimestamp as in Chunk; kDate days; kBool 0 or 1.
// Owns:     nothing: the arrays live as long as their user says.
// Threads:  a value.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace falaj::duck {

enum class ColumnType { kBigInt, kText, kDecimal18, kTimestamp, kDate, kBool };

struct ColumnData {
  std::string name;
  ColumnType type = ColumnType::kBigInt;
  int scale = 0;                            // kDecimal18
  const int64_t* numbers = nullptr;         // all types but kText
  const std::string_view* texts = nullptr;  // kText; valid UTF-8
  const uint8_t* valid = nullptr;           // 1 = not NULL; nullptr: no NULL
};

}  // namespace falaj::duck
