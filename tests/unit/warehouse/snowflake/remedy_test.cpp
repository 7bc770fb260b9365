#include "warehouse/snowflake/remedy.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "warehouse/snowflake/snowflake_error.hpp"

namespace falaj::warehouse {
namespace {

RemedyNames names() {
  return {.account = "org-acc",
          .host = "org-acc.snowflakecomputing.com",
          .user = "falaj",
          .role = "loader",
          .warehouse = "falaj_wh",
          .database = "salla_dwh",
          .public_key = "MIIBIjANBg",
          .fingerprint = "SHA256:abc="};
}

std::string advice(int32_t code, const std::string& message, const RemedyNames& known = names()) {
  return remedy(snowflake_error("signing in to Snowflake", {9, code, "", message}, ""), known);
}

struct Case {
  int32_t code;
  const char* message;  // as Snowflake or the driver gives it
  const char* said;     // a part of the advice
};

void expect_advice(const std::vector<Case>& cases) {
  for (const auto& one : cases) {
    const auto text = advice(one.code, one.message);
    EXPECT_NE(text.find(one.said), std::string::npos) << one.message << "\n-> " << text;
    EXPECT_EQ(text.find('{'), std::string::npos) << text;
  }
}

// As the driver told it when listeners of this machine did that.
TEST(SnowflakeRemedy, TheWayToSnowflakeIsExplained) {
  expect_advice({
      {0,
       "[Snowflake] Post \"https://org-acc.snowflakecomputing.com:443/session/v1/login-request?"
       "databaseName=D&requestId=6fe\": dial tcp: lookup org-acc.snowflakecomputing.com on "
       "10.255.255.53:53: no such host",
       "getent hosts snowflake.com"},
      {0, "dial tcp: lookup x on 10.0.0.1:53: server misbehaving", "/etc/resolv.conf"},
      {0, "dial tcp 127.0.0.1:1: connect: connection refused", "Nothing listens"},
      {0, "read tcp 10.0.0.2:4->1.2.3.4:443: read: connection reset by peer", "HTTPS_PROXY"},
      {0, "dial tcp 1.2.3.4:443: i/o timeout", "firewall"},
      {0, "dial tcp 1.2.3.4:443: connect: no route to host", "no way to org-acc"},
      {260008,
       "failed to connect to db. verify account name is correct. HTTP: 403, URL: https://x/",
       "No account of this name"},
      {261004, "failed to auth for unknown reason. HTTP: 404, URL: https://x/",
       "<organisation>-<account>"},
      {0, "timeout after 4s and 2 attempts. HTTP Status: 503. Hanging?", "status.snowflake.com"},
      {0, "invalid character '<' looking for beginning of value", "login page"},
      {0, "tls: failed to verify certificate: x509: certificate signed by unknown authority",
       "update-ca-certificates"},
      {0, "x509: certificate is valid for *.snowflakecomputing.com, not org_acc.example", "hyphen"},
      {0, "x509: certificate has expired or is not yet valid: current time 2020-01-01", "date -u"},
      {0, "tls: first record does not look like a TLS handshake", "does not speak TLS"},
      {0, "Post \"https://x/\": Proxy Authentication Required", "name:password@host:port"},
      {0, "proxyconnect tcp: dial tcp 127.0.0.1:1: connect: connection refused",
       "NO_PROXY=org-acc.snowflakecomputing.com"},
  });
}

TEST(SnowflakeRemedy, RefusedLoginsAreExplained) {
  expect_advice({
      {390144, "JWT token is invalid. [7fb87e37-2f26-4a10-9f9c-72276ea898bf]",
       "SYSTEM$GET_LOGIN_FAILURE_DETAILS('7fb87e37-2f26-4a10-9f9c-72276ea898bf')"},
      {390144, "JWT token is invalid. [7fb87e37-2f26-4a10-9f9c-72276ea898bf]",
       "ALTER USER \"FALAJ\" SET RSA_PUBLIC_KEY = 'MIIBIjANBg'"},
      {390100, "Incorrect username or password was specified.", "SNOWFLAKE_PRIVATE_KEY_PATH"},
      {390101, "User access disabled. Contact your local system administrator.",
       "SET MINS_TO_UNLOCK = 0"},
      {390102, "Your user account has been temporarily locked due to too many failed attempts.",
       "SET MINS_TO_UNLOCK = 0"},
      {390197, "Multi-factor authentication is required for this account. Log in to Snowsight",
       "TYPE = SERVICE"},
      {390189,
       "Role 'LOADER' specified in the connect string is not granted to this user. Contact your "
       "local system administrator",
       "GRANT ROLE \"LOADER\" TO USER \"FALAJ\""},
      {390186,
       "Role 'X' specified in the connect string does not exist or not authorized. Contact your "
       "local system administrator, or attempt to login with another role, e.g. PUBLIC.",
       "GRANT ROLE"},
      {390201, "The requested warehouse does not exist or not authorized.",
       "GRANT USAGE ON WAREHOUSE \"FALAJ_WH\" TO ROLE \"LOADER\""},
      {390201, "The requested database does not exist or not authorized.",
       "ON DATABASE \"SALLA_DWH\" TO ROLE \"LOADER\""},
      {390422,
       "Incoming request with IP/Token 203.0.113.7 is not allowed to access Snowflake. Contact "
       "your account administrator.",
       "VALUE_LIST = ('203.0.113.7')"},
      {390318, "OAuth access token expired. [x]", "SNOWFLAKE_OAUTH_TOKEN"},
      {390303, "Invalid OAuth access token. [x]", "security integration"},
      {394400, "Programmatic access token is invalid.", "ADD PROGRAMMATIC ACCESS TOKEN"},
      {394410, "Network policy is required.", "SET NETWORK_POLICY"},
  });
}

TEST(SnowflakeRemedy, WarehousesBudgetsAndRightsAreExplained) {
  expect_advice({
      {606,
       "No active warehouse selected in the current session.  Select an active warehouse with the "
       "'use warehouse' command.",
       "SNOWFLAKE_WAREHOUSE"},
      {90073,
       "Warehouse 'FALAJ_WH' cannot be resumed because resource monitor 'HOUSE_BUDGET' has "
       "exceeded "
       "its quota.",
       "ALTER RESOURCE MONITOR HOUSE_BUDGET SET CREDIT_QUOTA"},
      {604, "Warehouse 'FALAJ_WH' was suspended.", "AUTO_RESUME = TRUE"},
      {3001, "SQL access control error: Insufficient privileges to operate on warehouse 'FALAJ_WH'",
       "USAGE ON WAREHOUSE \"FALAJ_WH\""},
      {666,
       "Your free trial has ended and all of your virtual warehouses have been suspended. Add "
       "billing information in the Snowflake web UI to continue using the full set of features.",
       "Billing"},
      {3001, "SQL access control error: Insufficient privileges to operate on schema 'GOLD'",
       "falaj init --print-sql"},
      {90105,
       "Cannot perform SELECT. This session does not have a current database. Call 'USE DATABASE', "
       "or use a qualified name.",
       "CREATE DATABASE IF NOT EXISTS \"SALLA_DWH\""},
      {2003, "SQL compilation error: Database 'SALLA_DWH' does not exist or not authorized.",
       "prints the grants"},
      {2043, "SQL compilation error: Object does not exist, or operation cannot be performed.",
       "prints the grants"},
  });
}

TEST(SnowflakeRemedy, WhatIsNotSetIsAPlaceholder) {
  const auto text = advice(390201, "The requested warehouse does not exist or not authorized.", {});
  EXPECT_NE(text.find("ON WAREHOUSE \"<warehouse>\" TO ROLE \"<role>\""), std::string::npos)
      << text;
  EXPECT_EQ(advice(0, "something new"), "");
}

TEST(SnowflakeRemedy, MessagesLoseTheIdsOfTheRequest) {
  const auto error = snowflake_error(
      "signing in",
      {9, 0, "",
       "Post \"https://h:443/session/v1/login-request?databaseName=D&requestId=1\": refused, then "
       "https://h/queries/v1/query-request?requestId=2 too"},
      "");
  EXPECT_EQ(error.to_text(),
            "signing in: Post \"https://h:443/session/v1/login-request\": refused, then "
            "https://h/queries/v1/query-request too");
}

}  // namespace
}  // namespace falaj::warehouse
