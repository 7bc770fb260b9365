// Snowflake's SQL in the words of DuckDB, where a macro cannot do it (prelude.hpp has those):
// bare date parts, time travel, MINUS, NUMBER(p, s), WITHIN GROUP.
// Shape:    token by token; texts, quoted names and comments stay as they are.
// Threads:  functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sql/rewritten.hpp"

namespace falaj::warehouse {

// What the lake cannot do, and what to do there instead.
struct LakeAdvice {
  std::string text;
  size_t at = 0;  // byte of the statement
};

// What the statement asks for that only a Snowflake account has: its bookkeeping
// (SNOWFLAKE.ACCOUNT_USAGE), and the state before a statement's id.
std::optional<LakeAdvice> missing_on_lake(std::string_view statement);

sql::Rewritten to_lake_sql(std::string_view statement);

}  // namespace falaj::warehouse
