// The key that tokens are sealed with: XChaCha20-Poly1305 (libsodium), 32 random bytes, kept as one
// line of base64 in a file that only its owner can read, or given in the environment.
// Owns:     the key; its bytes are wiped when it goes.
// Threads:  a value.
// Errors:   kInvalidConfig (no key, file readable by others), kStorageFailed (disk). A text that does
//           not open was sealed with another key, for another purpose, or damaged: kStorageFailed.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace falaj::state {

class VaultKey {
 public:
  static constexpr size_t kBytes = 32;

  static VaultKey random();
  // `origin` names the place for errors: "FALAJ_VAULT_KEY".
  static Result<VaultKey> from_base64(const Secret& text, const std::string& origin);
  // Refuses a file that group or others may read, as ssh does. kNotFound when there is none.
  static Result<VaultKey> read_file(const std::string& path);
  // Writes a new file, durable, readable by its owner only; fails when there is one.
  Status write_file(const std::string& path) const;

  VaultKey(const VaultKey&) = default;
  VaultKey& operator=(const VaultKey&) = default;
  ~VaultKey();

  // Base64 of nonce and sealed text. It opens only with the same `purpose`, so that a row moved to
  // another place is refused.
  std::string seal(const Secret& text, std::string_view purpose) const;
  Result<Secret> open(std::string_view sealed, std::string_view purpose) const;
  Secret to_base64() const;

 private:
  VaultKey() = default;
  std::array<uint8_t, kBytes> bytes_{};
};

}  // namespace falaj::state
