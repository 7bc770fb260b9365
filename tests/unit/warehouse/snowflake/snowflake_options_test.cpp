#include "warehouse/snowflake/snowflake_options.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <functional>
#include <map>
#include <vector>

#include "support/fakesnow.hpp"
#include "support/temp_dir.hpp"
#include "warehouse/snowflake/driver.hpp"

namespace falaj::warehouse {
namespace {

SnowflakeOptions some_options() {
  SnowflakeOptions options;
  options.account = "org-account";
  options.user = "falaj";
  return options;
}

std::string refusal(const SnowflakeOptions& options) {
  const auto driver = driver_options(options);
  return driver.ok() ? "taken" : driver.error().to_text();
}

// By the driver itself, which checks them before anything is sent.
void expect_accepted(const DriverOptions& driver) {
  if (test::snowflake_driver().empty()) return;
  const auto database = DriverDatabase::open(test::snowflake_driver(), driver.values);
  EXPECT_TRUE(database.ok()) << driver.authentication << ": " << database.error().to_text();
}

TEST(SnowflakeOptions, TheFirstWayToSignInIsTaken) {
  auto options = some_options();
  EXPECT_NE(refusal(options).find("SNOWFLAKE_PRIVATE_KEY_PATH"), std::string::npos);
  options.password = Secret("p-1");
  auto driver = driver_options(options);
  ASSERT_TRUE(driver.ok());
  EXPECT_EQ(driver->authentication, "password");
  EXPECT_EQ(driver->warnings.size(), 1U);
  options.identity_provider = "AWS";
  EXPECT_EQ(driver_options(options)->authentication, "workload identity");
  options.access_token = Secret("t-1");
  driver = driver_options(options);
  EXPECT_EQ(driver->authentication, "programmatic access token");
  EXPECT_EQ(driver->values["adbc.snowflake.sql.auth_type"], "auth_pat");
  EXPECT_FALSE(driver->values.contains("password"));
  options.oauth_token = Secret("t-2");
  driver = driver_options(options);
  EXPECT_EQ(driver->authentication, "OAuth token");
  EXPECT_EQ(driver->values["adbc.snowflake.sql.client_option.auth_token"], "t-2");
  options.private_key_path = "/nowhere/key.p8";
  EXPECT_NE(refusal(options).find("/nowhere/key.p8"), std::string::npos);
  options.private_key_path.clear();
  options.private_key = Secret("-----BEGIN ENCRYPTED PRIVATE KEY----- secret bytes");
  EXPECT_NE(refusal(options).find("give its passphrase"), std::string::npos);
  EXPECT_EQ(refusal(options).find("secret bytes"), std::string::npos);
}

// Keys are made by the openssl program where it is there: none lies in the repository.
class SnowflakeKeyPair : public ::testing::Test {
 protected:
  void SetUp() override {
    if (std::system("openssl version >/dev/null 2>&1") != 0) {
      GTEST_SKIP() << "needs the openssl program to make keys";
    }
    run("openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out plain.p8");
    run("openssl pkcs8 -topk8 -v2 aes256 -in plain.p8 -passout pass:open-sesame -out locked.p8");
  }
  void run(const std::string& command) {
    const auto line = "cd '" + dir_.path().string() + "' && " + command + " 2>/dev/null";
    ASSERT_EQ(std::system(line.c_str()), 0) << command;
  }
  std::string text(const char* name) const { return test::read_text_file(dir_ / name); }
  // The key that the driver gets.
  static std::string key_of(const SnowflakeOptions& options) {
    const auto driver = driver_options(options);
    if (!driver.ok()) return driver.error().to_text();
    EXPECT_EQ(driver->authentication, "key pair");
    EXPECT_EQ(driver->values.at("adbc.snowflake.sql.auth_type"), "auth_jwt");
    EXPECT_TRUE(driver->warnings.empty());
    expect_accepted(*driver);
    return driver->values.at("adbc.snowflake.sql.client_option.jwt_private_key_pkcs8_value");
  }

