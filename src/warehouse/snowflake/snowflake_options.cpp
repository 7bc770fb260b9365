#include "warehouse/snowflake/snowflake_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "base/private_key.hpp"
#include "base/text_file.hpp"
#include "warehouse/snowflake/redaction.hpp"

namespace falaj::warehouse {
namespace {

constexpr std::string_view kOidc = "OIDC";
constexpr const char* kClient = "adbc.snowflake.sql.client_option.";

std::string client(const char* name) {
  return std::string(kClient) + name;
}

std::string seconds(std::chrono::seconds duration) {
  return fmt::format("{}s", duration.count());
}

// A key in one line, as it is put into a variable of the environment: its line ends are written \n.
Secret with_line_ends(const Secret& key) {
  std::string text = key.expose();
  for (auto at = text.find("\\n"); at != std::string::npos; at = text.find("\\n", at)) {
    text.replace(at, 2, "\n");
  }
  return Secret(std::move(text));
}

Result<Secret> key_text(const SnowflakeOptions& options) {
  if (options.private_key_path.empty()) return with_line_ends(options.private_key);
  auto text = read_text_file(options.private_key_path);
  if (!text.ok()) {
    return Error(ErrorKind::kInvalidConfig,
                 fmt::format("{}; it is the private key of SNOWFLAKE_PRIVATE_KEY_PATH",
                             text.error().message()));
  }
  return Secret(std::move(*text));
}

// The driver opens encrypted keys of one kind only: it gets the key as we opened it.
Status add_key_pair(const SnowflakeOptions& options, DriverOptions& driver) {
  FALAJ_ASSIGN(const Secret key, private_key_of(options));
  driver.values["adbc.snowflake.sql.auth_type"] = "auth_jwt";
  remember_secret(options.private_key);
  remember_secret(key);
  remember_secret(options.private_key_passphrase);
  driver.values[client("jwt_private_key_pkcs8_value")] = key.expose();
  driver.authentication = "key pair";
  return {};
}

// Who vouches for this machine; OIDC does so by a token that is handed in.
Status add_workload_identity(const SnowflakeOptions& options, DriverOptions& driver) {
  constexpr auto kProviders = std::to_array<std::string_view>({"AWS", "AZURE", "GCP", "OIDC"});
  const auto& provider = options.identity_provider;
  if (std::find(kProviders.begin(), kProviders.end(), provider) == kProviders.end()) {
    return Error(
        ErrorKind::kInvalidConfig,
        fmt::format("SNOWFLAKE_IDENTITY_PROVIDER is \"{}\", accepted: AWS, AZURE, GCP, OIDC",
                    excerpt(provider, 60)));
  }
  driver.values["adbc.snowflake.sql.auth_type"] = "auth_wif";
  driver.values[client("identity_provider")] = provider;
  driver.authentication = "workload identity";
  if (provider != kOidc) return {};
  if (options.oauth_token.empty()) {
    return Error(ErrorKind::kInvalidConfig,
                 "SNOWFLAKE_IDENTITY_PROVIDER=OIDC needs the provider's token in "
                 "SNOWFLAKE_OAUTH_TOKEN");
  }
  remember_secret(options.oauth_token);
  driver.values[client("auth_token")] = options.oauth_token.expose();
  return {};
}

Status add_authentication(const SnowflakeOptions& options, DriverOptions& driver) {
  const auto take_token = [&](const char* type, const Secret& token, const char* name) {
    driver.values["adbc.snowflake.sql.auth_type"] = type;
    remember_secret(token);
    driver.values[client("auth_token")] = token.expose();
    driver.authentication = name;
    return Status();
  };
  if (!options.private_key_path.empty() || !options.private_key.empty()) {
    return add_key_pair(options, driver);
  }
  if (options.identity_provider == kOidc) return add_workload_identity(options, driver);
  if (!options.oauth_token.empty()) {
    return take_token("auth_oauth", options.oauth_token, "OAuth token");
  }
  if (!options.access_token.empty()) {
    return take_token("auth_pat", options.access_token, "programmatic access token");
  }
  if (!options.identity_provider.empty()) return add_workload_identity(options, driver);
  if (!options.password.empty()) {
    remember_secret(options.password);
    driver.values["password"] = options.password.expose();
    driver.authentication = "password";
    driver.warnings.emplace_back(
        "Snowflake closes sign-in by password alone, for service users altogether: use a key pair "
        "(SNOWFLAKE_PRIVATE_KEY_PATH)");
    return {};
  }
  return Error(ErrorKind::kInvalidConfig,
               "nothing to sign in to Snowflake with: set SNOWFLAKE_PRIVATE_KEY_PATH (a key pair, "
               "best), SNOWFLAKE_PRIVATE_KEY, SNOWFLAKE_OAUTH_TOKEN, SNOWFLAKE_ACCESS_TOKEN, "
               "SNOWFLAKE_IDENTITY_PROVIDER or SNOWFLAKE_PASSWORD");
}

bool is_loopback(const std::string& host) {
  return host == "localhost" || host == "127.0.0.1" || host == "[::1]";
}

// "http://127.0.0.1:8080", "https://host", "host" or "host:port".
Status add_host(const SnowflakeOptions& options, DriverOptions& driver) {
  if (options.host.empty()) return {};
  std::string rest = options.host;
  std::string protocol = "https";
  if (const auto at = rest.find("://"); at != std::string::npos) {
    protocol = rest.substr(0, at);
    rest = rest.substr(at + 3);
  }
  while (rest.ends_with('/')) rest.pop_back();
  std::string port = protocol == "http" ? "80" : "443";
  if (const auto colon = rest.rfind(':'); colon != std::string::npos && !rest.ends_with(']')) {
    port = rest.substr(colon + 1);
    rest.resize(colon);
  }
  const bool is_number = !port.empty() && port.find_first_not_of("0123456789") == std::string::npos;
  if ((protocol != "http" && protocol != "https") || rest.empty() || !is_number) {
    return Error(
        ErrorKind::kInvalidConfig,
        fmt::format("SNOWFLAKE_HOST is \"{}\", accepted: a host, host:port or https://host",
                    excerpt(options.host, 60)));
  }
  if (protocol == "http" && !is_loopback(rest)) {
    return Error(ErrorKind::kInvalidConfig,
                 fmt::format("SNOWFLAKE_HOST is {}: plain http goes to this machine only",
                             excerpt(options.host, 60)));
  }
  driver.values["adbc.snowflake.sql.uri.protocol"] = protocol;
  driver.values["adbc.snowflake.sql.uri.host"] = rest;
  driver.values["adbc.snowflake.sql.uri.port"] = port;
  return {};
}

// They go into the login, so that no statement is needed for them.
void add_session_parameters(const SnowflakeOptions& options, DriverOptions& driver) {
  auto& values = driver.values;
  values["TIMEZONE"] = "UTC";
  values["TIMESTAMP_TYPE_MAPPING"] = "TIMESTAMP_NTZ";
  values["TIMESTAMP_NTZ_OUTPUT_FORMAT"] = "YYYY-MM-DD HH24:MI:SS.FF6";
  values["DATE_OUTPUT_FORMAT"] = "YYYY-MM-DD";
  values["WEEK_START"] = "1";
  values["ERROR_ON_NONDETERMINISTIC_MERGE"] = "true";
  values["ERROR_ON_NONDETERMINISTIC_UPDATE"] = "true";
  values["STATEMENT_TIMEOUT_IN_SECONDS"] = std::to_string(options.statement_timeout.count());
  values["LOCK_TIMEOUT"] = std::to_string(options.lock_timeout.count());
  values["ABORT_DETACHED_QUERY"] = "true";
  values["CLIENT_SESSION_KEEP_ALIVE"] = "true";
}

}  // namespace

Result<Secret> private_key_of(const SnowflakeOptions& options) {
  if (options.private_key_path.empty() && options.private_key.empty()) return Secret();
  FALAJ_ASSIGN(const Secret pem, key_text(options));
  auto key = open_private_key(pem, options.private_key_passphrase);
  if (!key.ok()) {
    return std::move(key).error().while_doing(options.private_key_path.empty()
                                                  ? std::string("reading SNOWFLAKE_PRIVATE_KEY")
                                                  : "reading " + options.private_key_path);
  }
  return key;
}

Result<DriverOptions> driver_options(const SnowflakeOptions& options) {
  for (const auto& [value, name] : {std::pair{&options.account, "SNOWFLAKE_ACCOUNT"},
                                    std::pair{&options.user, "SNOWFLAKE_USER"},
                                    std::pair{&options.database, "SNOWFLAKE_DATABASE"}}) {
    if (value->empty()) {
      return Error(ErrorKind::kInvalidConfig, fmt::format("{} is not set", name));
    }
  }
  DriverOptions driver;
  auto& values = driver.values;
  values["adbc.snowflake.sql.account"] = options.account;
  values["username"] = options.user;
  values["adbc.snowflake.sql.db"] = options.database;
  values["adbc.snowflake.sql.schema"] = options.schema;
  if (!options.warehouse.empty()) values["adbc.snowflake.sql.warehouse"] = options.warehouse;
  if (!options.role.empty()) values["adbc.snowflake.sql.role"] = options.role;
  values[client("login_timeout")] = seconds(options.login_timeout);
  values[client("request_timeout")] = seconds(options.request_timeout);
  values[client("client_timeout")] = seconds(options.answer_timeout);
  values[client("max_timestamp_precision")] = "microseconds";
  values[client("disable_telemetry")] = "true";
  values[client("app_name")] = "falaj";
  FALAJ_TRY(add_host(options, driver));
  FALAJ_TRY(add_authentication(options, driver));
  add_session_parameters(options, driver);
  return driver;
}

}  // namespace falaj::warehouse
