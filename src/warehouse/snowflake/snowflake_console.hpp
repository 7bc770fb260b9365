// A console on a Snowflake account: statements go there as they are. See warehouse/console.hpp.
// Errors:   the place of a fault is read from Snowflake's words, "error line 2 at position 7".
#pragma once

#include <memory>
#include <string_view>

#include "warehouse/console.hpp"
#include "warehouse/snowflake/snowflake_options.hpp"

namespace falaj::warehouse {

Result<std::unique_ptr<Console>> open_snowflake_console(const SnowflakeOptions& options);

// What Snowflake says of a statement, without what falaj adds for its log.
ConsoleFault snowflake_fault(const Error& error, std::string_view statement);

}  // namespace falaj::warehouse
