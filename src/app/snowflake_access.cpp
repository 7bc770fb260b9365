#include "app/snowflake_access.hpp"

#include "app/program_files.hpp"
#include "warehouse/snowflake/driver.hpp"

namespace falaj::app {

bool uses_snowflake(const config::Settings& settings) {
  return settings.warehouse_type == "snowflake";
}

warehouse::SnowflakeOptions snowflake_options(const HomePaths& paths,
                                              const config::Settings& settings, Clock& clock,
                                              bool is_read_only) {
  using std::chrono::seconds;
  warehouse::SnowflakeOptions options;
  options.driver_path = settings.snowflake_driver.empty()
                            ? (extension_directory() / warehouse::driver_file_name()).string()
                            : settings.snowflake_driver;
  options.account = settings.snowflake_account;
  options.host = settings.snowflake_host;
  options.user = settings.snowflake_user;
  options.database = settings.snowflake_database;
  options.schema = settings.snowflake_schema;
  options.warehouse = settings.snowflake_warehouse;
  options.role = settings.snowflake_role;
  options.private_key_path = settings.snowflake_private_key_path;
  options.private_key = settings.snowflake_private_key;
  options.private_key_passphrase = settings.snowflake_private_key_passphrase;
  options.oauth_token = settings.snowflake_oauth_token;
  options.access_token = settings.snowflake_access_token;
  options.identity_provider = settings.snowflake_identity_provider;
  options.password = settings.snowflake_password;
  options.login_timeout = seconds(settings.snowflake_login_timeout_secs);
  options.request_timeout = seconds(settings.snowflake_request_timeout_secs);
  options.statement_timeout = seconds(settings.snowflake_statement_timeout_secs);
  options.file_bytes_max = static_cast<uint64_t>(settings.snowflake_file_mb_max) << 20U;
  options.retention_days = static_cast<int>(settings.snowflake_retention_days);
  options.staging_directory = paths.root + "/state/upload";
  options.memory_limit_bytes = static_cast<uint64_t>(settings.warehouse_memory_mb) << 20U;
  options.is_read_only = is_read_only;
  options.clock = &clock;
  return options;
}

}  // namespace falaj::app
