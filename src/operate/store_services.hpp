// What `falaj store` asks of the program behind it; app fills it in.
// Threads:  called from the main thread.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "home/home.hpp"
#include "operate/purge_report.hpp"
#include "operate/store_view.hpp"
#include "stores/store_requests.hpp"

namespace falaj::operate {

using stores::AuthorizeRequest;
using stores::NewStore;
using stores::RefreshRequest;
using stores::ShowAddress;

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
