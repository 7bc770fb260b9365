// Writes a slice of a ColumnData into a vector of DuckDB. Inside this folder only.
#pragma once

#include <duckdb.h>

#include "duck/column_data.hpp"

namespace falaj::duck {

enum class TextMemory {
  kCopied,    // into the vector
  kBorrowed,  // the vector points at the caller's bytes, which must outlive the query
};

duckdb_logical_type make_type(const ColumnData& column);
void write_slice(const ColumnData& column, size_t first, size_t rows, TextMemory memory,
                 duckdb_vector target);

}  // namespace falaj::duck
