#include "app/store_commands.hpp"

#include "app/home.hpp"
#include "app/store_access.hpp"

namespace falaj::app {
namespace {

operate::StoreView to_view(const state::VaultStore& store) {
  operate::StoreView view;
  view.id = store.id.value();
  view.name = store.name;
  view.title = store.title;
  view.plan = store.plan;
  view.access = to_string(store.origin);
  view.state = to_string(store.state);
  view.remark = store.state_reason;
  view.can_refresh = store.can_refresh;
  view.added_at = to_iso8601(store.added_at);
  view.issued_at = to_iso8601(store.issued_at);
  if (store.expires_at) view.expires_at = to_iso8601(*store.expires_at);
  view.scopes = store.scopes;
  return view;
}

// The vault of a home that has one.
Result<state::TokenVault> open_vault(const HomePaths& paths, const config::Settings& settings) {
  if (!state::TokenVault::exists(paths.root)) {
    return Error(
        ErrorKind::kNotFound,
        fmt::format("there are no stores in {}; `falaj store add NAME` adds one", paths.root));
  }
  return state::TokenVault::open(paths.root, vault_key_place(settings));
}

}  // namespace

Result<std::vector<operate::StoreView>> list_stores(const std::string& home) {
  const auto paths = home_paths(home);
  std::vector<operate::StoreView> views;
  FALAJ_ASSIGN(const auto loaded, load_settings(paths));
  if (!state::TokenVault::exists(paths.root)) return views;
  FALAJ_ASSIGN(const auto vault, open_vault(paths, loaded.settings));
  FALAJ_ASSIGN(const auto stores, vault.list());
  for (const auto& store : stores) views.push_back(to_view(store));
  return views;
}

Result<operate::StoreView> show_store(const std::string& home, const std::string& name) {
  const auto paths = home_paths(home);
  FALAJ_ASSIGN(const auto loaded, load_settings(paths));
  FALAJ_ASSIGN(const auto vault, open_vault(paths, loaded.settings));
  FALAJ_ASSIGN(const auto store, vault.find(name));
  return to_view(store);
}

Result<std::vector<operate::StoreView>> add_stores(const std::string& home,
                                                   const std::vector<cli::NewStore>& stores) {
  const auto paths = home_paths(home);
  FALAJ_ASSIGN(const auto loaded, load_settings(paths));
  FALAJ_TRY(check_api_settings(loaded.settings));
  for (const auto& store : stores) FALAJ_TRY(state::check_store_name(store.name));
  const SystemClock clock(loaded.settings.time_scale);
  FALAJ_ASSIGN(auto vault, state::TokenVault::open(paths.root, vault_key_place(loaded.settings)));
  FALAJ_TRY(vault.key());
  std::vector<operate::StoreView> added;
  for (const auto& given : stores) {
    FALAJ_ASSIGN(const auto info,
                 ask_store(loaded.settings, given.token)
                     .while_doing(fmt::format("asking who the store \"{}\" is", given.name)));
    state::VaultStore store;
    store.id = StoreId(info.id);
    store.name = given.name;
    store.title = info.name;
    store.plan = info.plan;
    store.added_at = clock.now();
    state::StoreTokens tokens;
    tokens.access = given.token;
    tokens.issued_at = clock.now();
    FALAJ_TRY(vault.put(store, tokens).while_doing("adding the store " + given.name));
    FALAJ_ASSIGN(const auto kept, vault.find(given.name));
    added.push_back(to_view(kept));
  }
  return added;
}

Status remove_store(const std::string& home, const std::string& name) {
  const auto paths = home_paths(home);
  FALAJ_ASSIGN(const auto loaded, load_settings(paths));
  FALAJ_ASSIGN(auto vault, open_vault(paths, loaded.settings));
  FALAJ_ASSIGN(const auto store, vault.find(name));
  return vault.remove(store.id);
}

Status rekey_vault(const std::string& home, const Secret& new_key) {
  const auto paths = home_paths(home);
  FALAJ_ASSIGN(const auto loaded, load_settings(paths));
  FALAJ_ASSIGN(auto vault, open_vault(paths, loaded.settings));
  if (new_key.empty()) return vault.rekey(std::nullopt);
  FALAJ_ASSIGN(const auto key, state::VaultKey::from_base64(new_key, "the new key"));
  return vault.rekey(key);
}

}  // namespace falaj::app
