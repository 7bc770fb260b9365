// What the common subset of SQL needs to mean the same in Snowflake.
// Shape:    surrogate_key('<table>', part, ...) becomes an expression over SHA2: the same 63 bits
//           as everywhere (see duckdb/surrogate_key.hpp). Parts are integers or texts; a timestamp
//           is spelled out as text by whoever writes the SQL.
// Threads:  functions.
#pragma once

#include <string>
#include <string_view>

namespace falaj::warehouse {

std::string to_snowflake(std::string_view sql);

// Whether the statement only reads: what a read-only session lets through.
bool is_read(std::string_view sql);

}  // namespace falaj::warehouse
