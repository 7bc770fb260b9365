// Access and refresh tokens, as Salla's OAuth server keeps them: refreshing gives a new pair and
// kills the old refresh token; using a dead one revokes the whole family.
// Units:    UTC seconds of the simulated clock.
// Threads:  confined to one.
// Facts:    salla-api.md 1.3
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
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
  // Ends every access token of a store.
  void expire(size_t store);
  int64_t lifetime() const { return lifetime_; }

 private:
  struct RefreshToken {
    size_t store = 0;
    bool is_used = false;
  };
  int64_t lifetime_;
  std::map<std::string, AccessToken, std::less<>> access_;
  std::map<std::string, RefreshToken, std::less<>> refresh_;
  std::map<size_t, int> generations_;
};

}  // namespace falaj::simulator
