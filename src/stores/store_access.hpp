// Which stores a command reads, and how each is reached: those of the home's token vault and the
// one of SALLA_API_TOKEN.
// Threads:  called from the main thread.
// Errors:   kInvalidConfig (no store at all, settings that do not fit), kNotFound (a store that was
//           asked for), those of the vault, those of asking SALLA_API_TOKEN's store who it is.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/secret.hpp"
#include "connectors/salla/request_paths.hpp"
#include "connectors/salla/store_info.hpp"
#include "home/home.hpp"
#include "http/token_source.hpp"

namespace falaj::stores {

// How a store is reached.
struct StoreAccess {
  std::string name;           // for people
  std::optional<StoreId> id;  // known of the vault's stores
  std::shared_ptr<http::TokenSource> tokens;
  std::string fingerprint;  // of a token whose store is not known yet
  // Takes down what the store says of itself; may be empty.
  std::function<Status(const extract::StoreInfo&)> describe;
  // Which quota its requests draw on; null: as the built-in catalogue says.
  std::shared_ptr<const connectors::salla::RequestPaths> paths;
};

// `chosen` are names or ids; empty: all, without those whose app was uninstalled. A store that is
// in the vault is read with the vault's token, also where SALLA_API_TOKEN opens it too.
// `home` must outlive what is returned.
Result<std::vector<StoreAccess>> stores_to_read(const home::Home& home,
                                                const std::vector<std::string>& chosen);

// What the API needs of the settings, checked: kInvalidConfig.
Status check_api_settings(const config::Settings& settings);

// A store that nothing is known of but a token.
StoreAccess access_by_token(const home::Home& home, const Secret& token);

}  // namespace falaj::stores
