#include "app/store_commands.hpp"

#include <algorithm>
#include <memory>

#include "app/store_access.hpp"
#include "app/token_keeper.hpp"
#include "base/log.hpp"
#include "base/token_text.hpp"
#include "home/demo_mark.hpp"
#include "home/home.hpp"
#include "home/interrupt.hpp"
#include "http/curl_transport.hpp"

namespace falaj::app {
namespace {

// An access token that stays, or a token answer, which can be refreshed.
Result<state::StoreTokens> read_tokens(const Secret& given, UtcTime now) {
  state::StoreTokens tokens;
  tokens.access = given;
  tokens.issued_at = now;
  if (!given.expose().starts_with("{")) return tokens;
  const auto grant = connectors::salla::parse_grant(given.expose(), now);
  if (grant.ok()) {
    tokens = to_store_tokens(*grant, now);
    FALAJ_ASSIGN(tokens.access, clean_token(tokens.access.expose(), "access_token"));
    if (tokens.refresh.empty()) return tokens;
    FALAJ_ASSIGN(tokens.refresh, clean_token(tokens.refresh.expose(), "refresh_token"));
    return tokens;
  }
  return Error(ErrorKind::kUsage,
               "what begins with { is no token answer: expected a JSON object with access_token, "
               "refresh_token and expires or expires_in");
}

Result<operate::StoreView> add_store(const home::Home& home, state::TokenVault& vault,
                                     const operate::NewStore& given) {
  FALAJ_ASSIGN(const auto tokens, read_tokens(given.token, home.clock().now()));
  FALAJ_ASSIGN(const auto info, ask_store(home, tokens.access));
  state::VaultStore store;
  store.id = StoreId(info.id);
  store.name = given.name;
  store.title = info.name;
  store.plan = info.plan;
  store.added_at = home.clock().now();
  if (!tokens.refresh.empty()) store.origin = state::StoreOrigin::kAuthorized;
  FALAJ_TRY(
      put_store(vault, home.paths().root + "/state", home.clock(), store, tokens, home.stop()));
  FALAJ_ASSIGN(const auto kept, vault.find(given.name));
  return to_view(kept);
}

// The vault of a home that has one.
Result<state::TokenVault> open_vault(const home::Home& home) {
  if (!state::TokenVault::exists(home.paths().root)) {
    return Error(ErrorKind::kNotFound,
                 fmt::format("there are no stores in {}; `falaj store add NAME` adds one",
                             home.paths().root));
  }
  return state::TokenVault::open(home.paths().root, home.vault_key_place());
}

// The vault of a home with what renewing its tokens takes.
struct OpenVault {
  static Result<std::unique_ptr<OpenVault>> of_home(const home::Home& home) {
    FALAJ_ASSIGN(auto vault, open_vault(home));
    return std::unique_ptr<OpenVault>(new OpenVault{home, std::move(vault)});
  }
  RefreshParts refresh_parts() {
    return {
        home.paths().root + "/state", vault, transport, home.clock(), oauth_app(home), home.stop()};
  }

  const home::Home& home;
  state::TokenVault vault;
  http::CurlTransport transport{http::CurlOptions{}};
};

}  // namespace

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

Result<std::vector<operate::StoreView>> list_stores(const home::Home& home) {
  std::vector<operate::StoreView> views;
  if (!state::TokenVault::exists(home.paths().root)) return views;
  FALAJ_ASSIGN(const auto vault, open_vault(home));
  FALAJ_ASSIGN(const auto stores, vault.list());
  for (const auto& store : stores) views.push_back(to_view(store));
  return views;
}

Result<operate::StoreView> show_store(const home::Home& home, const std::string& name) {
  FALAJ_ASSIGN(const auto vault, open_vault(home));
  FALAJ_ASSIGN(const auto store, vault.find(name));
  return to_view(store);
}

Result<std::vector<operate::StoreView>> add_stores(const home::Home& home,
                                                   const std::vector<operate::NewStore>& stores) {
  FALAJ_TRY(home::refuse_demo_home(home.paths().root, "adding a store"));
  FALAJ_TRY(check_api_settings(home.settings()));
  for (const auto& store : stores) FALAJ_TRY(state::check_store_name(store.name));
  FALAJ_ASSIGN(auto vault, state::TokenVault::open(home.paths().root, home.vault_key_place()));
  FALAJ_TRY(vault.key());
  std::vector<operate::StoreView> added;
  for (const auto& given : stores) {
    FALAJ_ASSIGN(auto view, add_store(home, vault, given)
                                .while_doing(fmt::format("adding the store \"{}\"", given.name)));
    added.push_back(std::move(view));
  }
  return added;
}

Status remove_store(const home::Home& home, const std::string& name) {
  FALAJ_ASSIGN(auto vault, open_vault(home));
  FALAJ_ASSIGN(const auto store, vault.find(name));
  return vault.remove(store.id);
}

Result<std::vector<operate::StoreView>> refresh_stores(const home::Home& home,
                                                       const operate::RefreshRequest& request) {
  FALAJ_ASSIGN(auto open, OpenVault::of_home(home));
  auto& vault = open->vault;
  const auto parts = open->refresh_parts();
  std::vector<state::VaultStore> stores;
  if (request.name.empty()) {
    FALAJ_ASSIGN(stores, vault.list());
    std::erase_if(stores, [](const auto& store) { return !store.can_refresh; });
  } else {
    FALAJ_ASSIGN(auto store, vault.find(request.name));
    stores.push_back(std::move(store));
  }
  const auto reason = request.is_again   ? RefreshReason::kAgain
                      : request.is_asked ? RefreshReason::kAsked
                                         : RefreshReason::kDue;
  std::vector<operate::StoreView> views;
  std::optional<Error> first;
  for (const auto& store : stores) {
    FALAJ_ASSIGN(const auto tokens, vault.tokens(store.id));
    auto done = refresh_tokens(parts, store.id, reason, tokens.access);
    if (!done.ok()) {
      if (first) log_error("{}", done.error().to_text());
      if (!first) first = std::move(done).error();
      continue;
    }
    FALAJ_ASSIGN(const auto kept, vault.find(store.name));
    views.push_back(to_view(kept));
  }
  if (first) return *first;
  return views;
}

Status rekey_vault(const home::Home& home, const Secret& new_key) {
  FALAJ_ASSIGN(auto open, OpenVault::of_home(home));
  auto& vault = open->vault;
  const auto parts = open->refresh_parts();
  // What waits in a journal is sealed with the old key.
  FALAJ_ASSIGN(const auto stores, vault.list());
  for (const auto& store : stores) FALAJ_TRY(settle_refresh(parts, store.id));
  if (new_key.empty()) return vault.rekey(std::nullopt);
  FALAJ_ASSIGN(const auto key, state::VaultKey::from_base64(new_key, "the new key"));
  return vault.rekey(key);
}

}  // namespace falaj::app
