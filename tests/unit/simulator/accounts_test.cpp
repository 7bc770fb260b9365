// The simulated accounts server: what is good once burns the family when it comes again.
#include "simulator/accounts.hpp"

#include <gtest/gtest.h>

#include "base/json.hpp"

namespace falaj::simulator {
namespace {

constexpr int64_t kNow = 1'795'000'000;

class AccountsTest : public ::testing::Test {
 protected:
  http_server::Response get(const std::string& target) {
    http_server::Request request;
    request.method = "GET";
    request.target = target;
    request.decode_target();
    return accounts_.authorize(request);
  }
  Json post(const std::string& form, int status = 200) {
    http_server::Request request;
    request.method = "POST";
    request.body = form + "&client_id=a&client_secret=b";
    const auto response = accounts_.token(request);
    EXPECT_EQ(response.status, status) << response.body;
    return Json::parse(response.body).value();
  }
  std::string code(const std::string& scope = "offline_access%20orders.read") {
    const auto response =
        get("/oauth2/auth?client_id=a&response_type=code&redirect_uri=http%3A%2F%2F"
            "here%2Fcb&state=a-b-c&store=2&scope=" +
            scope);
    EXPECT_EQ(response.status, 302);
    const auto& location = response.headers.at(0).second;
    EXPECT_TRUE(location.starts_with("http://here/cb?code=sim-code-2-")) << location;
    EXPECT_TRUE(location.ends_with("&state=abc")) << location;
    const auto at = location.find("code=") + 5;
    return location.substr(at, location.find('&') - at);
  }
  static std::string exchange(const std::string& code,
                              const std::string& redirect = "http://here/cb") {
    return "grant_type=authorization_code&code=" + code + "&redirect_uri=" + redirect;
  }
  TokenBook tokens_{1000};
  Accounts accounts_{.tokens = tokens_, .stores = 2, .scopes = "", .now = kNow};
};

TEST_F(AccountsTest, ACodeBringsTokensOnceAndBurnsThemTheSecondTime) {
  const auto given = code();
  post(exchange(given, "http://there/cb"), 401);
  const auto answer = post(exchange(given));
  EXPECT_EQ(answer["expires"].as_int(), kNow + 1000);
  EXPECT_EQ(answer["scope"].as_string(), "offline_access orders.read");
  const auto access = answer["access_token"].as_string();
  EXPECT_EQ(tokens_.store_of(access, kNow), 1U);
  EXPECT_EQ(post(exchange(given), 401)["error"].as_string(), "invalid_grant");
  EXPECT_FALSE(tokens_.store_of(access, kNow));
  EXPECT_EQ(tokens_.counts(1).reused, 1);
}

TEST_F(AccountsTest, AnOldCodeAndAnUnknownOneBringNothing) {
  const auto given = code();
  accounts_.now = kNow + 600;
  post(exchange(given), 401);
  post(exchange("guessed"), 401);
  EXPECT_EQ(tokens_.counts(1).reused, 0);
  EXPECT_EQ(tokens_.counts(1).unknown, 1);
}

TEST_F(AccountsTest, WithoutOfflineAccessThereIsNoRefreshToken) {
  EXPECT_TRUE(post(exchange(code("orders.read")))["refresh_token"].is_null());
}

TEST_F(AccountsTest, ARefreshTokenThatComesAgainBurnsTheFamily) {
  const auto first = post(exchange(code()));
  const auto form = "grant_type=refresh_token&refresh_token=" + first["refresh_token"].as_string();
  const auto second = post(form);
  EXPECT_EQ(second["scope"].as_string(), "offline_access orders.read");
  EXPECT_TRUE(tokens_.store_of(second["access_token"].as_string(), kNow));
  post(form, 401);
  EXPECT_FALSE(tokens_.store_of(second["access_token"].as_string(), kNow));
  post("grant_type=refresh_token&refresh_token=" + second["refresh_token"].as_string(), 401);
  EXPECT_EQ(tokens_.counts(1).refreshed, 1);
}

TEST_F(AccountsTest, ARefusalGoesBackToTheApp) {
  const auto response =
      get("/oauth2/auth?client_id=a&response_type=code&redirect_uri=http%3A%2F%2F"
          "here%2Fcb&state=s&deny=1");
  EXPECT_EQ(response.headers.at(0).second, "http://here/cb?error=access_denied&state=s");
  EXPECT_EQ(get("/oauth2/auth?client_id=a").status, 400);
}

TEST_F(AccountsTest, AnInstallBringsANewFamily) {
  const auto event = Json::parse(accounts_.install_event(0, 77, "2026-11-25 12:00:00")).value();
  EXPECT_EQ(event["event"].as_string(), "app.store.authorize");
  EXPECT_EQ(event["merchant"].as_int(), 77);
  EXPECT_EQ(tokens_.store_of(event["data"]["access_token"].as_string(), kNow), 0U);
}

}  // namespace
}  // namespace falaj::simulator
