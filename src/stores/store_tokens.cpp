#include "stores/store_tokens.hpp"

#include "connectors/salla/oauth.hpp"
#include "state/refresh_journal.hpp"
#include "stores/token_refresh.hpp"

namespace falaj::stores {
namespace {

using namespace std::chrono_literals;
using connectors::salla::AppEvent;
using state::StoreState;
using state::StoreTokens;
using state::TokenVault;
using state::VaultStore;

constexpr Micros kPatience = 2s;
// Salla delivers an event again until about fifteen minutes later, and in any order: one that says
// uninstalled so soon after an install may be of the install before.
constexpr Micros kEventsMayBeLate = 20min;

std::string label(const VaultStore& store) {
  return fmt::format("{} ({})", store.name, store.id.value());
}

// An event that comes late must not put back a refresh token that was spent since: sending it again
// would burn the install.
Result<bool> is_late(const TokenVault& vault, const VaultStore& store, const StoreTokens& offered) {
  FALAJ_ASSIGN(const bool is_spent, vault.is_spent(offered.refresh));
  if (is_spent) return true;
  FALAJ_ASSIGN(const auto known, vault.tokens(store.id));
  if (known.refresh == offered.refresh) return true;
  return store.state == StoreState::kActive && known.expires_at && offered.expires_at &&
         *offered.expires_at < *known.expires_at;
}

Result<std::string> accept_tokens(TokenVault& vault, const AppEvent& event, UtcTime now) {
  const StoreId id(event.merchant);
  const auto tokens = to_store_tokens(*event.grant, now);
  FALAJ_ASSIGN(auto store, vault.find(id));
  if (store) {
    FALAJ_ASSIGN(const bool late, is_late(vault, *store, tokens));
    if (late)
      return fmt::format("tokens of {} that came late or before: left alone", label(*store));
  } else {
    store.emplace();
    store->id = id;
    store->name = fmt::format("store-{}", id.value());
    store->added_at = now;
  }
  store->origin = state::StoreOrigin::kInstalled;
  FALAJ_TRY(vault.put(*store, tokens));
  return fmt::format("new tokens of {}", label(*store));
}

Result<std::string> accept_uninstall(TokenVault& vault, const AppEvent& event, UtcTime now) {
  FALAJ_ASSIGN(const auto store, vault.find(StoreId(event.merchant)));
  if (!store) return fmt::format("store {} removed the app and is not here", event.merchant);
  if (now < store->issued_at + kEventsMayBeLate) {
    return fmt::format(
        "{} removed the app, by an event that may be older than its tokens: left "
        "alone",
        label(*store));
  }
  FALAJ_TRY(
      vault.mark(store->id, StoreState::kUninstalled,
                 fmt::format("the merchant removed the app at {}", excerpt(event.created_at))));
  return fmt::format("{} removed the app: it is not read any more", label(*store));
}

}  // namespace

bool concerns_tokens(std::string_view event) {
  return event == "app.store.authorize" || event == "app.uninstalled";
}

Result<std::string> accept_store_authorization(const home::Home& home, std::string_view body) {
  FALAJ_ASSIGN(const auto event, connectors::salla::parse_app_event(body, home.clock().now()));
  if (!concerns_tokens(event.event))
    return fmt::format("{} says nothing of tokens", excerpt(event.event, 60));
  FALAJ_ASSIGN(auto vault, TokenVault::open(home.paths().root, home.vault_key_place()));
  // Beside no refresh: its answer would come after these tokens and take their place.
  FALAJ_ASSIGN(const auto lock,
               state::RefreshJournal::open(home.paths().root + "/state", StoreId(event.merchant),
                                           home.clock(), kPatience, {}));
  return event.grant ? accept_tokens(vault, event, home.clock().now())
                     : accept_uninstall(vault, event, home.clock().now());
}

}  // namespace falaj::stores
