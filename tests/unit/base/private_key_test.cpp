#include "base/private_key.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "support/temp_dir.hpp"

namespace falaj {
namespace {

// Keys are made by the openssl program where it is there: none lies in the repository.
class PrivateKey : public ::testing::Test {
 protected:
  void SetUp() override {
    if (std::system("openssl version >/dev/null 2>&1") != 0) {
      GTEST_SKIP() << "needs the openssl program to make keys";
    }
    run("openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out plain.pem");
    run("openssl pkcs8 -topk8 -v2 aes256 -in plain.pem -passout pass:open-sesame -out locked.pem");
  }
  void run(const std::string& command) {
    const auto line = "cd '" + dir_.path().string() + "' && " + command + " 2>/dev/null";
    ASSERT_EQ(std::system(line.c_str()), 0) << command;
  }
  Secret key(const std::string& name) const { return Secret(test::read_text_file(dir_ / name)); }

  const test::TempDir dir_;
};

std::string refusal(const Secret& pem, const std::string& passphrase = "") {
  const auto opened = open_private_key(pem, Secret(passphrase));
  return opened.ok() ? "opened" : opened.error().to_text();
}

TEST_F(PrivateKey, AnEncryptedKeyOpensWithItsPassphraseOnly) {
  const auto plain = open_private_key(key("plain.pem"), {});
  ASSERT_TRUE(plain.ok()) << plain.error().to_text();
  const auto opened = open_private_key(key("locked.pem"), Secret("open-sesame"));
  ASSERT_TRUE(opened.ok()) << opened.error().to_text();
  EXPECT_EQ(opened->expose(), plain->expose());
  EXPECT_TRUE(opened->expose().starts_with("-----BEGIN PRIVATE KEY-----"));
  EXPECT_EQ(refusal(key("locked.pem")), "the private key is encrypted: give its passphrase");
  EXPECT_EQ(refusal(key("locked.pem"), "wrong"), "the passphrase does not open the private key");
}

TEST_F(PrivateKey, OnlyRsaKeysOfSomeSizeAreTaken) {
  run("openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024 -out small.pem");
  run("openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out curve.pem");
  EXPECT_EQ(refusal(key("small.pem")), "the private key has fewer than 2048 bits");
  EXPECT_EQ(refusal(key("curve.pem")), "the private key is not an RSA key");
  EXPECT_NE(refusal(Secret("nonsense")).find("not a private key in PEM"), std::string::npos);
  EXPECT_NE(refusal(Secret()).find("not a private key in PEM"), std::string::npos);
}

TEST_F(PrivateKey, TheFingerprintIsThatOfThePublicKey) {
  run("openssl rsa -in plain.pem -pubout -outform DER | openssl dgst -sha256 -binary | openssl "
      "base64 -A > fingerprint");
  const auto fingerprint = public_key_fingerprint(key("plain.pem"));
  ASSERT_TRUE(fingerprint.ok());
  EXPECT_EQ(*fingerprint, "SHA256:" + test::read_text_file(dir_ / "fingerprint"));
  run("openssl rsa -in plain.pem -pubout -outform DER | openssl base64 -A > public");
  const auto text = public_key_text(key("plain.pem"));
  ASSERT_TRUE(text.ok());
  EXPECT_EQ(*text, test::read_text_file(dir_ / "public"));
}

}  // namespace
}  // namespace falaj