  const test::TempDir dir_;
};

TEST_F(SnowflakeKeyPair, IsAFileOrTheKeyItselfEncryptedOrNot) {
  auto options = some_options();
  options.private_key_path = (dir_ / "plain.p8").string();
  const auto plain = key_of(options);
  EXPECT_EQ(plain, text("plain.p8"));
  options.private_key_path = (dir_ / "locked.p8").string();
  options.private_key_passphrase = Secret("open-sesame");
  EXPECT_EQ(key_of(options), plain);
  options.private_key_path.clear();
  options.private_key = Secret(text("locked.p8"));
  EXPECT_EQ(key_of(options), plain);
  options.private_key = Secret(text("plain.p8"));
  options.private_key_passphrase = Secret();
  EXPECT_EQ(key_of(options), plain);
  std::string one_line;
  for (const char c : text("plain.p8")) one_line += c == '\n' ? "\\n" : std::string(1, c);
  options.private_key = Secret(one_line);
  EXPECT_EQ(key_of(options), plain);
  // It goes before every other way.
  options.password = Secret("p");
  options.oauth_token = Secret("t");
  EXPECT_EQ(key_of(options), plain);
}

TEST_F(SnowflakeKeyPair, AWrongPassphraseIsSaidWithoutASecret) {
  auto options = some_options();
  options.private_key_path = (dir_ / "locked.p8").string();
  options.private_key_passphrase = Secret("wrong-sesame");
  const auto said = refusal(options);
  EXPECT_NE(said.find("the passphrase does not open the private key"), std::string::npos) << said;
  EXPECT_NE(said.find("locked.p8"), std::string::npos) << said;
  EXPECT_EQ(said.find("wrong-sesame"), std::string::npos);
}

TEST(SnowflakeOptions, EachWayToSignInIsTakenByTheDriver) {
  struct Way {
    const char* name;
    std::function<void(SnowflakeOptions&)> set;
    std::map<std::string, std::string> values;
  };
  const std::string client = "adbc.snowflake.sql.client_option.";
  const std::string type = "adbc.snowflake.sql.auth_type";
  const std::vector<Way> ways = {
      {"OAuth token",
       [](auto& o) { o.oauth_token = Secret("oauth-1"); },
       {{type, "auth_oauth"}, {client + "auth_token", "oauth-1"}}},
      {"programmatic access token",
       [](auto& o) { o.access_token = Secret("pat-1"); },
       {{type, "auth_pat"}, {client + "auth_token", "pat-1"}}},
      {"workload identity",
       [](auto& o) { o.identity_provider = "AZURE"; },
       {{type, "auth_wif"}, {client + "identity_provider", "AZURE"}}},
      {"workload identity",
       [](auto& o) {
         o.identity_provider = "OIDC";
         o.oauth_token = Secret("id-1");
       },
       {{type, "auth_wif"},
        {client + "identity_provider", "OIDC"},
        {client + "auth_token", "id-1"}}},
      {"password", [](auto& o) { o.password = Secret("pass-1"); }, {{"password", "pass-1"}}},
  };
  for (const auto& way : ways) {
    auto options = some_options();
    way.set(options);
    const auto driver = driver_options(options);
    ASSERT_TRUE(driver.ok()) << way.name << ": " << driver.error().to_text();
    EXPECT_EQ(driver->authentication, way.name);
    for (const auto& [name, value] : way.values) EXPECT_EQ(driver->values.at(name), value) << name;
    EXPECT_EQ(driver->warnings.size(), std::string(way.name) == "password" ? 1U : 0U);
    expect_accepted(*driver);
  }
}

TEST(SnowflakeOptions, WorkloadIdentityNeedsAKnownProvider) {
  auto options = some_options();
  options.identity_provider = "OKTA";
  EXPECT_NE(refusal(options).find("accepted: AWS, AZURE, GCP, OIDC"), std::string::npos);
  options.identity_provider = "OIDC";
  EXPECT_NE(refusal(options).find("SNOWFLAKE_OAUTH_TOKEN"), std::string::npos);
}

TEST(SnowflakeOptions, HostsAreCheckedAndPlainHttpStaysHere) {
  auto options = some_options();
  options.password = Secret("p");
  options.host = "http://127.0.0.1:8080/";
  auto driver = driver_options(options);
  ASSERT_TRUE(driver.ok()) << driver.error().to_text();
  EXPECT_EQ(driver->values["adbc.snowflake.sql.uri.protocol"], "http");
  EXPECT_EQ(driver->values["adbc.snowflake.sql.uri.host"], "127.0.0.1");
  EXPECT_EQ(driver->values["adbc.snowflake.sql.uri.port"], "8080");
  options.host = "link.privatelink.snowflakecomputing.com";
  driver = driver_options(options);
  EXPECT_EQ(driver->values["adbc.snowflake.sql.uri.protocol"], "https");
  EXPECT_EQ(driver->values["adbc.snowflake.sql.uri.port"], "443");
  for (const char* host : {"http://snow.example.com", "ftp://x", "https://", "host:port"}) {
    options.host = host;
    EXPECT_NE(refusal(options).find("SNOWFLAKE_HOST"), std::string::npos) << host;
  }
}

TEST(SnowflakeOptions, WhatIsMissingIsNamed) {
  SnowflakeOptions options;
  EXPECT_EQ(refusal(options), "SNOWFLAKE_ACCOUNT is not set");
  options.account = "a";
  EXPECT_EQ(refusal(options), "SNOWFLAKE_USER is not set");
}

TEST(SnowflakeOptions, TheSessionIsSetUpByTheLogin) {
  auto options = some_options();
  options.password = Secret("p");
  const auto driver = driver_options(options);
  ASSERT_TRUE(driver.ok());
  const auto value = [&](const char* name) { return driver->values.at(name); };
  EXPECT_EQ(value("TIMEZONE"), "UTC");
  EXPECT_EQ(value("TIMESTAMP_TYPE_MAPPING"), "TIMESTAMP_NTZ");
  EXPECT_EQ(value("ERROR_ON_NONDETERMINISTIC_MERGE"), "true");
  EXPECT_EQ(value("ABORT_DETACHED_QUERY"), "true");
  EXPECT_EQ(value("LOCK_TIMEOUT"), "900");
  EXPECT_EQ(value("adbc.snowflake.sql.client_option.login_timeout"), "60s");
}

}  // namespace
}  // namespace falaj::warehouse
