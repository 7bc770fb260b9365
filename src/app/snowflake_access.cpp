#include "app/snowflake_access.hpp"

#include "app/program_files.hpp"
#include "app/stream_catalogue.hpp"
#include "load/bronze_schema.hpp"
#include "transform/model_registry.hpp"
#include "warehouse/snowflake/ddl.hpp"
#include "warehouse/snowflake/driver.hpp"
#include "warehouse/snowflake/snowflake_error.hpp"
#include "warehouse/snowflake/snowflake_warehouse.hpp"

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

namespace {

// The tables that falaj has made so far.
Result<int64_t> count_tables(const HomePaths& paths, const config::Settings& settings,
                             Clock& clock) {
  FALAJ_ASSIGN(auto opened,
               warehouse::open_snowflake(snowflake_options(paths, settings, clock, true)));
  FALAJ_ASSIGN(auto session, opened->open_session());
  session->tag_statements({.run = "", .task = "check", .model = ""});
  FALAJ_ASSIGN(
      const auto counted,
      session->query("SELECT COUNT(*) FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA IN "
                     "('BRONZE', 'SILVER', 'GOLD', 'OPS')"));
  return counted.scalar_int();
}

}  // namespace

operate::CheckItem check_snowflake(const HomePaths& paths, const config::Settings& settings) {
  SystemClock clock;
  operate::CheckItem item{"warehouse", operate::CheckItem::State::kOk, "", "", 0};
  const auto tables = count_tables(paths, settings, clock);
  if (tables.ok()) {
    item.detail = fmt::format("{} in Snowflake account {}, {} tables", settings.snowflake_database,
                              settings.snowflake_account, *tables);
    return item;
  }
  const auto advice = warehouse::remedy(tables.error());
  item.state = operate::CheckItem::State::kFailed;
  item.detail = tables.error().to_text();
  item.remedy = advice.empty() ? "see docs/decisions/0010-snowflake.md" : std::string(advice);
  item.exit_status = exit_code(tables.error().kind());
  return item;
}

Result<std::string> snowflake_script(const std::string& home) {
  const auto paths = home_paths(home);
  FALAJ_ASSIGN(const auto loaded, load_settings(paths));
  FALAJ_ASSIGN(const auto streams, home_streams(paths));
  auto tables = load::load_schema(connectors::salla::tables_of(streams));
  for (auto& table : transform::ModelRegistry::built_in().definitions()) {
    tables.push_back(std::move(table));
  }
  SystemClock clock;
  const auto options = snowflake_options(paths, loaded.settings, clock, true);
  return warehouse::snowflake::admin_script(
             options, static_cast<int>(loaded.settings.snowflake_credits_a_month)) +
         "\n" + warehouse::snowflake::table_script(options, tables);
}

}  // namespace falaj::app
