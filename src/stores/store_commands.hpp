// `falaj store`: adds, shows and removes the stores of a home.
// Threads:  called from the main thread. None takes the home's lock: a run may be going on.
// Errors:   those of the vault; of add_stores() also those of asking a store who it is, and the
//           stores before it stay added.
#pragma once

#include <string>
#include <vector>

#include "base/secret.hpp"
#include "home/home.hpp"
#include "stores/store_requests.hpp"

namespace falaj::stores {

Result<std::vector<state::VaultStore>> list_stores(const home::Home& home);
Result<state::VaultStore> show_store(const home::Home& home, const std::string& name);
Result<std::vector<state::VaultStore>> add_stores(const home::Home& home,
                                                  const std::vector<NewStore>& stores);
Status remove_store(const home::Home& home, const std::string& name);
// Goes on after a store that fails; the first error is returned.
Result<std::vector<state::VaultStore>> refresh_stores(const home::Home& home,
                                                      const RefreshRequest& request);
Status rekey_vault(const home::Home& home, const Secret& new_key);

}  // namespace falaj::stores
