// What a statement of Snowflake's asks of the lake: a query in DuckDB's words, another schema to
// use, or something that only advice can answer.
// Shape:    SHOW, DESCRIBE and USE are read here; everything else is to_lake_sql()'s.
// Threads:  functions and values.
// Errors:   kNotAllowed: the statement would write; kUsage: what a lake does not have. Both say
//           what to do instead, and `at` where in the statement.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "sql/rewritten.hpp"
#include "warehouse/duckdb/lake_dialect.hpp"

namespace falaj::warehouse {

struct LakeStatement {
  enum class Kind { kQuery, kUse, kNothing };
  Kind kind = Kind::kQuery;
  sql::Rewritten query;  // kQuery
  // kUse: as written, without quotes; empty: all schemas of the database. kQuery: what must be
  // there for the answer to mean something.
  std::string database;
  std::string schema;
  size_t name_at = 0;  // where the statement names them
};

// What a refusal is about.
struct LakeRefusal {
  ErrorKind kind = ErrorKind::kUsage;
  LakeAdvice advice;
};

// `schema` is the one in use; empty: none.
struct LakePlace {
  std::string database;
  std::string schema;
};

// The statement, or in `refusal` why not.
std::optional<LakeStatement> read_lake_statement(std::string_view statement, const LakePlace& place,
                                                 LakeRefusal& refusal);

}  // namespace falaj::warehouse
