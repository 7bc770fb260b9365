// The token source of one store of the vault: hands out its access token, renews it before it ends,
// and decides what a refused one means.
// Owns:     its connections to the vault and to Salla's accounts, opened when they are needed.
// Threads:  confined to its client's. Other processes may renew the same store's tokens.
// Errors:   those of refresh_tokens(). Once the tokens are dead every request ends with that error
//           without being sent.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "home/home.hpp"
#include "http/token_source.hpp"
#include "stores/token_refresh.hpp"

namespace falaj::stores {

class TokenKeeper final : public http::TokenSource {
 public:
  // `home` must outlive it.
  TokenKeeper(const home::Home& home, state::VaultStore store, state::StoreTokens tokens);
  ~TokenKeeper() override;

  Result<Secret> token() override;
  Result<Secret> replace(const Secret& refused, const Error& why) override;

 private:
  struct Connections;
  Result<Connections*> connections();
  Result<state::StoreTokens> refresh(RefreshReason reason);
  Status look_into_vault();
  // Whether the API takes the token where no scope is needed.
  bool is_taken_by_store_info();

  const home::Home& home_;
  state::VaultStore store_;
  state::StoreTokens tokens_;
  std::unique_ptr<Connections> connections_;
  std::optional<Error> dead_;
  UtcTime next_try_{};                   // of a renewal that failed
  UtcTime known_good_until_{};           // after a look at /store/info
  std::optional<UtcTime> renewed_at_{};  // because the one before was refused
};

// SALLA_API_TOKEN: nothing can be done but say so.
class VariableToken final : public http::TokenSource {
 public:
  explicit VariableToken(Secret token) : token_(std::move(token)) {}
  Result<Secret> token() override { return token_; }
  Result<Secret> replace(const Secret& refused, const Error& why) override;

 private:
  Secret token_;
};

// Where Salla's accounts are, and which app asks.
connectors::salla::OauthApp oauth_app(const home::Home& home);

}  // namespace falaj::stores
