// The statement forms that falaj sends to Snowflake, as the stub understands them: what they are,
// and what DuckDB makes of them. Everything that both understand passes as it is.
// Threads:  functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace falaj::test {

enum class StatementKind {
  kQuery,
  kInsert,
  kUpdate,
  kDelete,
  kMerge,
  kBegin,
  kCommit,
  kRollback,
  kDefine,  // CREATE, ALTER, DROP ...: ends an open transaction
  kStage,   // CREATE STAGE: a definition that DuckDB has no word for
  kPut,
  kCopy,
};

StatementKind statement_kind(std::string_view sql);

// Whether an UPDATE, DELETE or MERGE is of a table that others see: those are named with a schema.
bool writes_shared_table(std::string_view sql);

// Types and clauses of Snowflake's definitions in DuckDB's words.
std::string duckdb_definition(std::string_view sql);
std::string duckdb_types(std::string_view sql);

struct PutStatement {
  std::string path;   // of the file on the client
  std::string stage;  // as it was named
  std::string folder;
};
std::optional<PutStatement> parse_put(const std::string& sql);

struct CopyStatement {
  std::string table;    // quoted, as it was written
  std::string columns;  // "A", "B"
  std::string values;   // c0::BIGINT, c1::VARCHAR, in DuckDB's types
  std::string stage;
  std::string folder;
  bool purges = false;
};
std::optional<CopyStatement> parse_copy(const std::string& sql);

// The stage's name in a CREATE STAGE.
std::string stage_of(const std::string& sql);

}  // namespace falaj::test
