#include "config/property.hpp"

#include <algorithm>
#include <cstdlib>

#include "base/closest.hpp"

namespace falaj::config {
namespace {

using Type = PropertyType;

Property text(const char* name, const char* environment, const char* default_value,
              std::string Settings::*member, const char* help,
              std::vector<std::string> accepted = {}) {
  Property property{name, environment, Type::kText, default_value, help, false, 0, 0, {}, {}};
  property.accepted = std::move(accepted);
  property.assign = [member](Settings& settings, const std::string& value) {
    settings.*member = value;
  };
  return property;
}

Property with(Writing writing, Property property) {
  property.writing = writing;
  return property;
}

Property secret(const char* environment, Secret Settings::*member, const char* help) {
  Property property{"", environment, Type::kText, "", help, true, 0, 0, {}, {}};
  property.assign = [member](Settings& settings, const std::string& value) {
    settings.*member = Secret(value);
  };
  return property;
}

struct Range {
  double least;
  double greatest;
};

Property integer(const char* name, const char* environment, const char* default_value, Range range,
                 int64_t Settings::*member, const char* help) {
  Property property{name, environment, Type::kInteger, default_value,
                    help, false,       range.least,    range.greatest,
                    {},   {}};
  property.assign = [member](Settings& settings, const std::string& value) {
    settings.*member = std::strtoll(value.c_str(), nullptr, 10);
  };
  return property;
}

Property number(const char* name, const char* environment, const char* default_value, Range range,
                double Settings::*member, const char* help) {
  auto property = integer(name, environment, default_value, range, nullptr, help);
  property.type = Type::kNumber;
  property.assign = [member](Settings& settings, const std::string& value) {
    settings.*member = std::strtod(value.c_str(), nullptr);
  };
  return property;
}

std::vector<Property> webhook_properties() {
  using S = Settings;
  return {
      with(Writing::kListening, text("webhooks.address", "", "127.0.0.1", &S::webhooks_address,
                                     "address that `falaj webhooks serve` listens on; Salla "
                                     "reaches it through a proxy that "
                                     "speaks https")),
      integer("webhooks.port", "", "8085", {0, 65'535}, &S::webhooks_port,
              "port that `falaj webhooks serve` listens on; 0 chooses one"),
      with(Writing::kPath, text("webhooks.path", "", "/webhooks/salla", &S::webhooks_path,
                                "path of the URL that events are delivered to")),
      text("webhooks.strategy", "", "signature", &S::webhooks_strategy,
           "how a delivery proves that it is Salla's: signature (HMAC-SHA256 of the body), token "
           "(the secret itself), or none: whoever can reach the port may send events",
           {"signature", "token", "none"}),
      integer("webhooks.body_kb_max", "", "1024", {1, 65'536}, &S::webhooks_body_kb_max,
              "a larger event is refused with 413"),
      integer("webhooks.connections_max", "", "1024", {1, 65'536}, &S::webhooks_connections_max,
              "more connections at once are refused with 503"),
      integer("webhooks.request_secs_max", "", "15", {1, 600}, &S::webhooks_request_secs_max,
              "a request that takes longer to arrive is refused with 408"),
      secret("SALLA_WEBHOOK_SECRET", &S::webhook_secret,
             "secret of the app's webhooks, as the partner portal has it"),
      secret("SALLA_WEBHOOK_SECRET_PREVIOUS", &S::webhook_secret_previous,
             "the secret before, accepted too while it is being replaced"),
      secret("SALLA_WEBHOOK_STORE_SECRETS", &S::webhook_store_secrets,
             "secrets of single stores: STORE_ID=SECRET pairs with ; between them"),
  };
}

std::vector<Property> snowflake_properties() {
  using S = Settings;
  return {
      text("snowflake.account", "SNOWFLAKE_ACCOUNT", "", &S::snowflake_account,
           "<organisation>-<account>, as Snowsight shows it under Account details"),
      text("snowflake.host", "SNOWFLAKE_HOST", "", &S::snowflake_host,
           "another address of the account, such as a private link; empty: its public one"),
      text("snowflake.user", "SNOWFLAKE_USER", "", &S::snowflake_user, "who signs in"),
      text("snowflake.database", "SNOWFLAKE_DATABASE", "SALLA_DWH", &S::snowflake_database,
           "the database that BRONZE, SILVER, GOLD and OPS are in"),
      text("snowflake.schema", "SNOWFLAKE_SCHEMA", "OPS", &S::snowflake_schema,
           "where temporary tables and stages are made"),
      text("snowflake.warehouse", "SNOWFLAKE_WAREHOUSE", "", &S::snowflake_warehouse,
           "the virtual warehouse that computes; empty: the user's default"),
      text("snowflake.role", "SNOWFLAKE_ROLE", "", &S::snowflake_role,
           "the role to take; empty: the user's default"),
      text("snowflake.private_key_path", "SNOWFLAKE_PRIVATE_KEY_PATH", "",
           &S::snowflake_private_key_path,
           "file with the RSA key that signs in (PEM), encrypted or not; the way for services"),
      with(Writing::kKey,
           secret("SNOWFLAKE_PRIVATE_KEY", &S::snowflake_private_key, "the key itself, in PEM")),
      with(Writing::kVerbatim,
           secret("SNOWFLAKE_PRIVATE_KEY_PASSPHRASE", &S::snowflake_private_key_passphrase,
                  "opens an encrypted key")),
      secret("SNOWFLAKE_OAUTH_TOKEN", &S::snowflake_oauth_token, "an OAuth access token"),
      secret("SNOWFLAKE_ACCESS_TOKEN", &S::snowflake_access_token, "a programmatic access token"),
      text("snowflake.identity_provider", "SNOWFLAKE_IDENTITY_PROVIDER", "",
           &S::snowflake_identity_provider, "workload identity: who vouches for this machine",
           {"", "AWS", "AZURE", "GCP", "OIDC"}),
      with(Writing::kVerbatim, secret("SNOWFLAKE_PASSWORD", &S::snowflake_password,
                                      "a password; Snowflake closes this way for service users")),
      text("snowflake.driver", "FALAJ_SNOWFLAKE_DRIVER", "", &S::snowflake_driver,
           "place of libadbc_driver_snowflake.so; empty: lib/falaj beside the program"),
      integer("snowflake.login_timeout_secs", "", "60", {1, 3600}, &S::snowflake_login_timeout_secs,
              "all tries of signing in"),
      integer("snowflake.request_timeout_secs", "FALAJ_SNOWFLAKE_REQUEST_TIMEOUT", "120", {1, 3600},
              &S::snowflake_request_timeout_secs, "all tries of one request"),
      integer("snowflake.statement_timeout_secs", "", "7200", {1, 172'800},
              &S::snowflake_statement_timeout_secs, "one statement, on the server"),
      integer("snowflake.file_mb_max", "", "64", {1, 1024}, &S::snowflake_file_mb_max,
              "raw size of the rows in one uploaded file"),
      integer("snowflake.upload_threads", "", "4", {1, 64}, &S::snowflake_upload_threads,
              "files that are uploaded beside each other"),
      integer("snowflake.retention_days", "", "1", {0, 90}, &S::snowflake_retention_days,
              "Time Travel of tables that falaj makes; more than 1 needs Enterprise Edition"),
      integer("snowflake.credits_a_month", "", "10", {1, 1'000'000}, &S::snowflake_credits_a_month,
              "budget that `falaj init --print-sql` writes"),
  };
}

// Where the store is, what opens it, and who may look into the home.
std::vector<Property> access_properties() {
  using S = Settings;
  return {
      with(Writing::kAddress,
           text("salla.api_base_url", "SALLA_API_BASE_URL", "https://api.salla.dev/admin/v2",
                &S::api_base_url, "where the store's API is; plain http only to this machine")),
      with(Writing::kAddress,
           text("salla.accounts_url", "SALLA_ACCOUNTS_URL", "https://accounts.salla.sa",
                &S::accounts_url, "where tokens are issued and refreshed")),
      with(Writing::kToken,
           secret("SALLA_API_TOKEN", &S::api_token,
                  "the merchant's access token; environment or .env only, so that no file in a "
                  "repository has it")),
      secret("SALLA_CLIENT_ID", &S::client_id,
             "of the app in the Salla partner portal; needed to refresh and to authorise"),
      secret("SALLA_CLIENT_SECRET", &S::client_secret,
             "of the app in the Salla partner portal; environment or .env only"),
      secret("FALAJ_VAULT_KEY", &S::vault_key,
             "key of the token vault, 32 bytes in base64; instead of vault.key_file"),
      text("vault.key_file", "FALAJ_VAULT_KEY_FILE", "", &S::vault_key_file,
           "file with the key of the token vault, readable by its owner only; default: "
           "state/vault.key in the home"),
      text("home.group", "FALAJ_HOME_GROUP", "", &S::home_group,
           "group of this machine that may read the home, which has customers' data; empty: its "
           "owner alone"),
  };
}

std::vector<Property> general_properties() {
  using S = Settings;
  return {
      integer("extract.page_size", "API_BATCH_SIZE", "60", {1, 100'000}, &S::page_size,
              "rows a list page; the API gives 60 at most"),
      integer(
          "extract.reread_days", "", "30", {0, 3650}, &S::reread_days,
          "days in which each known order is read again, whether or not it seems to have changed; "
          "0: never"),
      integer("extract.max_in_flight", "", "8", {1, 64}, &S::max_in_flight,
              "requests under way at once; the quota decides how many a minute"),
      integer("extract.stores_at_once", "", "64", {1, 512}, &S::stores_at_once,
              "stores that a run reads beside each other, where it reads several"),
      integer("extract.max_retries", "API_MAX_RETRIES", "5", {0, 100}, &S::max_retries,
              "how often a failed request is tried again"),
      integer("extract.retry_delay_secs", "API_RETRY_DELAY", "1", {0, 3600}, &S::retry_delay_secs,
              "wait before the first new try, doubled each time"),
      integer("extract.rate_limit_delay_secs", "API_RATE_LIMIT_DELAY", "60", {0, 3600},
              &S::rate_limit_delay_secs, "wait after a 429 that does not say how long"),
      integer(
          "extract.rate_limit_secs_max", "", "2700", {0, 86'400}, &S::rate_limit_secs_max,
          "a request that is answered 429 again and again is given up when it has waited so long"),
      number("extract.timeout_secs", "API_TIMEOUT", "60", {0.1, 3600}, &S::timeout_secs,
             "a request whose answer is not whole after this long is given up and tried again"),
      text("quota.directory", "FALAJ_QUOTA_DIR", "", &S::quota_directory,
           "where all falaj processes of this machine keep the request limits that they share; "
           "default: falaj/quota in $XDG_STATE_HOME or ~/.local/state"),
      number("quota.per_second_without_headers", "", "1", {0, 10'000},
             &S::requests_per_second_without_headers,
             "requests a second while the API announces no limit; 0: any number; a store on this "
             "machine is never held back so"),
      text("quota.after_limit", "", "wait", &S::after_limit,
           "what to do when a minute's requests are used up: wait for the next minute, or send "
           "one_a_second, which Salla documents and some stores answer with 429",
           {"wait", "one_a_second"}),
      integer("landing.package_mb_max", "", "16", {1, 64}, &S::package_mb_max,
              "raw text of one landing package; what is loaded in one piece"),
      integer("landing.retention_hours", "", "24", {0, 24 * 3650}, &S::retention_hours,
              "landing packages that are loaded and older than this are removed"),
      integer("warehouse.refresh_secs", "", "300", {1, 86'400}, &S::refresh_secs,
              "how often silver and gold follow while a run is still asking for single orders"),
      text("warehouse.type", "FALAJ_WAREHOUSE_TYPE", "ducklake", &S::warehouse_type,
           "ducklake: Parquet files and a catalog, with time travel; duckdb: one database file; "
           "snowflake: your Snowflake account",
           {"ducklake", "duckdb", "snowflake"}),
      integer("warehouse.memory_mb", "", "0", {0, 1'000'000}, &S::warehouse_memory_mb,
              "memory that the embedded warehouse may use; 0: chosen by falaj"),
      integer("warehouse.threads", "", "0", {0, 256}, &S::warehouse_threads,
              "threads of the embedded warehouse; 0: chosen by falaj"),
      text("log.level", "LOG_LEVEL", "warn", &S::log_level, "what is written to standard error",
           {"debug", "info", "warn", "warning", "error", "off"}),
  };
}

// For stores whose clock is another one.
std::vector<Property> test_properties() {
  using S = Settings;
  return {
      number("test.time_scale", "FALAJ_TIME_SCALE", "1", {0.001, 1e6}, &S::time_scale,
             "divides every wait; only for a store whose clock runs that much faster"),
      integer("test.clock_ahead_secs", "FALAJ_CLOCK_AHEAD_SECS", "0", {-315'360'000, 315'360'000},
              &S::clock_ahead_secs,
              "moves falaj's clock; only for a store whose clock was moved as far"),
  };
}

}  // namespace

const std::vector<Property>& properties() {
  static const std::vector<Property> table = [] {
    auto all = access_properties();
    for (auto& property : general_properties()) all.push_back(std::move(property));
    for (auto& property : webhook_properties()) all.push_back(std::move(property));
    for (auto& property : snowflake_properties()) all.push_back(std::move(property));
    for (auto& property : test_properties()) all.push_back(std::move(property));
    return all;
  }();
  return table;
}

std::string nearest_name(const std::string& name) {
  std::vector<std::string> names;
  for (const auto& property : properties()) {
    if (*property.name != '\0') names.emplace_back(property.name);
  }
  return closest(name, names);
}

}  // namespace falaj::config
