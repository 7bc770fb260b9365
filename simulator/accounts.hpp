// accounts.salla.sa, simulated: /oauth2/auth, which agrees at once and sends the browser back with
// a code, and /oauth2/token, which gives tokens for a code or a refresh token.
// Units:    UTC seconds of the simulated clock.
// Threads:  confined to one.
// Facts:    salla-api.md 1.1 to 1.3; the errors are those of RFC 6749 4.1.2.1 and 5.2
#pragma once

#include <string>

#include "http_server/request.hpp"
#include "http_server/response.hpp"
#include "simulator/token_book.hpp"

namespace falaj::simulator {

struct Accounts {
  TokenBook& tokens;
  size_t stores = 1;
  std::string scopes;  // of the stores' tokens; empty: all
  int64_t now = 0;

  http_server::Response authorize(const http_server::Request& request) const;
  http_server::Response token(const http_server::Request& request) const;
  // The body of app.store.authorize that an install sends.
  std::string install_event(size_t store, int64_t merchant, const std::string& created_at) const;
};

}  // namespace falaj::simulator
