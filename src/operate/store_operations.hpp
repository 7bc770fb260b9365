// `falaj store`: what the stores of a home say of themselves, as views.
// Threads:  called from the main thread.
// Errors:   those of stores/store_commands.hpp and stores/store_authorize.hpp.
#pragma once

#include <string>
#include <vector>

#include "home/home.hpp"
#include "operate/store_services.hpp"
#include "state/token_vault.hpp"
#include "stores/callback_listener.hpp"

namespace falaj::operate {

// What may be shown of a store.
StoreView to_view(const state::VaultStore& store);

Result<std::vector<StoreView>> list_stores(const home::Home& home);
Result<StoreView> show_store(const home::Home& home, const std::string& name);
Result<std::vector<StoreView>> add_stores(const home::Home& home,
                                          const std::vector<NewStore>& stores);
Result<StoreView> authorize_store(const home::Home& home, stores::CallbackListener& listener,
                                  const AuthorizeRequest& request, const ShowAddress& show);
Result<std::vector<StoreView>> refresh_stores(const home::Home& home,
                                              const RefreshRequest& request);

}  // namespace falaj::operate
