// Salla's OAuth: asking for tokens, refreshing them, and reading the events that bring them.
// Shape:    functions over a Transport; each sends one request, once.
// Units:    times are UTC; a token answer's `expires` is an absolute time in seconds, `expires_in` a
//           duration; either is taken.
// Threads:  functions without state; the transport's thread.
// Errors:   of what asks for tokens:
//           kAuthFailed         invalid_grant: the code or the refresh token is dead, its family burnt
//           kInvalidConfig      Salla refused before using it: client id, secret, address, ...
//           kRateLimited        429: not executed, ask again later
//           kUnavailable        nothing was sent: no connection
//           kOutcomeUnknown     it was sent; whether it was executed is not known
// Facts:    salla-api.md 1.1 to 1.3, 1.5, 5.2, 5.3
#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "http/transport.hpp"

namespace falaj::connectors::salla {

struct OauthApp {
  std::string accounts_url;  // "https://accounts.salla.sa"
  Secret client_id;
  Secret client_secret;
};

struct TokenGrant {
  Secret access;
  Secret refresh;  // empty: none was given (offline_access was not asked for)
  std::optional<UtcTime> expires_at;
  std::string scopes;
};

Result<TokenGrant> refresh_grant(http::Transport& transport, const Clock& clock,
                                 const OauthApp& app, const Secret& refresh);
Result<TokenGrant> code_grant(http::Transport& transport, const Clock& clock, const OauthApp& app,
                              const Secret& code, const std::string& redirect_uri);

// A token answer, or the `data` of app.store.authorize. kBadResponse without an access token.
Result<TokenGrant> parse_grant(std::string_view body, UtcTime now);

struct AuthorizeRequest {
  std::string scopes;  // separated by blanks; must hold offline_access
  std::string redirect_uri;
  std::string state;
};
// Where the merchant's browser goes to allow it.
std::string authorize_url(const OauthApp& app, const AuthorizeRequest& request);
// Salla takes hyphens out of the state.
bool is_same_state(std::string_view sent, std::string_view received);

// What an app.* event says. `grant` comes with app.store.authorize.
struct AppEvent {
  std::string event;
  int64_t merchant = 0;  // the store's id
  std::string created_at;
  std::optional<TokenGrant> grant;
};
Result<AppEvent> parse_app_event(std::string_view body, UtcTime now);

// Whether a 401 says that a scope is missing. Its text may be in another language: no is no proof.
bool says_missing_scope(const Error& error);

// The name=value form of application/x-www-form-urlencoded.
std::string form_field(std::string_view name, std::string_view value);

}  // namespace falaj::connectors::salla
