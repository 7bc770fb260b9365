// Numbers that are a function of a seed and a place: the same seed gives the same store.
// Threads:  values and pure functions.
#pragma once

#include <cstdint>

namespace falaj::simulator {

// Mixes 64 bits (splitmix64's finaliser): every input bit reaches every output bit.
inline uint64_t mix(uint64_t x) {
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

// A stream of numbers for one entity.
class Dice {
 public:
  Dice(uint64_t seed, uint64_t kind, uint64_t index) : state_(mix(mix(seed * 131 + kind) ^ index)) {}
  uint64_t next() {
    state_ += 0x9e3779b97f4a7c15ULL;
    return mix(state_);
  }
  // 0 <= result < count.
  uint32_t below(uint32_t count) {
    return static_cast<uint32_t>(((next() >> 32) * count) >> 32);
  }
  bool percent(uint32_t chance) { return below(100) < chance; }

 private:
  uint64_t state_;
};

// Ids as Salla gives them: a permutation of the numbers below 2^31 by one multiplication and one
// xor, so that an id tells nothing about its age and an index can be found from it.
class IdPermutation {
 public:
  explicit IdPermutation(uint64_t salt, bool is_plain = false)
      : factor_(static_cast<uint32_t>(mix(salt)) | 1U),
        mask_(static_cast<uint32_t>(mix(salt + 1)) & kLimit),
        inverse_(inverse_of(factor_)),
        is_plain_(is_plain) {}

  int64_t id(uint32_t index) const {
    if (is_plain_) return int64_t{index} + 1;
    return (((index + 1) * factor_) & kLimit) ^ mask_;
  }
  // The index of an id; beyond any count for one that was never given.
  uint32_t index(int64_t id) const {
    if (id < 0 || id > kLimit) return kLimit;
    if (is_plain_) return static_cast<uint32_t>(id - 1);
    return (((static_cast<uint32_t>(id) ^ mask_) * inverse_) & kLimit) - 1;
  }

 private:
  static constexpr uint32_t kLimit = 0x7fffffffU;
  static uint32_t inverse_of(uint32_t odd) {
    uint32_t result = odd;
    for (int i = 0; i < 5; ++i) result *= 2 - odd * result;
    return result;
  }
  uint32_t factor_;
  uint32_t mask_;
  uint32_t inverse_;
  bool is_plain_;
};

}  // namespace falaj::simulator
