// SHA-256 over bytes (OpenSSL, which uses the processor's SHA instructions).
// Threads:  a Sha256 belongs to one thread.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace falaj {

using Sha256Digest = std::array<uint8_t, 32>;

class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  void update(std::string_view bytes);
  // The digest of everything since construction or the last finish(); starts again.
  Sha256Digest finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

Sha256Digest sha256(std::string_view bytes);
std::string to_hex(const Sha256Digest& digest);
// The first 63 bits, big-endian, top bit cleared: how a digest becomes a BIGINT key.
int64_t first_63_bits(const Sha256Digest& digest);

}  // namespace falaj
