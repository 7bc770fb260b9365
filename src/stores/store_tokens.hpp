// Tokens that Salla sends by itself (easy mode): what its app.* events say of a store's tokens.
// Threads:  safe: each call opens the vault for itself. Waits at most two seconds, for a refresh of
//           the same store that is under way.
// Errors:   kBadResponse (a body that cannot be read), kConflict (a refresh goes on for longer),
//           those of the vault: answer with an error then, so that Salla sends the event again. An
//           event that is late or came before is no error.
// Facts:    salla-api.md 1.2, 5.2, 5.5
#pragma once

#include <string>
#include <string_view>

#include "home/home.hpp"

namespace falaj::stores {

// True for the events that accept_store_authorization() is for.
bool concerns_tokens(std::string_view event);

// app.store.authorize: an install, or an update of the app, brings a store's tokens; a store that is
// not known is added as "store-<id>". app.uninstalled: the store is not read any more.
// Requires: the event's signature was verified. The sentence says what was done, for the log.
Result<std::string> accept_store_authorization(const home::Home& home, std::string_view body);

}  // namespace falaj::stores
