// Reproducible noise: a value depends on what it is drawn for (seed, purpose, index), never on what
// was drawn before, so that any entity can be made at any time in any order.
// Threads:  a value.
#pragma once

#include <cstdint>

namespace falaj::simulator {

// splitmix64's finalizer: every input bit changes half of the output bits.
constexpr uint64_t mix64(uint64_t x) {
  x += 0x9E3779B97F4A7C15ULL;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
  return x ^ (x >> 31);
}

// GCC's 128-bit integer, which -Wpedantic wants marked as an extension.
__extension__ using Wide = unsigned __int128;

class RandomStream {
 public:
  constexpr RandomStream(uint64_t seed, uint64_t purpose, uint64_t index)
      : state_(mix64(seed ^ mix64(purpose * 0x9E3779B97F4A7C15ULL + index))) {}

  constexpr uint64_t next() { return mix64(state_ += 0xD1B54A32D192ED03ULL); }
  // Uniform in [0, bound); bound > 0.
  constexpr uint64_t below(uint64_t bound) {
    return static_cast<uint64_t>((static_cast<Wide>(next()) * bound) >> 64U);
  }
  // Uniform in [0, 1).
  constexpr double unit() { return static_cast<double>(next() >> 11U) * 0x1.0p-53; }
  constexpr bool percent(uint64_t chance) { return below(100) < chance; }

 private:
  uint64_t state_;
};

}  // namespace falaj::simulator
