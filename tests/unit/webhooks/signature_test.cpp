// Who may send events: test vectors, prefixes, tokens, rotation, stores with secrets of their own.
#include "webhooks/signature.hpp"

#include <gtest/gtest.h>

#include "base/hmac.hpp"

namespace falaj::webhooks {
namespace {

http_server::Request signed_request(const std::string& body, const std::string& signature) {
  http_server::Request request;
  request.method = "POST";
  request.headers = {{"x-salla-signature", signature}};
  request.body = body;
  return request;
}

SignatureCheck check(Strategy strategy, Secrets secrets) {
  auto made = SignatureCheck::create(strategy, std::move(secrets));
  EXPECT_TRUE(made.ok());
  return std::move(made).value();
}

Secrets of(std::vector<std::string> texts) {
  Secrets secrets;
  for (auto& text : texts) secrets.general.emplace_back(std::move(text));
  return secrets;
}

// RFC 4231, test cases 2 and 6.
TEST(Signature, KnowsTheVectorsOfTheRfc) {
  EXPECT_EQ(to_hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(to_hex(hmac_sha256(std::string(131, '\xaa'),
                               "Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(Signature, IsOverTheRawBody) {
  const auto salla = check(Strategy::kSignature, of({"secret"}));
  const std::string body = R"({"event": "order.created",  "data":{"name":"\u0623"}})";
  const auto right = to_hex(hmac_sha256("secret", body));
  EXPECT_TRUE(salla.is_genuine(signed_request(body, right), {}));
  EXPECT_TRUE(salla.is_genuine(signed_request(body, "sha256=" + right), {}));
  EXPECT_FALSE(salla.is_genuine(signed_request(body + " ", right), {}));
  EXPECT_FALSE(salla.is_genuine(signed_request(body, to_hex(hmac_sha256("other", body))), {}));
  EXPECT_FALSE(salla.is_genuine(signed_request(body, right.substr(0, 63)), {}));
  EXPECT_FALSE(salla.is_genuine(signed_request(body, ""), {}));
  EXPECT_FALSE(salla.is_genuine({}, {}));
}

TEST(Signature, TheRequestDoesNotChooseTheStrategy) {
  const auto salla = check(Strategy::kSignature, of({"secret"}));
  http_server::Request request;
  request.body = "{}";
  request.headers = {{"X-Salla-Security-Strategy", "None"}};
  EXPECT_FALSE(salla.is_genuine(request, {}));
  request.headers = {{"X-Salla-Security-Strategy", "Token"}, {"Authorization", "secret"}};
  EXPECT_FALSE(salla.is_genuine(request, {}));
}

TEST(Signature, TokensAreComparedVerbatim) {
  const auto salla = check(Strategy::kToken, of({"secret"}));
  http_server::Request request;
  request.headers = {{"Authorization", "secret"}};
  EXPECT_TRUE(salla.is_genuine(request, {}));
  for (const char* wrong : {"Bearer secret", "Secret", "secret ", "", "secre"}) {
    request.headers = {{"Authorization", wrong}};
    EXPECT_FALSE(salla.is_genuine(request, {})) << wrong;
  }
}

TEST(Signature, TheSecretBeforeIsAcceptedWhileItIsReplaced) {
  const auto salla = check(Strategy::kSignature, of({"new", "old"}));
  EXPECT_TRUE(salla.is_genuine(signed_request("{}", to_hex(hmac_sha256("new", "{}"))), {}));
  EXPECT_TRUE(salla.is_genuine(signed_request("{}", to_hex(hmac_sha256("old", "{}"))), {}));
  EXPECT_FALSE(salla.is_genuine(signed_request("{}", to_hex(hmac_sha256("older", "{}"))), {}));
}

TEST(Signature, AStoreMayHaveASecretOfItsOwn) {
  auto own = parse_store_secrets("17=theirs;18=another");
  ASSERT_TRUE(own.ok());
  Secrets secrets = of({"general"});
  secrets.of_store = std::move(*own);
  const auto salla = check(Strategy::kSignature, std::move(secrets));
  EXPECT_TRUE(salla.depends_on_store());
  const auto with = [](const char* key) {
    return signed_request("{}", to_hex(hmac_sha256(key, "{}")));
  };
  EXPECT_TRUE(salla.is_genuine(with("theirs"), 17));
  EXPECT_FALSE(salla.is_genuine(with("general"), 17));
  EXPECT_FALSE(salla.is_genuine(with("another"), 17));
  EXPECT_TRUE(salla.is_genuine(with("general"), 99));
  EXPECT_TRUE(salla.is_genuine(with("general"), {}));
}

TEST(Signature, NeedsASecretUnlessToldOtherwise) {
  for (const auto strategy : {Strategy::kSignature, Strategy::kToken}) {
    const auto made = SignatureCheck::create(strategy, of({""}));
    ASSERT_FALSE(made.ok());
    EXPECT_EQ(made.error().kind(), ErrorKind::kInvalidConfig);
    EXPECT_NE(made.error().message().find("SALLA_WEBHOOK_SECRET"), std::string::npos);
  }
  EXPECT_TRUE(check(Strategy::kNone, {}).is_genuine({}, {}));
}

TEST(Signature, StoreSecretsNameTheirForm) {
  for (const char* wrong : {"17", "17=", "x=secret", "17x=secret", "=secret"}) {
    EXPECT_FALSE(parse_store_secrets(wrong).ok()) << wrong;
  }
  EXPECT_TRUE(parse_store_secrets("")->empty());
}

}  // namespace
}  // namespace falaj::webhooks
