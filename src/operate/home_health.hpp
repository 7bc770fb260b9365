// `falaj check`: looks at everything that a run needs.
// Threads:  called from the main thread.
// Errors:   what is wrong is an item; fails only on its own account.
#pragma once

#include <vector>

#include "base/result.hpp"
#include "home/home.hpp"
#include "operate/reports.hpp"
#include "warehouse/opener.hpp"

namespace falaj::operate {

// Folders, disk, settings, program files, API, tokens, warehouse.
Result<std::vector<CheckItem>> check_home(const home::Home& home, warehouse::Opener& opener);

}  // namespace falaj::operate
