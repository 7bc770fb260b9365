// `falaj check` of a Snowflake account: signs in, compares the clocks and looks at the tables; says
// of each failure that a newcomer meets what came back and which statement helps.
// Threads:  functions.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "warehouse/opener.hpp"
#include "warehouse/snowflake/snowflake_options.hpp"

namespace falaj::warehouse {

// The time that a host's answer tells (its Date); whoever may not sign in may ask this.
using TimeAtHost = std::function<std::optional<UtcTime>(const std::string& url)>;

std::vector<Finding> check_account(SnowflakeOptions options, const TimeAtHost& time_at);

}  // namespace falaj::warehouse
