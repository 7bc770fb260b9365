#include "stores/store_access.hpp"

#include <algorithm>

#include "base/sha256.hpp"
#include "home/home.hpp"
#include "http/transport.hpp"
#include "stores/home_streams.hpp"
#include "stores/known_stores.hpp"
#include "stores/store_client.hpp"
#include "stores/token_keeper.hpp"

namespace falaj::stores {
namespace {

constexpr const char* kVariableStore = "the store of SALLA_API_TOKEN";

bool is_among(const std::vector<std::string>& chosen, const state::VaultStore& store) {
  return std::any_of(chosen.begin(), chosen.end(), [&](const auto& word) {
    return word == store.name || word == std::to_string(store.id.value());
  });
}

// What a token is known by where it must not be written down.
std::string fingerprint(const home::Home& home, const Secret& token) {
  return to_hex(sha256(home.settings().api_base_url + "\n" + token.expose())).substr(0, 16);
}

// A catalogue that cannot be read is said by whoever reads its streams.
std::shared_ptr<const connectors::salla::RequestPaths> request_paths(const home::Home& home) {
  if (!has_own_catalogue(home.paths())) return nullptr;
  const auto streams = home_streams(home.paths());
  if (!streams.ok()) return nullptr;
  return std::make_shared<const connectors::salla::RequestPaths>(*streams);
}

StoreAccess variable_store(const home::Home& home) {
  return {kVariableStore,
          std::nullopt,
          std::make_shared<VariableToken>(home.settings().api_token),
          fingerprint(home, home.settings().api_token),
          {},
          request_paths(home)};
}

// A store that Salla announced has no name yet, and a plan may change.
std::function<Status(const extract::StoreInfo&)> describer(const home::Home& home,
                                                           const state::VaultStore& store) {
  return [&home, store](const extract::StoreInfo& info) -> Status {
    if (info.name == store.title && info.plan == store.plan) return {};
    FALAJ_ASSIGN(auto vault, state::TokenVault::open(home.paths().root, home.vault_key_place()));
    return vault.describe(store.id, info.name, info.plan);
  };
}

// The store of SALLA_API_TOKEN, unless the vault has it or another one was chosen.
Status add_variable_store(const home::Home& home, const std::vector<state::VaultStore>& known,
                          const std::vector<std::string>& chosen,
                          std::vector<StoreAccess>& stores) {
  const bool are_all_known =
      !chosen.empty() && std::all_of(chosen.begin(), chosen.end(), [&](const auto& word) {
        return std::any_of(known.begin(), known.end(),
                           [&](const auto& store) { return is_among({word}, store); });
      });
  if (home.settings().api_token.empty() || are_all_known) return {};
  if (known.empty() && chosen.empty()) {
    stores.push_back(variable_store(home));
    return {};
  }
  FALAJ_ASSIGN(const auto store, ask_store(home, home.settings().api_token)
                                     .while_doing("asking which store SALLA_API_TOKEN belongs to"));
  const bool is_known = std::any_of(known.begin(), known.end(),
                                    [&](const auto& each) { return each.id.value() == store.id; });
  const auto id = std::to_string(store.id);
  const bool is_wanted =
      chosen.empty() || std::find(chosen.begin(), chosen.end(), id) != chosen.end();
  if (!is_known && is_wanted) stores.push_back(variable_store(home));
  return {};
}

Status check_chosen(const std::vector<std::string>& chosen,
                    const std::vector<state::VaultStore>& known, bool has_variable_store) {
  for (const auto& word : chosen) {
    const bool is_known = std::any_of(known.begin(), known.end(),
                                      [&](const auto& store) { return is_among({word}, store); });
    if (is_known || has_variable_store) continue;
    std::vector<std::string> names;
    for (const auto& store : known) names.push_back(store.name);
    return unknown_store(word, names);
  }
  return {};
}

}  // namespace

Result<std::vector<StoreAccess>> stores_to_read(const home::Home& home,
                                                const std::vector<std::string>& chosen) {
  FALAJ_TRY(check_api_settings(home.settings()));
  std::vector<StoreAccess> stores;
  const auto paths = request_paths(home);
  std::vector<state::VaultStore> known;
  if (state::TokenVault::exists(home.paths().root)) {
    FALAJ_ASSIGN(const auto vault,
                 state::TokenVault::open(home.paths().root, home.vault_key_place()));
    FALAJ_ASSIGN(known, vault.list());
    for (const auto& store : known) {
      const bool is_wanted =
          chosen.empty() ? store.state != state::StoreState::kUninstalled : is_among(chosen, store);
      if (!is_wanted) continue;
      FALAJ_ASSIGN(auto tokens, vault.tokens(store.id));
      stores.push_back({store.name, store.id,
                        std::make_shared<TokenKeeper>(home, store, std::move(tokens)), "",
                        describer(home, store)});
    }
  }
  const auto from_vault = stores.size();
  FALAJ_TRY(add_variable_store(home, known, chosen, stores));
  FALAJ_TRY(check_chosen(chosen, known, stores.size() > from_vault));
  if (!stores.empty()) return stores;
  return Error(ErrorKind::kInvalidConfig,
               "no store to read: `falaj store add NAME` keeps a store's token, or set "
               "SALLA_API_TOKEN in the environment or in .env of the home");
}

Status check_api_settings(const config::Settings& settings) {
  return http::check_url(settings.api_base_url).while_doing("checking SALLA_API_BASE_URL");
}

StoreAccess access_by_token(const home::Home& home, const Secret& token) {
  return {
      "", std::nullopt,       std::make_shared<http::FixedToken>(token), fingerprint(home, token),
      {}, request_paths(home)};
}

}  // namespace falaj::stores
