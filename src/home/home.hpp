// A home as one command has it: opened once, handed down. Its paths, its settings, the clock and the
// stop token of the command.
// Shape:    a home may not exist yet; opening it makes nothing. hold() makes its folders, takes its
//           lock and opens its control state.
// Owns:     the clock, unless one was handed in.
// Threads:  read by any thread; made and changed by the main thread.
// Errors:   kInvalidConfig, kNotAllowed, kStorageFailed (settings); of hold() also kConflict (another
//           falaj holds the home).
#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "config/settings.hpp"
#include "home/home_lock.hpp"
#include "home/home_paths.hpp"
#include "state/state_store.hpp"
#include "state/token_vault.hpp"

namespace falaj::home {

class Home {
 public:
  // Reads the settings, applies the log level and logs warnings.
  static Result<Home> open(const std::string& root);
  // For commands that work whatever the settings say: where they cannot be read, settings_fault()
  // tells why, and settings() are the built-in ones.
  static Home open_despite_settings(const std::string& root);
  // With a clock that must outlive it.
  Home(HomePaths paths, config::Settings settings, Clock& clock);
  // This home with other settings: the demo says where its store is.
  Home with_settings(config::Settings settings) const;

  const HomePaths& paths() const { return paths_; }
  const config::Settings& settings() const { return loaded_.settings; }
  // The settings with the origin of each, and what was odd about them.
  const config::Loaded& loaded() const { return loaded_; }
  const std::optional<Error>& settings_fault() const { return settings_fault_; }
  // The machine's clock, as far as tests have not set another one.
  Clock& clock() const { return *clock_; }
  // Ctrl-C and SIGTERM.
  std::stop_token stop() const;

  bool exists() const;
  // Whether a command has made the control state yet.
  bool has_state() const;
  // Where the key of the home's token vault is.
  state::VaultKeyPlace vault_key_place() const;

 private:
  Home(HomePaths paths, config::Loaded loaded, std::optional<Error> settings_fault);

  HomePaths paths_;
  config::Loaded loaded_;
  std::optional<Error> settings_fault_;
  std::unique_ptr<Clock> own_clock_;
  Clock* clock_;
};

// A home that no other falaj works on, with its control state open.
struct HeldHome {
  HomeLock lock;
  state::StateStore state;
};
Result<HeldHome> hold(const Home& home);

}  // namespace falaj::home
