// `falaj store`: adds, shows and removes the stores of a home.
// Threads:  called from the main thread. None takes the home's lock: a run may be going on.
// Errors:   those of the vault; of add_stores() also those of asking a store who it is, and the
//           stores before it stay added.
#pragma once

#include <string>
#include <vector>

#include "base/secret.hpp"
#include "home/home.hpp"
#include "operate/store_services.hpp"
#include "state/token_vault.hpp"

namespace falaj::app {

// What may be shown of a store.
operate::StoreView to_view(const state::VaultStore& store);

Result<std::vector<operate::StoreView>> list_stores(const home::Home& home);
Result<operate::StoreView> show_store(const home::Home& home, const std::string& name);
Result<std::vector<operate::StoreView>> add_stores(const home::Home& home,
                                                   const std::vector<operate::NewStore>& stores);
Status remove_store(const home::Home& home, const std::string& name);
// Goes on after a store that fails; the first error is returned.
Result<std::vector<operate::StoreView>> refresh_stores(const home::Home& home,
                                                       const operate::RefreshRequest& request);
Status rekey_vault(const home::Home& home, const Secret& new_key);

}  // namespace falaj::app
