// Cells of Arrow batches as the port prints them. Inside this folder only: it names foreign types.
// Facts:    the driver gives NUMBER as decimal128 (or int64), timestamps in microseconds, VARIANT,
//           OBJECT and ARRAY as text.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "warehouse/snowflake/adbc_abi.hpp"
#include "warehouse/warehouse.hpp"

namespace falaj::warehouse {

// How a column's cells are read; made once a result.
struct CellFormat {
  enum class Kind { kInt, kDouble, kFloat, kDecimal, kText, kLargeText, kBool, kDate, kTimestamp };
  Kind kind = Kind::kText;
  int width = 8;                 // bytes of an integer
  int scale = 0;                 // of a decimal
  int64_t units_per_second = 1;  // of a timestamp
};

// kBadResponse for a type that no statement of ours yields.
Result<CellFormat> cell_format(const abi::ArrowSchema& column);
Table::ColumnInfo column_info(const abi::ArrowSchema& column, const CellFormat& format);

// Cell `row` of a column; nothing for NULL.
std::optional<std::string> cell_text(const abi::ArrowArray& column, const CellFormat& format,
                                     int64_t row);

}  // namespace falaj::warehouse
