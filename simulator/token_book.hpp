// Access tokens, refresh tokens and authorization codes, as Salla's OAuth server keeps them:
// refreshing gives a new pair and kills the old refresh token; using a dead one revokes the whole
// family.
// Units:    UTC seconds of the simulated clock.
// Threads:  confined to one.
// Facts:    salla-api.md 1.2, 1.3
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace falaj::simulator {

struct AccessToken {
  size_t store = 0;     // position among the simulator's stores
  int64_t expires = 0;  // 0: never
  bool is_revoked = false;
};

struct TokenPair {
  std::string access;
  std::string refresh;
  int64_t expires = 0;
  std::string scope;  // as asked for with the code; empty: what the store started with
};

// What happened to a store's tokens.
struct TokenCounts {
  int64_t refreshed = 0;  // refresh grants that were executed
  int64_t exchanged = 0;  // codes
  int64_t reused = 0;     // dead refresh tokens and codes that came again: each burnt a family
  int64_t unknown = 0;    // by no store: refresh tokens and codes that were never given out
};

class TokenBook {
 public:
  explicit TokenBook(int64_t lifetime_secs) : lifetime_(lifetime_secs) {}

  // The pair that a store is born with.
  void add(size_t store, const std::string& access, const std::string& refresh, int64_t now);
  // The store that a valid token opens.
  std::optional<size_t> store_of(std::string_view access, int64_t now) const;
  // Nothing: the token is unknown or was used before, and its family is revoked now.
  std::optional<TokenPair> refresh(std::string_view token, int64_t now);
  // A new family, as an install brings it.
  TokenPair issue(size_t store, const std::string& scope, int64_t now);
  // A code that is good once, for ten minutes and this redirect address.
  std::string issue_code(size_t store, const std::string& redirect_uri, const std::string& scope,
                         int64_t now);
  // Nothing: unknown, too old, for another address, or used before, and the family is revoked now.
  std::optional<TokenPair> exchange(std::string_view code, std::string_view redirect_uri,
                                    int64_t now);
  // Ends every access token of a store.
  void expire(size_t store);
  // Ends every token of a store, as uninstalling its app does.
  void revoke(size_t store);
  int64_t lifetime() const { return lifetime_; }
  TokenCounts counts(size_t store) const;

 private:
  struct RefreshToken {
    size_t store = 0;
    bool is_used = false;
    std::string scope;
  };
  struct Code {
    size_t store = 0;
    std::string redirect_uri;
    std::string scope;
    int64_t expires = 0;
    bool is_used = false;
  };
  int64_t lifetime_;
  std::map<std::string, AccessToken, std::less<>> access_;
  std::map<std::string, RefreshToken, std::less<>> refresh_;
  std::map<std::string, Code, std::less<>> codes_;
  std::map<size_t, int> generations_;
  std::map<size_t, TokenCounts> counts_;
  int64_t unknown_ = 0;
};

}  // namespace falaj::simulator
