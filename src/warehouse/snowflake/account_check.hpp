// `falaj check` of a Snowflake account: signs in, compares the clocks and looks at the tables; says
// of each failure that a newcomer meets what came back and which statement helps.
// Threads:  functions.
#pragma once

#include <vector>

#include "config/settings.hpp"
#include "home/home.hpp"
#include "operate/reports.hpp"

namespace falaj::operate {

std::vector<operate::CheckItem> check_snowflake(const home::Home& home);

}  // namespace falaj::operate
