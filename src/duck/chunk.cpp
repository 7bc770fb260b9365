#include "duck/chunk.hpp"

#include <array>
#include <cmath>

#include "base/check.hpp"
#include "duck/chunk_binder.hpp"

namespace falaj::duck {
namespace {

template <typename T>
T cell(const void* data, size_t row) {
  return static_cast<const T*>(data)[row];
}

int64_t floor_divide(int64_t value, int64_t by) {
  const int64_t quotient = value / by;
  return value % by < 0 ? quotient - 1 : quotient;
}

}  // namespace

int64_t Chunk::int64(size_t column, size_t row) const {
  const Column& info = columns_[column];
  FALAJ_CHECK(row < rows_ && !is_null(column, row), "cell {},{} of {} rows", column, row, rows_);
  switch (info.physical) {
    case DUCKDB_TYPE_BOOLEAN: return cell<bool>(info.data, row) ? 1 : 0;
    case DUCKDB_TYPE_TINYINT: return cell<int8_t>(info.data, row);
    case DUCKDB_TYPE_SMALLINT: return cell<int16_t>(info.data, row);
    case DUCKDB_TYPE_INTEGER:
    case DUCKDB_TYPE_DATE: return cell<int32_t>(info.data, row);
    case DUCKDB_TYPE_BIGINT:
    case DUCKDB_TYPE_TIMESTAMP:
    case DUCKDB_TYPE_TIMESTAMP_TZ: return cell<int64_t>(info.data, row);
    case DUCKDB_TYPE_UTINYINT: return cell<uint8_t>(info.data, row);
    case DUCKDB_TYPE_USMALLINT: return cell<uint16_t>(info.data, row);
    case DUCKDB_TYPE_UINTEGER: return cell<uint32_t>(info.data, row);
    case DUCKDB_TYPE_UBIGINT: return static_cast<int64_t>(cell<uint64_t>(info.data, row));
    case DUCKDB_TYPE_TIMESTAMP_S: return cell<int64_t>(info.data, row) * 1'000'000;
    case DUCKDB_TYPE_TIMESTAMP_MS: return cell<int64_t>(info.data, row) * 1'000;
    case DUCKDB_TYPE_TIMESTAMP_NS: return floor_divide(cell<int64_t>(info.data, row), 1'000);
    default: break;
  }
  FALAJ_CHECK(false, "int64() of a column of DuckDB type {}", info.type_id);
}

double Chunk::float64(size_t column, size_t row) const {
  const Column& info = columns_[column];
  FALAJ_CHECK(row < rows_ && !is_null(column, row), "cell {},{} of {} rows", column, row, rows_);
  if (info.physical == DUCKDB_TYPE_DOUBLE) return cell<double>(info.data, row);
  if (info.physical == DUCKDB_TYPE_FLOAT) {
    return static_cast<double>(cell<float>(info.data, row));
  }
  if (info.physical == DUCKDB_TYPE_HUGEINT) {
    return duckdb_hugeint_to_double(cell<duckdb_hugeint>(info.data, row)) /
           std::pow(10.0, info.scale);
  }
  const auto value = static_cast<double>(int64(column, row));
  return info.scale == 0 ? value : value / std::pow(10.0, info.scale);
}

std::string_view Chunk::text(size_t column, size_t row) const {
  const Column& info = columns_[column];
  FALAJ_CHECK(row < rows_ && !is_null(column, row), "cell {},{} of {} rows", column, row, rows_);
  FALAJ_CHECK(info.kind == TypeKind::kText || info.kind == TypeKind::kBlob,
              "text() of a column of DuckDB type {}", info.type_id);
  auto* strings = static_cast<duckdb_string_t*>(const_cast<void*>(info.data));
  duckdb_string_t* string = strings + row;
  return {duckdb_string_t_data(string), duckdb_string_t_length(*string)};
}

std::string Chunk::render(size_t column, size_t row) const {
  FALAJ_CHECK(row < rows_, "row {} of {}", row, rows_);
  if (is_null(column, row)) return "NULL";
  const Column& info = columns_[column];
  if (info.kind == TypeKind::kText) return std::string(text(column, row));
  return render_cell(static_cast<duckdb_vector>(info.vector), row);
}

void ChunkBinder::bind(Chunk& chunk, duckdb_data_chunk data) {
  chunk.rows_ = duckdb_data_chunk_get_size(data);
  chunk.columns_.resize(duckdb_data_chunk_get_column_count(data));
  for (size_t i = 0; i < chunk.columns_.size(); ++i) {
    auto& column = chunk.columns_[i];
    const duckdb_vector vector = duckdb_data_chunk_get_vector(data, i);
    duckdb_logical_type type = duckdb_vector_get_column_type(vector);
    const ColumnInfo info = describe_type(type);
    column.kind = info.kind;
    column.scale = info.scale;
    column.type_id = duckdb_get_type_id(type);
    column.physical = column.type_id;
    if (column.type_id == DUCKDB_TYPE_DECIMAL) column.physical = duckdb_decimal_internal_type(type);
    duckdb_destroy_logical_type(&type);
    column.vector = vector;
    column.data = duckdb_vector_get_data(vector);
    column.validity = duckdb_vector_get_validity(vector);
  }
}

}  // namespace falaj::duck
