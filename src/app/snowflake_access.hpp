// How the home's settings open Snowflake.
// Threads:  functions.
#pragma once

#include <string>

#include "app/home.hpp"
#include "base/result.hpp"
#include "config/settings.hpp"
#include "operate/reports.hpp"
#include "warehouse/snowflake/snowflake_options.hpp"

namespace falaj::app {

bool uses_snowflake(const config::Settings& settings);

warehouse::SnowflakeOptions snowflake_options(const HomePaths& paths,
                                              const config::Settings& settings, Clock& clock,
                                              bool is_read_only);

// Signs in and asks for the tables; what a newcomer can do about a failure is said with it.
operate::CheckItem check_snowflake(const HomePaths& paths, const config::Settings& settings);

// What `falaj init --print-sql` prints.
Result<std::string> snowflake_script(const std::string& home);

}  // namespace falaj::app
