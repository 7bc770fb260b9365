// What `falaj store` asks of the program behind it; app fills it in.
// Threads:  called from the main thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "home/home.hpp"
#include "operate/purge_report.hpp"
#include "operate/store_view.hpp"

namespace falaj::operate {

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

struct PurgeRequest {
  std::string name;  // or id
  bool is_dry_run = false;
  bool takes_token = false;  // also from the vault
};

struct StoreServices {
  std::function<Result<std::vector<StoreView>>(const home::Home& home)> list;
  std::function<Result<StoreView>(const home::Home& home, const std::string& name)> show;
  // Asks each store who it is and keeps its token; stops at the first that fails.
  std::function<Result<std::vector<StoreView>>(const home::Home& home,
                                               const std::vector<NewStore>& stores)>
      add;
  std::function<Status(const home::Home& home, const std::string& name)> remove;
  // Takes out what was landed and loaded of it, or counts it.
  std::function<Result<PurgeReport>(const home::Home& home, const PurgeRequest&)> purge;
  std::function<Result<StoreView>(const home::Home& home, const AuthorizeRequest&,
                                  const ShowAddress&)>
      authorize;
  // Makes sure that tokens are fresh; what the vault has then.
  std::function<Result<std::vector<StoreView>>(const home::Home& home, const RefreshRequest&)>
      refresh;
  // `new_key` in base64, or empty: a new one is made.
  std::function<Status(const home::Home& home, const Secret& new_key)> rekey;
};

}  // namespace falaj::operate
