// Snowflake behind the warehouse port, through its ADBC driver.
// Shape:    rows are written as Parquet by an in-process DuckDB, uploaded to a temporary stage of
//           their own and copied into a temporary table by one COPY, whose counts are compared with
//           what was sent; everything after that is SQL. One writer at a time for all processes:
//           begin() updates the one row of OPS.WRITER_TURN, whose lock ends with the transaction.
// Owns:     the driver's database object. A session signs in when it is first used.
// Threads:  the Warehouse is safe.
// Errors:   kInvalidConfig (settings, no driver), kAuthFailed, kNotAllowed, kUnavailable: see
//           snowflake_error.hpp and remedy().
// Facts:    docs/decisions/0010-snowflake.md
#pragma once

#include <memory>

#include "warehouse/snowflake/snowflake_options.hpp"
#include "warehouse/warehouse.hpp"

namespace falaj::warehouse {

Result<std::unique_ptr<Warehouse>> open_snowflake(const SnowflakeOptions& options);

}  // namespace falaj::warehouse
