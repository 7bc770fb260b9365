#include "warehouse/snowflake/remedy.hpp"

#include <array>
#include <cctype>
#include <string_view>

namespace falaj::warehouse {
namespace {

struct Entry {
  std::string_view code;  // Snowflake's number, or empty: any
  std::string_view part;  // of the message, or empty: any
  std::string_view text;  // {names} are filled in
};

// The first that fits. What Snowflake says comes first, then what is in the way to it.
constexpr auto kEntries = std::to_array<Entry>({
    // Signing in.
    {"390144", "",
     "The key does not fit the user. Which of the reasons it is, an administrator sees with SELECT "
     "SYSTEM$GET_LOGIN_FAILURE_DETAILS('{id}'): ..._FINGERPRINT_MISMATCH: register this key, ALTER "
     "USER \"{user}\" SET RSA_PUBLIC_KEY = '{public_key}' (DESC USER \"{user}\" then shows "
     "RSA_PUBLIC_KEY_FP {fingerprint}); ..._ISSUE_TIME: this machine's clock is off, compare `date "
     "-u`; ..._ISSUER: SNOWFLAKE_ACCOUNT or SNOWFLAKE_USER is another one's"},
    {"390422", "",
     "A network policy keeps the address {ip} out. As an administrator: SHOW PARAMETERS LIKE "
     "'NETWORK_POLICY' IN ACCOUNT (and FOR USER \"{user}\") names it; CREATE NETWORK RULE "
     "FALAJ_ADDRESS MODE = INGRESS TYPE = IPV4 VALUE_LIST = ('{ip}'); ALTER NETWORK POLICY "
     "<policy> "
     "ADD ALLOWED_NETWORK_RULE_LIST = (FALAJ_ADDRESS)"},
    {"", "Network policy is required",
     "Programmatic access tokens need a network policy for their user: ALTER USER \"{user}\" SET "
     "NETWORK_POLICY = <policy>; or sign in with a key pair"},
    {"", "specified in the connect string",
     "The role is not granted to the user. As an administrator: GRANT ROLE \"{role}\" TO USER "
     "\"{user}\"; or set SNOWFLAKE_ROLE to one that is"},
    {"390189", "",
     "The role is not granted to the user. As an administrator: GRANT ROLE \"{role}\" TO USER "
     "\"{user}\"; or set SNOWFLAKE_ROLE to one that is"},
    {"", "default role",
     "The user's default role is not granted to it. As an administrator: GRANT ROLE \"{role}\" TO "
     "USER \"{user}\"; or set SNOWFLAKE_ROLE to one that is"},
    {"390201", "warehouse",
     "The warehouse is not there, or not for this role. As an administrator: GRANT USAGE "
     "ON WAREHOUSE \"{warehouse}\" TO ROLE \"{role}\"; `falaj init --print-sql` also makes it"},
    {"390201", "",
     "The database or schema is not there, or not for this role. As an administrator: GRANT USAGE, "
     "CREATE SCHEMA ON DATABASE \"{database}\" TO ROLE \"{role}\"; `falaj init --print-sql` also "
     "makes it"},
    {"", "Multi-factor authentication is required",
     "Snowflake takes no password alone: make a key pair for a user of TYPE = SERVICE "
     "(docs/snowflake.md) and set SNOWFLAKE_PRIVATE_KEY_PATH"},
    {"390100", "",
     "The user name or the password is wrong, or the user is not in this account: compare "
     "SNOWFLAKE_ACCOUNT, SNOWFLAKE_USER. Users of TYPE = SERVICE have no password: set "
     "SNOWFLAKE_PRIVATE_KEY_PATH"},
    {"390101", "",
     "The user is locked. As an administrator: ALTER USER \"{user}\" SET MINS_TO_UNLOCK = 0"},
    {"390102", "",
     "The user is locked for some minutes after too many wrong tries. As an administrator: ALTER "
     "USER \"{user}\" SET MINS_TO_UNLOCK = 0"},
    {"", "user account has been disabled",
     "The user is disabled. As an administrator: ALTER USER \"{user}\" SET DISABLED = FALSE"},
    {"390318", "", "The OAuth token has expired: get a new one for SNOWFLAKE_OAUTH_TOKEN"},
    {"390303", "",
     "The OAuth token is not one of this account: see the security integration, DESC INTEGRATION "
     "<name>, and SNOWFLAKE_OAUTH_TOKEN"},
    {"", "Programmatic access token",
     "The token is not valid, has expired or is disabled: SHOW USER PROGRAMMATIC ACCESS TOKENS FOR "
     "USER \"{user}\" tells; ALTER USER \"{user}\" ADD PROGRAMMATIC ACCESS TOKEN <name> makes one"},
    {"390114", "", "The token has expired: get a new one"},
    // The budget and the warehouse.
    {"", "resource monitor",
     "The month's budget is used up. As ACCOUNTADMIN: ALTER RESOURCE MONITOR {monitor} SET "
     "CREDIT_QUOTA = <more>; or wait for the next month: nothing is lost meanwhile"},
    {"", "free trial has ended",
     "The trial is over: an administrator adds a means of payment in Snowsight, Admin > Billing"},
    {"", "account is suspended",
     "The account is suspended: an administrator finds the reason in Snowsight, Admin > Billing"},
    {"", "was suspended",
     "The warehouse is suspended and does not wake by itself: ALTER WAREHOUSE \"{warehouse}\" SET "
     "AUTO_RESUME = TRUE; ALTER WAREHOUSE \"{warehouse}\" RESUME"},
    {"", "on warehouse",
     "The role may not use the warehouse. As an administrator: GRANT USAGE ON WAREHOUSE "
     "\"{warehouse}\" TO ROLE \"{role}\""},
    {"000606", "",
     "No warehouse: set SNOWFLAKE_WAREHOUSE; the role needs GRANT USAGE ON WAREHOUSE "
     "\"{warehouse}\" TO ROLE \"{role}\""},
    // Rights and what is not there.
    {"003001", "",
     "The role lacks a right: the message names the object. `falaj init --print-sql` prints all "
     "grants that role \"{role}\" needs"},
    {"090105", "",
     "The database is not there, or not for this role. As an administrator: CREATE DATABASE IF NOT "
     "EXISTS \"{database}\"; GRANT USAGE, CREATE SCHEMA ON DATABASE \"{database}\" TO ROLE "
     "\"{role}\""},
    {"002003", "",
     "What the message names is not there, or not for role \"{role}\": `falaj init --print-sql` "
     "prints the grants; tables and schemas are made by the first `falaj run`"},
    {"002043", "",
     "What the message names is not there, or not for role \"{role}\": `falaj init --print-sql` "
     "prints the grants"},
    // The way there.
    {"", "Proxy Authentication Required",
     "The proxy of HTTPS_PROXY wants a name and password: "
     "HTTPS_PROXY=http://name:password@host:port; "
     "or let {host} pass without it (NO_PROXY)"},
    {"", "proxyconnect",
     "The proxy of HTTPS_PROXY does not answer: correct HTTPS_PROXY, or set NO_PROXY={host}"},
    {"", "no such host",
     "DNS does not know {host}. SNOWFLAKE_ACCOUNT is <organisation>-<account>, as Snowsight shows "
     "it "
     "under Account details; if `getent hosts snowflake.com` finds nothing either, it is this "
     "machine's DNS"},
    {"", "server misbehaving",
     "This machine's DNS does not answer: `getent hosts {host}`, and see /etc/resolv.conf"},
    {"", "Temporary failure in name resolution",
     "This machine's DNS does not answer: `getent hosts {host}`, and see /etc/resolv.conf"},
    {"", "has expired or is not yet valid",
     "The certificate does not hold at this machine's time: compare `date -u` first"},
    {"", "x509: certificate is valid for",
     "Another server answers for {host}: SNOWFLAKE_ACCOUNT is <organisation>-<account> with a "
     "hyphen "
     "between them, names with _ are written with - instead; or a proxy answers in its place"},
    {"", "x509:",
     "Something between here and Snowflake opens TLS with a certificate of its own: let "
     "{host} pass, or trust it, as root: cp its.crt /usr/local/share/ca-certificates/ && "
     "update-ca-certificates"},
    {"", "does not look like a TLS handshake",
     "What answers at {host} does not speak TLS: a proxy or a login page of the network; or write "
     "SNOWFLAKE_HOST with http:// if it is an emulator on this machine"},
    {"", "HTTP: 403",
     "No account of this name: SNOWFLAKE_ACCOUNT is <organisation>-<account> (or "
     "<locator>.<region>), "
     "as Snowsight shows it under Account details; else something between here and {host} "
     "forbids it"},
    {"", "HTTP: 404",
     "No account of this name: SNOWFLAKE_ACCOUNT is <organisation>-<account> (or "
     "<locator>.<region>), "
     "as Snowsight shows it under Account details"},
    {"", "HTTP Status: 50",
     "Snowflake, or what stands before it, is out of order: see status.snowflake.com, try again "
     "later"},
    {"", "HTTP Status: 429", "Snowflake is asked too often: try again later"},
    {"", "invalid character",
     "What answers at {host} is not Snowflake (no JSON): a proxy or a login page of the network"},
    {"", "connection refused", "Nothing listens at {host}: see SNOWFLAKE_HOST, and the firewall"},
    {"", "connection reset",
     "Something at or before {host} hangs up: a firewall, or a proxy that HTTPS_PROXY must name"},
    {"", "EOF",
     "Something at or before {host} hangs up: a firewall, or a proxy that HTTPS_PROXY must name"},
    {"", "no route to host", "There is no way to {host} from this machine: see its network"},
    {"", "network is unreachable", "There is no way to {host} from this machine: see its network"},
    {"", "i/o timeout",
     "{host} does not answer: a firewall that drops packets, or a proxy that HTTPS_PROXY must "
     "name"},
    {"", "deadline exceeded",
     "{host} does not answer in time: a firewall that drops packets, a proxy that HTTPS_PROXY must "
     "name; or raise snowflake.login_timeout_secs"},
    // Before anything is asked.
    {"", "the Snowflake driver cannot be loaded", "tools/fetch-deps, then build again"},
});

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// The text between two marks after `from`; empty if it is not there.
std::string between(std::string_view text, std::string_view from, std::string_view to) {
  const auto begin = text.find(from);
  if (begin == std::string_view::npos) return {};
  const auto rest = text.substr(begin + from.size());
  return std::string(rest.substr(0, rest.find_first_of(to)));
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

std::string upper(std::string text) {
  for (auto& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

std::string name_or(const std::string& name, std::string_view otherwise) {
  return name.empty() ? std::string(otherwise) : upper(name);
}

}  // namespace

std::string remedy(const Error& error, const RemedyNames& names) {
  const std::string text = error.to_text();
  for (const auto& entry : kEntries) {
    if (!entry.code.empty() && entry.code != error.vendor_code) continue;
    if (!contains(text, entry.part)) continue;
    std::string advice(entry.text);
    const auto fill = [&](std::string_view name, const std::string& value) {
      advice = replaced(std::move(advice), name, value);
    };
    const auto given = [](const std::string& value, const char* otherwise) {
      return value.empty() ? std::string(otherwise) : value;
    };
    fill("{user}", name_or(names.user, "<user>"));
    fill("{role}", name_or(names.role, "<role>"));
    fill("{warehouse}", name_or(names.warehouse, "<warehouse>"));
    fill("{database}", name_or(names.database, "<database>"));
    fill("{host}", given(names.host, "<account>.snowflakecomputing.com"));
    fill("{public_key}", given(names.public_key, "<public key>"));
    fill("{fingerprint}", given(names.fingerprint, "of the key"));
    fill("{ip}", given(between(text, "IP/Token ", " "), "<address>"));
    fill("{id}", given(between(text, "invalid. [", "]"), "<id in the message>"));
    fill("{monitor}", given(between(text, "resource monitor '", "'"), "FALAJ_BUDGET"));
    return advice;
  }
  return {};
}

}  // namespace falaj::warehouse
