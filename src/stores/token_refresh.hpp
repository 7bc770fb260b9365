// Refreshes one store's tokens so that no crash, no race and no lost answer uses a refresh token
// twice: Salla answers a second use by revoking every token of the install.
// Shape:    under the store's lock, which holds across processes: settle what an earlier process
//           left, look whether somebody else has refreshed meanwhile, write down that a refresh
//           begins, send it once, keep the answer, put it into the vault.
// Owns:     nothing.
// Threads:  confined to the vault's and the transport's.
// Errors:   kAuthFailed: the tokens are dead, and the text says what the merchant must do.
//           kOutcomeUnknown: a refresh was sent and no answer came; never sent again by itself.
//           kInvalidConfig, kRateLimited, kUnavailable, kConflict: nothing was sent, try later.
//           kStorageFailed: before sending, nothing is lost.
// Facts:    docs/decisions/0008-refreshing-tokens.md, salla-api.md 1.3
#pragma once

#include <stop_token>
#include <string>

#include "base/clock.hpp"
#include "connectors/salla/oauth.hpp"
#include "http/transport.hpp"
#include "state/token_vault.hpp"

namespace falaj::stores {

enum class RefreshReason {
  kDue,      // the token ends soon
  kRefused,  // the API does not take it any more
  kAsked,    // a person wants a new one
  kAgain,    // a person wants it sent though an earlier outcome is unknown
};

struct RefreshParts {
  std::string folder;  // <home>/state
  state::TokenVault& vault;
  http::Transport& transport;
  Clock& clock;
  connectors::salla::OauthApp app;
  std::stop_token stop;
};

// `seen` is the access token that the caller holds: if the vault has another one by now, that one
// is returned and nothing is sent. With kDue, tokens that can still be used are returned where they
// cannot be renewed because an earlier outcome is unknown.
Result<state::StoreTokens> refresh_tokens(const RefreshParts& parts, StoreId store,
                                          RefreshReason reason, const Secret& seen);

// Puts what an earlier process left behind into the vault; sends nothing.
Status settle_refresh(const RefreshParts& parts, StoreId store);
// Puts a store and tokens that did not come from a refresh into the vault, beside no refresh.
Status put_store(state::TokenVault& vault, const std::string& folder, Clock& clock,
                 const state::VaultStore& store, const state::StoreTokens& tokens,
                 const std::stop_token& stop);

// One day before the end; of short-lived tokens, when a quarter of their life is left.
bool is_due(const state::StoreTokens& tokens, UtcTime now);
bool has_ended(const state::StoreTokens& tokens, UtcTime now);

// What brings new tokens, in words for the one at the terminal.
std::string way_to_new_tokens(const state::VaultStore& store);

state::StoreTokens to_store_tokens(const connectors::salla::TokenGrant& grant, UtcTime now);

}  // namespace falaj::stores
