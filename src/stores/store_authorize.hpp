// `falaj store authorize`: OAuth's authorization code for apps in custom mode. Sends the merchant's
// browser to Salla, waits on a port of this machine for it to come back with a code, and exchanges
// the code, once, for tokens.
// Threads:  called from the main thread; the listener has one of its own.
// Errors:   kTimeout (nobody came back), kNotAllowed (the merchant said no), kUnavailable (the port
//           is taken), kCancelled, those of oauth.hpp and of the vault.
// Facts:    salla-api.md 1.2
#pragma once

#include <string>

#include "home/home.hpp"
#include "stores/callback_listener.hpp"
#include "stores/store_requests.hpp"

namespace falaj::stores {

Result<state::VaultStore> authorize_store(const home::Home& home, const AuthorizeRequest& request,
                                          const ShowAddress& show, CallbackListener& listener);

}  // namespace falaj::stores
