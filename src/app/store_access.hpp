// Which stores a command reads, and how each is reached: those of the home's token vault and the
// one of SALLA_API_TOKEN.
// Threads:  called from the main thread.
// Errors:   kInvalidConfig (no store at all, settings that do not fit), kNotFound (a store that was
//           asked for), those of the vault, those of asking SALLA_API_TOKEN's store who it is.
#pragma once

#include <string>
#include <vector>

#include "app/home.hpp"
#include "base/secret.hpp"
#include "extract/store_info.hpp"

namespace falaj::app {

// How a store is reached.
struct StoreAccess {
  std::string name;  // for people
  Secret token;
};

// `chosen` are names or ids; empty: all, without those whose app was uninstalled. A store that is
// in the vault is read with the vault's token, also where SALLA_API_TOKEN opens it too.
Result<std::vector<StoreAccess>> stores_to_read(const HomePaths& paths,
                                                const config::Settings& settings,
                                                const std::vector<std::string>& chosen);

// Asks the API who a token belongs to.
Result<extract::StoreInfo> ask_store(const config::Settings& settings, const Secret& token);

// What a token is known by where it must not be written down.
std::string store_fingerprint(const config::Settings& settings, const Secret& token);

}  // namespace falaj::app
