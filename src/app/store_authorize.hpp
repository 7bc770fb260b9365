// `falaj store authorize`: OAuth's authorization code for apps in custom mode. Sends the merchant's
// browser to Salla, waits on a port of this machine for it to come back with a code, and exchanges
// the code, once, for tokens.
// Threads:  called from the main thread; the port is served by one of its own.
// Errors:   kTimeout (nobody came back), kNotAllowed (the merchant said no), kUnavailable (the port
//           is taken), kCancelled, those of oauth.hpp and of the vault.
// Facts:    salla-api.md 1.2
#pragma once

#include <string>

#include "home/home.hpp"
#include "operate/store_services.hpp"

namespace falaj::app {

Result<operate::StoreView> authorize_store(const home::Home& home,
                                           const operate::AuthorizeRequest& request,
                                           const operate::ShowAddress& show);

}  // namespace falaj::app
