// A home: the one directory with everything that falaj keeps, and the settings that hold there.
// Shape:    falaj.toml, .env, landing/, state/, lake/.
// Owns:     what open() returns holds the home's lock until it goes.
// Threads:  confined to the main thread, the clock excepted.
// Errors:   kInvalidConfig (settings), kConflict (another falaj holds the home), kStorageFailed.
#pragma once

#include <memory>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "config/settings.hpp"
#include "home/home_lock.hpp"
#include "state/state_store.hpp"
#include "state/token_vault.hpp"
#include "warehouse/duckdb/duck_warehouse.hpp"

namespace falaj::app {

struct HomePaths {
  std::string root;
  std::string settings_file() const { return root + "/falaj.toml"; }
  std::string catalogue_file() const { return root + "/catalogue.toml"; }
  std::string landing() const { return root + "/landing"; }
  std::string lake() const { return root + "/lake"; }
  std::string inbox() const { return root + "/inbox"; }
};

// Absolute; does not create anything.
HomePaths home_paths(const std::string& home);

// The settings of a home that may not exist yet; applies the log level and logs warnings.
Result<config::Loaded> load_settings(const HomePaths& paths);

// The machine's clock, as far as tests have not set another one.
SystemClock system_clock(const config::Settings& settings);

struct Home {
  HomePaths paths;
  config::Settings settings;
  std::unique_ptr<Clock> clock;
  home::HomeLock lock;
  state::StateStore state;
};

// Creates the folders if need be, takes the lock and opens the control state.
Result<Home> open_home(const std::string& home);

// The home's warehouse. `tag`: what its statements are for, as far as it is known by now.
Result<std::unique_ptr<warehouse::Warehouse>> open_warehouse(const HomePaths& paths,
                                                             const config::Settings& settings,
                                                             Clock& clock, bool is_read_only,
                                                             const warehouse::StatementTag& tag);

// How the embedded warehouse of a home is opened.
warehouse::LakeOptions lake_options(const HomePaths& paths, const config::Settings& settings,
                                    Clock& clock, bool is_read_only);

// Whether a run has made it yet.
bool warehouse_exists(const HomePaths& paths, const config::Settings& settings);

// Where the key of the home's token vault is.
state::VaultKeyPlace vault_key_place(const config::Settings& settings);

// What the API needs of the settings, checked: kInvalidConfig.
Status check_api_settings(const config::Settings& settings);

}  // namespace falaj::app
