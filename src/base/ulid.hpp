// ULIDs: 26 characters of Crockford base 32, 48 bits of milliseconds and 80 random bits, so that
// ids made later sort later. Ids of one generator are strictly increasing, also within one
// millisecond and when the clock steps back.
// Threads:  safe.
// Facts:    github.com/ulid/spec
#pragma once

#include <cstdint>
#include <mutex>
#include <random>
#include <string>

#include "base/clock.hpp"

namespace falaj {

__extension__ typedef unsigned __int128 Uint128;

class UlidGenerator {
 public:
  // `seed` is injected so that tests are repeatable; a program passes random_seed().
  UlidGenerator(const Clock& clock, uint64_t seed) : clock_(clock), random_(seed) {}
  std::string next();
  // Ids made from now on sort after `id`, also when the clock is behind it; what is no ULID is
  // ignored.
  void stay_above(const std::string& id);

  static uint64_t random_seed();

 private:
  const Clock& clock_;
  std::mutex mutex_;
  std::mt19937_64 random_;
  uint64_t last_millis_ = 0;
  Uint128 entropy_ = 0;
};

bool is_ulid(const std::string& text);

}  // namespace falaj
