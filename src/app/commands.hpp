// The smaller commands: init, check, status, coverage, sql, config.
// Threads:  called from the main thread.
// Errors:   see each; check() reports what is wrong as items and fails only on its own account.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "cli/services.hpp"

namespace falaj::app {

// Makes the folders and a commented falaj.toml; keeps what is there.
Result<operate::InitReport> init_home(const std::string& home);

// Looks at everything that a run needs: folder, disk, settings, extensions, API, token, warehouse.
Result<std::vector<operate::CheckItem>> check_home(const std::string& home);

// From the control state; with `live` the warehouse is opened and its tables are counted.
Result<operate::StatusReport> status(const std::string& home, bool live);

// OPS.coverage of the warehouse, opened read-only; empty before the first run.
Result<std::vector<operate::Coverage>> coverage(const std::string& home);

Result<std::vector<operate::SettingView>> show_config(const std::string& home);

}  // namespace falaj::app
