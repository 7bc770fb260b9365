// `falaj init` and `falaj config`: a home's folders and settings.
// Threads:  called from the main thread.
// Errors:   kStorageFailed.
#pragma once

#include <vector>

#include "base/result.hpp"
#include "home/home.hpp"
#include "operate/reports.hpp"

namespace falaj::operate {

// Makes the folders and a commented falaj.toml; keeps what is there.
Result<InitReport> init_home(const home::Home& home);

Result<std::vector<SettingView>> show_config(const home::Home& home);

}  // namespace falaj::operate
