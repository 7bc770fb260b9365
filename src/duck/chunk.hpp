// Up to 2,048 rows of a query's result or of a function's arguments, column by column.
// Units:    timestamps microseconds since 1970 UTC; dates days since 1970; decimals unscaled
//           integers with the column's scale.
// Owns:     nothing: valid until the reader's next chunk.
// Threads:  confined to one.
// Requires: a getter that fits the column's kind, and a cell that is not NULL: checked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace falaj::duck {

enum class TypeKind {
  kBool,
  kInteger,  // any integer of up to 64 bits
  kDouble,   // FLOAT and DOUBLE
  kDecimal,  // up to 18 digits: int64() is the unscaled value
  kWide,     // HUGEINT and DECIMAL of more than 18 digits: render() only
  kText,     // VARCHAR
  kBlob,
  kDate,
  kTimestamp,  // all timestamps; int64() in microseconds
  kOther,      // render() only
};

struct ColumnInfo {
  std::string name;
  std::string type_name;  // as SQL writes it: "DECIMAL(18,4)"
  TypeKind kind = TypeKind::kOther;
  int width = 0;  // decimals: digits
  int scale = 0;  // decimals: digits after the point
};

class Chunk {
 public:
  size_t row_count() const { return rows_; }
  size_t column_count() const { return columns_.size(); }
  TypeKind kind(size_t column) const { return columns_[column].kind; }

  bool is_null(size_t column, size_t row) const {
    const uint64_t* valid = columns_[column].validity;
    return valid != nullptr && (valid[row / 64] & (uint64_t{1} << (row % 64))) == 0;
  }
  // kInteger, kBool, kDate, kTimestamp, kDecimal.
  int64_t int64(size_t column, size_t row) const;
  bool boolean(size_t column, size_t row) const { return int64(column, row) != 0; }
  // kDouble, and any number of int64(), decimals scaled.
  double float64(size_t column, size_t row) const;
  // kText and kBlob: the bytes.
  std::string_view text(size_t column, size_t row) const;
  // Any kind as SQL prints it: decimals plain, timestamps "YYYY-MM-DD HH:MM:SS.ffffff", blobs with
  // \x escapes. "NULL" for NULL.
  std::string render(size_t column, size_t row) const;

 private:
  friend class ChunkBinder;
  struct Column {
    TypeKind kind = TypeKind::kOther;
    int type_id = 0;   // DuckDB's id of the type
    int physical = 0;  // id of the type that the numbers are stored as
    int scale = 0;
    const void* data = nullptr;
    const uint64_t* validity = nullptr;
    void* vector = nullptr;
  };
  std::vector<Column> columns_;
  size_t rows_ = 0;
};

}  // namespace falaj::duck
