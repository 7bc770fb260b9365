#include "state/vault_key.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sodium.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <vector>

#include "base/check.hpp"
#include "base/system_error.hpp"
#include "base/text_file.hpp"
#include "base/unique_fd.hpp"

namespace falaj::state {
namespace {

constexpr size_t kNonceBytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr size_t kTagBytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr size_t kKeyFileBytesMax = 1024;
static_assert(VaultKey::kBytes == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);

void prepare_library() {
  static const int ready = sodium_init();
  FALAJ_CHECK(ready >= 0, "libsodium cannot be used: no source of random numbers");
}

// libsodium's bytes are unsigned char, our texts char: the same bytes.
const uint8_t* bytes_of(std::string_view text) {
  return reinterpret_cast<const uint8_t*>(text.data());
}

std::string encode(const std::vector<uint8_t>& bytes) {
  std::string text(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(),
                    sodium_base64_VARIANT_ORIGINAL);
  text.resize(std::strlen(text.c_str()));
  return text;
}

bool decode(std::string_view text, std::vector<uint8_t>& bytes) {
  bytes.resize(text.size());
  size_t length = 0;
  const char* end = nullptr;
  if (sodium_base642bin(bytes.data(), bytes.size(), text.data(), text.size(), " \t\r\n", &length,
                        &end, sodium_base64_VARIANT_ORIGINAL) != 0 ||
      end != text.data() + text.size()) {
    return false;
  }
  bytes.resize(length);
  return true;
}

Error disk_error(const std::string& what, const std::string& path) {
  return Error(ErrorKind::kStorageFailed,
               fmt::format("cannot {} {}: {}", what, path, system_text(errno)));
}

}  // namespace

VaultKey::~VaultKey() {
  sodium_memzero(bytes_.data(), bytes_.size());
}

VaultKey VaultKey::random() {
  prepare_library();
  VaultKey key;
  randombytes_buf(key.bytes_.data(), key.bytes_.size());
  return key;
}

Result<VaultKey> VaultKey::from_base64(const Secret& text, const std::string& origin) {
  prepare_library();
  std::vector<uint8_t> bytes;
  // As an editor may have left it: a mark in front, quotes, a comment behind.
  const auto written = trimmed(unquoted(without_comment(text.expose())));
  if (!decode(written, bytes) || bytes.size() != kBytes) {
    return Error(ErrorKind::kInvalidConfig,
                 fmt::format("{} is no vault key: expected the base64 text of {} bytes, such as "
                             "`head -c {} /dev/urandom | base64` prints",
                             origin, kBytes, kBytes));
  }
  VaultKey key;
  std::memcpy(key.bytes_.data(), bytes.data(), kBytes);
  sodium_memzero(bytes.data(), bytes.size());
  return key;
}

Result<VaultKey> VaultKey::read_file(const std::string& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) {
    if (errno == ENOENT) return Error(ErrorKind::kNotFound, "there is no vault key " + path);
    return disk_error("read the vault key", path);
  }
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0) return disk_error("look at the vault key", path);
  if ((info.st_mode & 077) != 0) {
    return Error(ErrorKind::kInvalidConfig,
                 fmt::format("others than its owner may read the vault key {} (mode {:04o}), so it "
                             "is not used: chmod 600 {}",
                             path, static_cast<unsigned>(info.st_mode & 07777), path));
  }
  std::string text(kKeyFileBytesMax, '\0');
  const auto got = ::read(fd.get(), text.data(), text.size());
  if (got < 0) return disk_error("read the vault key", path);
  text.resize(static_cast<size_t>(got));
  auto key = from_base64(Secret(text), path);
  sodium_memzero(text.data(), text.size());
  return key;
}

Status VaultKey::write_file(const std::string& path) const {
  const UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!fd.valid()) return disk_error("make the vault key", path);
  auto text = to_base64().expose() + "\n";
  const auto written = ::write(fd.get(), text.data(), text.size());
  const bool is_whole = written == static_cast<ssize_t>(text.size());
  sodium_memzero(text.data(), text.size());
  const UniqueFd folder(::open(std::filesystem::path(path).parent_path().c_str(),
                               O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!is_whole || ::fsync(fd.get()) != 0 || ::fsync(folder.get()) != 0) {
    auto error = disk_error("write the vault key", path);
    ::unlink(path.c_str());
    return error;
  }
  return {};
}

std::string VaultKey::seal(const Secret& text, std::string_view purpose) const {
  const auto& plain = text.expose();
  std::vector<uint8_t> sealed(kNonceBytes + plain.size() + kTagBytes);
  randombytes_buf(sealed.data(), kNonceBytes);
  crypto_aead_xchacha20poly1305_ietf_encrypt(sealed.data() + kNonceBytes, nullptr, bytes_of(plain),
                                             plain.size(), bytes_of(purpose), purpose.size(),
                                             nullptr, sealed.data(), bytes_.data());
  return encode(sealed);
}

Result<Secret> VaultKey::open(std::string_view sealed, std::string_view purpose) const {
  std::vector<uint8_t> bytes;
  if (!decode(sealed, bytes) || bytes.size() < kNonceBytes + kTagBytes)
    return Error(ErrorKind::kStorageFailed, "the sealed text is cut or damaged");
  std::string plain(bytes.size() - kNonceBytes - kTagBytes, '\0');
  // The same bytes, as above.
  auto* target = reinterpret_cast<uint8_t*>(plain.data());
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(
          target, nullptr, nullptr, bytes.data() + kNonceBytes, bytes.size() - kNonceBytes,
          bytes_of(purpose), purpose.size(), bytes.data(), bytes_.data()) != 0) {
    return Error(ErrorKind::kStorageFailed,
                 "the sealed text does not open: another key, another store's, or damaged");
  }
  return Secret(std::move(plain));
}

Secret VaultKey::to_base64() const {
  return Secret(encode({bytes_.begin(), bytes_.end()}));
}

}  // namespace falaj::state
