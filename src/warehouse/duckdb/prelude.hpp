// What every connection of the embedded warehouse is given, so that the common subset of SQL means
// the same here and in Snowflake.
// Facts:    TEMP types and macros are found whatever the current schema is. A published view must
//           not use a macro: it keeps the name only.
#pragma once

#include <string_view>

namespace falaj::warehouse {

// Settings, TEMP types and TEMP macros; one text, run once a connection.
std::string_view session_prelude();

// What a console gets on top: functions of Snowflake that people use and models do not. Date parts
// are DuckDB's words by then (lake_dialect.hpp).
std::string_view console_prelude();

}  // namespace falaj::warehouse
