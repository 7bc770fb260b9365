// `falaj store`: adds, shows and removes the stores of a home.
// Threads:  called from the main thread. None takes the home's lock: a run may be going on.
// Errors:   those of the vault; of add_stores() also those of asking a store who it is, and the
//           stores before it stay added.
#pragma once

#include <string>
#include <vector>

#include "base/secret.hpp"
#include "cli/store_services.hpp"

namespace falaj::app {

Result<std::vector<operate::StoreView>> list_stores(const std::string& home);
Result<operate::StoreView> show_store(const std::string& home, const std::string& name);
Result<std::vector<operate::StoreView>> add_stores(const std::string& home,
                                                   const std::vector<cli::NewStore>& stores);
Status remove_store(const std::string& home, const std::string& name);
Status rekey_vault(const std::string& home, const Secret& new_key);

}  // namespace falaj::app
