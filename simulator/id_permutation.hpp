// Obfuscated ids: index -> id by multiply and xor mod 2^31, as Salla's ids behave: unique within a
// resource, never in order of creation.
// Units:    index in [0, 2^30); id in [1, 2^31).
// Threads:  a value.
// Facts:    salla-api.md section 3, "ids"
#pragma once

#include <cstdint>

#include "simulator/random_stream.hpp"

namespace falaj::simulator {

class IdPermutation {
 public:
  // `is_permuted` false: ids are 1, 2, 3, ...
  IdPermutation(uint64_t seed, uint64_t salt, bool is_permuted) : is_permuted_(is_permuted) {
    RandomStream random(seed, salt, 0);
    factor_ = (random.next() & kMask) | 1U;
    inverse_ = invert(factor_);
    // Id 0 must belong to an index that no store reaches.
    do {
      mask_ = random.next() & kMask;
    } while (to_index(0) < (1U << 30U));
  }

  int64_t to_id(uint64_t index) const {
    if (!is_permuted_) return static_cast<int64_t>(index + 1);
    return static_cast<int64_t>(((index * factor_) & kMask) ^ mask_);
  }
  // The index that `id` would belong to; the caller checks that it exists.
  uint64_t to_index(int64_t id) const {
    const auto key = static_cast<uint64_t>(id);
    if (key > kMask) return ~uint64_t{0};
    if (!is_permuted_ && id > 0) return key - 1;
    return ((key ^ mask_) * inverse_) & kMask;
  }

 private:
  static constexpr uint64_t kMask = (uint64_t{1} << 31U) - 1;
  // Newton's iteration: each step doubles the number of right bits.
  static uint64_t invert(uint64_t odd) {
    uint64_t inverse = odd;
    for (int i = 0; i < 5; ++i) inverse *= 2 - odd * inverse;
    return inverse & kMask;
  }

  bool is_permuted_;
  uint64_t factor_ = 1;
  uint64_t inverse_ = 1;
  uint64_t mask_ = 0;
};

}  // namespace falaj::simulator
