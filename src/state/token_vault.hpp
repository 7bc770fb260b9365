// The stores of a home and their tokens, in <home>/state/vault.db: names and dates in the clear,
// tokens sealed with the vault's key, each for its store alone.
// Shape:    one row a store, found by the name that its user chose or by its id.
// Owns:     the database connection and the key.
// Threads:  confined to one; several processes may have the vault open.
// Errors:   kNotFound (no such store), kInvalidConfig (no key, the wrong key, a key that others may
//           read), kStorageFailed (disk, a damaged row), kUsage (a name that does not fit or is taken).
// Facts:    salla-api.md 1.2, 1.3
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "state/vault_key.hpp"

namespace falaj::state {

struct StoreTokens {
  Secret access;
  Secret refresh;  // empty: a token that lives until the merchant takes it back
  UtcTime issued_at{};
  std::optional<UtcTime> expires_at;  // of the access token
  std::string scopes;                 // as granted, separated by spaces
};

// How a store came here.
enum class StoreOrigin { kStaticToken, kAuthorized, kInstalled };
// kUnclear: a refresh was sent and no answer came. kBurnt: its tokens were revoked together.
// kUninstalled: the merchant took the app away. All three end with new tokens.
enum class StoreState { kActive, kUnclear, kBurnt, kUninstalled };
std::string_view to_string(StoreOrigin origin);
std::string_view to_string(StoreState state);

struct VaultStore {
  StoreId id;
  std::string name;   // chosen by the user
  std::string title;  // what the store calls itself
  std::string plan;
  StoreOrigin origin = StoreOrigin::kStaticToken;
  StoreState state = StoreState::kActive;
  std::string state_reason;
  bool can_refresh = false;
  UtcTime added_at{};
  UtcTime issued_at{};
  std::optional<UtcTime> expires_at;
  std::string scopes;
};

// Where the key is: `text` (base64) if it is not empty, else the file.
struct VaultKeyPlace {
  Secret text;
  std::string file;  // empty: <home>/state/vault.key
};

class TokenVault {
 public:
  // Makes an empty vault, and a key file for it, where there is none. An unreadable key is an error
  // of what needs it, not of open(): names and dates can be seen without.
  static Result<TokenVault> open(const std::string& home, const VaultKeyPlace& key);
  static bool exists(const std::string& home);
  TokenVault(TokenVault&&) noexcept;
  TokenVault& operator=(TokenVault&&) noexcept;
  ~TokenVault();

  Result<std::vector<VaultStore>> list() const;  // by name
  // `name_or_id` as a user gives it.
  Result<VaultStore> find(const std::string& name_or_id) const;
  Result<std::optional<VaultStore>> find(StoreId id) const;
  Result<StoreTokens> tokens(StoreId id) const;

  // Adds a store, or gives a known one new tokens (and title and plan): it is active then. A name
  // stays with its store.
  Status put(const VaultStore& store, const StoreTokens& tokens);
  // Tokens that took the place of others, and the refresh token that was spent for them. Durable
  // when this returns.
  Status replace_tokens(StoreId id, const StoreTokens& tokens, const Secret& spent, UtcTime now);
  // What the store says of itself.
  Status describe(StoreId id, const std::string& title, const std::string& plan);
  Status mark(StoreId id, StoreState state, const std::string& reason);
  Status remove(StoreId id);

  // Whether a refresh token was spent here once: it must not come back as a new one.
  Result<bool> is_spent(const Secret& refresh) const;

  // Seals everything with a new key. Of a key file: the file is replaced.
  Status rekey(const std::optional<VaultKey>& next);

  // For what lies beside the vault and must be sealed too.
  Result<VaultKey> key() const;

 private:
  struct Core;
  explicit TokenVault(std::unique_ptr<Core> core);
  std::unique_ptr<Core> core_;
};

// What may be written down of a token: 16 hex digits.
std::string fingerprint(const Secret& token);

// A store's name: 1 to 64 letters, digits, '.', '_' and '-', not digits alone, since those are an id.
Status check_store_name(const std::string& name);

}  // namespace falaj::state
