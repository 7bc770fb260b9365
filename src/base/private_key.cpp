#include "base/private_key.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "base/sha256.hpp"

namespace falaj {
namespace {

constexpr int kFewestBits = 2048;

template <auto kFree>
struct Deleter {
  template <typename T>
  void operator()(T* object) const {
    kFree(object);
  }
};
using Bio = std::unique_ptr<BIO, Deleter<BIO_free_all>>;
using Key = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;

// Never asks a terminal: without a passphrase an encrypted key is refused.
int give_passphrase(char* buffer, int size, int /*writing*/, void* passphrase) {
  const auto& text = static_cast<const Secret*>(passphrase)->expose();
  if (text.empty() || static_cast<int>(text.size()) > size) return -1;
  std::memcpy(buffer, text.data(), text.size());
  return static_cast<int>(text.size());
}

Error refused(const char* what) {
  ERR_clear_error();
  return {ErrorKind::kInvalidConfig, what};
}

Result<Key> read_key(const Secret& pem, const Secret& passphrase) {
  const auto& text = pem.expose();
  const Bio bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  auto* given = const_cast<Secret*>(&passphrase);  // NOLINT: OpenSSL's interface takes void*
  Key key(PEM_read_bio_PrivateKey(bio.get(), nullptr, give_passphrase, given));
  if (!key) {
    const bool is_encrypted = text.find("ENCRYPTED") != std::string::npos;
    if (is_encrypted && passphrase.empty()) {
      return refused("the private key is encrypted: give its passphrase");
    }
    if (is_encrypted) return refused("the passphrase does not open the private key");
    return refused("this is not a private key in PEM (-----BEGIN PRIVATE KEY-----)");
  }
  if (EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA) {
    return refused("the private key is not an RSA key");
  }
  if (EVP_PKEY_get_bits(key.get()) < kFewestBits) {
    return refused("the private key has fewer than 2048 bits");
  }
  return key;
}

std::string base64(std::string_view bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                     reinterpret_cast<const unsigned char*>(bytes.data()),
                                     static_cast<int>(bytes.size()));
  text.resize(static_cast<size_t>(length));
  return text;
}

// DER of the public half.
Result<std::string> public_half(const Secret& pem) {
  FALAJ_ASSIGN(const Key key, read_key(pem, {}));
  unsigned char* der = nullptr;
  const int length = i2d_PUBKEY(key.get(), &der);
  if (length <= 0) return refused("the public half of the private key cannot be written");
  std::string bytes(reinterpret_cast<const char*>(der), static_cast<size_t>(length));
  OPENSSL_free(der);
  return bytes;
}

}  // namespace

Result<Secret> open_private_key(const Secret& pem, const Secret& passphrase) {
  FALAJ_ASSIGN(const Key key, read_key(pem, passphrase));
  const Bio out(BIO_new(BIO_s_mem()));
  if (PEM_write_bio_PKCS8PrivateKey(out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) !=
      1) {
    return refused("the private key cannot be written as PKCS#8");
  }
  char* bytes = nullptr;
  const long length = BIO_get_mem_data(out.get(), &bytes);
  return Secret(std::string(bytes, static_cast<size_t>(length)));
}

Result<std::string> public_key_text(const Secret& pem) {
  FALAJ_ASSIGN(const auto bytes, public_half(pem));
  return base64(bytes);
}

Result<std::string> public_key_fingerprint(const Secret& pem) {
  FALAJ_ASSIGN(const auto bytes, public_half(pem));
  const auto digest = sha256(bytes);
  return "SHA256:" + base64({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

}  // namespace falaj
