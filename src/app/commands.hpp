// The smaller commands: init, check, status, coverage, sql, config.
// Threads:  called from the main thread.
// Errors:   see each; check() reports what is wrong as items and fails only on its own account.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "home/home.hpp"
#include "operate/services.hpp"

namespace falaj::app {

// Makes the folders and a commented falaj.toml; keeps what is there.
Result<operate::InitReport> init_home(const home::Home& home);

// Looks at everything that a run needs: folder, disk, settings, extensions, API, token, warehouse.
Result<std::vector<operate::CheckItem>> check_home(const home::Home& home);

// From the control state; with `live` the warehouse is opened and its tables are counted.
Result<operate::StatusReport> status(const home::Home& home, bool live);

// OPS.coverage of the warehouse, opened read-only; empty before the first run.
Result<std::vector<operate::Coverage>> coverage(const home::Home& home);

Result<std::vector<operate::SettingView>> show_config(const home::Home& home);

}  // namespace falaj::app
