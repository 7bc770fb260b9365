// Private keys in PEM: what signs a login.
// Threads:  functions.
// Errors:   kInvalidConfig, without a byte of the key or the passphrase: not a key, a wrong or
//           missing passphrase, not RSA, fewer than 2048 bits.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"

namespace falaj {

// An RSA key (PKCS#1 or PKCS#8, encrypted or not) as unencrypted PKCS#8 PEM.
Result<Secret> open_private_key(const Secret& pem, const Secret& passphrase);

// The key's public half as Snowflake's RSA_PUBLIC_KEY takes it: base64 in one line.
Result<std::string> public_key_text(const Secret& pem);

// "SHA256:..." of the key's public half, as Snowflake shows it (RSA_PUBLIC_KEY_FP).
Result<std::string> public_key_fingerprint(const Secret& pem);

}  // namespace falaj
