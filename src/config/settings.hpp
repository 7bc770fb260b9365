// Every setting of falaj, from one table: name, type, default, help, environment name, secret or
// not. Values come from falaj.toml, then `.env` (working directory, then home), then the
// environment; the later wins.
// Units:    in the setting's name.
// Threads:  a value after load().
// Errors:   kInvalidConfig with file, line and column, what was found and what is accepted;
//           kNotAllowed, kStorageFailed: falaj.toml is there and cannot be read.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace falaj::config {

// What the program runs with. Plain values: app hands them to the parts that need them.
struct Settings {
  std::string api_base_url;
  std::string accounts_url;
  Secret api_token;
  Secret client_id;
  Secret client_secret;
  Secret vault_key;
  std::string vault_key_file;
  std::string home_group;
  int64_t page_size = 60;
  int64_t reread_days = 30;
  int64_t max_in_flight = 8;
  int64_t stores_at_once = 64;
  int64_t max_retries = 5;
  int64_t retry_delay_secs = 1;
  int64_t rate_limit_delay_secs = 60;
  int64_t rate_limit_secs_max = 2700;
  double timeout_secs = 60;
  std::string quota_directory;
  double requests_per_second_without_headers = 1;
  std::string after_limit;
  int64_t package_mb_max = 16;
  int64_t retention_hours = 24;
  std::string webhooks_address;
  int64_t webhooks_port = 8085;
  std::string webhooks_path;
  std::string webhooks_strategy;
  int64_t webhooks_body_kb_max = 1024;
  int64_t webhooks_connections_max = 1024;
  int64_t webhooks_request_secs_max = 15;
  Secret webhook_secret;
  Secret webhook_secret_previous;
  Secret webhook_store_secrets;
  int64_t refresh_secs = 300;
  std::string warehouse_type;
  int64_t warehouse_memory_mb = 0;
  int64_t warehouse_threads = 0;
  std::string snowflake_account;
  std::string snowflake_host;
  std::string snowflake_user;
  std::string snowflake_database;
  std::string snowflake_schema;
  std::string snowflake_warehouse;
  std::string snowflake_role;
  std::string snowflake_private_key_path;
  Secret snowflake_private_key;
  Secret snowflake_private_key_passphrase;
  Secret snowflake_oauth_token;
  Secret snowflake_access_token;
  std::string snowflake_identity_provider;
  Secret snowflake_password;
  std::string snowflake_driver;
  int64_t snowflake_login_timeout_secs = 60;
  int64_t snowflake_request_timeout_secs = 120;
  int64_t snowflake_statement_timeout_secs = 7200;
  int64_t snowflake_file_mb_max = 64;
  int64_t snowflake_upload_threads = 4;
  int64_t snowflake_retention_days = 1;
  int64_t snowflake_credits_a_month = 10;
  std::string log_level;
  double time_scale = 1.0;
  int64_t clock_ahead_secs = 0;
};

struct SettingInfo {
  std::string name;    // "extract.page_size"
  std::string value;   // secrets masked
  std::string origin;  // "default", "falaj.toml:3", ".env", "environment"
  std::string help;
};

struct Loaded {
  Settings settings;
  std::vector<SettingInfo> all;
  std::vector<std::string> warnings;
  std::vector<std::string> unread;  // `.env` files that this user may not read
};

// Reads <home>/falaj.toml if it is there, `.env` of `working_directory` and of `home`, and the
// environment handed in (name -> value).
Result<Loaded> load(const std::string& home, const std::string& working_directory,
                    const std::map<std::string, std::string>& environment);

// This process' environment.
std::map<std::string, std::string> process_environment();

// A commented falaj.toml with every setting and its default.
std::string default_file();

}  // namespace falaj::config
