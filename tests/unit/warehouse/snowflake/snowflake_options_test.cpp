#include "warehouse/snowflake/snowflake_options.hpp"

#include <gtest/gtest.h>

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
