#include "duck/vector_writer.hpp"

#include <cstring>

namespace falaj::duck {
namespace {

constexpr uint8_t kDecimalDigits = 18;

template <typename T>
void narrow(const int64_t* numbers, size_t rows, void* target) {
  auto* cells = static_cast<T*>(target);
  for (size_t i = 0; i < rows; ++i) cells[i] = static_cast<T>(numbers[i]);
}

duckdb_string_t borrow(std::string_view text) {
  duckdb_string_t cell{};
  const auto length = static_cast<uint32_t>(text.size());
  if (text.size() <= sizeof(cell.value.inlined.inlined)) {
    cell.value.inlined.length = length;
    if (!text.empty()) std::memcpy(cell.value.inlined.inlined, text.data(), text.size());
  } else {
    cell.value.pointer.length = length;
    std::memcpy(cell.value.pointer.prefix, text.data(), sizeof(cell.value.pointer.prefix));
    cell.value.pointer.ptr = const_cast<char*>(text.data());
  }
  return cell;
}

void write_texts(const ColumnData& column, size_t first, size_t rows, TextMemory memory,
                 duckdb_vector target) {
  const std::string_view* texts = column.texts + first;
  if (memory == TextMemory::kBorrowed) {
    auto* cells = static_cast<duckdb_string_t*>(duckdb_vector_get_data(target));
    for (size_t i = 0; i < rows; ++i) cells[i] = borrow(texts[i]);
    return;
  }
  for (size_t i = 0; i < rows; ++i) {
    if (column.valid != nullptr && column.valid[first + i] == 0) continue;
    duckdb_unsafe_vector_assign_string_element_len(target, i, texts[i].data(), texts[i].size());
  }
}

void write_validity(const uint8_t* valid, size_t rows, duckdb_vector target) {
  if (std::memchr(valid, 0, rows) == nullptr) return;
  duckdb_vector_ensure_validity_writable(target);
  uint64_t* mask = duckdb_vector_get_validity(target);
  for (size_t i = 0; i < rows; ++i) {
    if (valid[i] == 0) mask[i / 64] &= ~(uint64_t{1} << (i % 64));
  }
}

}  // namespace

duckdb_logical_type make_type(const ColumnData& column) {
  switch (column.type) {
    case ColumnType::kBigInt: return duckdb_create_logical_type(DUCKDB_TYPE_BIGINT);
    case ColumnType::kText: return duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR);
    case ColumnType::kDecimal18:
      return duckdb_create_decimal_type(kDecimalDigits, static_cast<uint8_t>(column.scale));
    case ColumnType::kTimestamp: return duckdb_create_logical_type(DUCKDB_TYPE_TIMESTAMP);
    case ColumnType::kDate: return duckdb_create_logical_type(DUCKDB_TYPE_DATE);
    case ColumnType::kBool: return duckdb_create_logical_type(DUCKDB_TYPE_BOOLEAN);
  }
  return nullptr;
}

void write_slice(const ColumnData& column, size_t first, size_t rows, TextMemory memory,
                 duckdb_vector target) {
  if (rows == 0) return;
  switch (column.type) {
    case ColumnType::kText: write_texts(column, first, rows, memory, target); break;
    case ColumnType::kBigInt:
    case ColumnType::kDecimal18:
    case ColumnType::kTimestamp:
      std::memcpy(duckdb_vector_get_data(target), column.numbers + first, rows * sizeof(int64_t));
      break;
    case ColumnType::kDate:
      narrow<int32_t>(column.numbers + first, rows, duckdb_vector_get_data(target));
      break;
    case ColumnType::kBool:
      narrow<bool>(column.numbers + first, rows, duckdb_vector_get_data(target));
      break;
  }
  if (column.valid != nullptr) write_validity(column.valid + first, rows, target);
}

}  // namespace falaj::duck
