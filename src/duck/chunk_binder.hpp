// Fills a Chunk from DuckDB's data chunk. Inside this folder only: it names foreign types.
#pragma once

#include <duckdb.h>

#include "duck/chunk.hpp"

namespace falaj::duck {

class ChunkBinder {
 public:
  static void bind(Chunk& chunk, duckdb_data_chunk data);
};

// What SQL calls the type, and how its values are read.
ColumnInfo describe_type(duckdb_logical_type type);

// One cell of a vector as SQL prints it; nested values are printed as DuckDB prints them.
std::string render_cell(duckdb_vector vector, size_t row);

}  // namespace falaj::duck
