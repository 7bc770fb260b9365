// What may be asked of the stores of a home.
// Threads:  values.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/secret.hpp"

namespace falaj::stores {

struct NewStore {
  std::string name;
  Secret token;  // an access token, or the JSON that Salla answers a token request with
};

// Authorising in a browser (OAuth's authorization code).
struct AuthorizeRequest {
  std::string name;
  std::string scopes;        // separated by blanks; empty: what the home's streams need
  std::string redirect_url;  // as registered with the app; empty: this machine's own
  int64_t port = 0;          // where the browser comes back to; 0: chosen by the system
  int64_t seconds = 600;     // to wait for it
  bool opens_browser = true;
};
// Shows the address that the merchant's browser must open, and where it will come back to.
using ShowAddress = std::function<void(const std::string& url, const std::string& redirect_url)>;

struct RefreshRequest {
  std::string name;       // empty: each store that can be refreshed
  bool is_asked = false;  // also before it is due
  bool is_again = false;  // also when an earlier outcome is unknown
};

}  // namespace falaj::stores
