// How the home's settings open Snowflake.
// Threads:  functions.
#pragma once

#include <string>

#include "base/result.hpp"
#include "config/settings.hpp"
#include "home/home.hpp"
#include "warehouse/snowflake/snowflake_options.hpp"

namespace falaj::app {

warehouse::SnowflakeOptions snowflake_options(const home::Home& home, bool is_read_only);

// What `falaj init --print-sql` prints.
Result<std::string> snowflake_script(const home::Home& home);

}  // namespace falaj::app
