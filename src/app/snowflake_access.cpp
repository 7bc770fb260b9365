#include "app/snowflake_access.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <fstream>

#include "base/private_key.hpp"
#include "base/ulid.hpp"
#include "home/program_files.hpp"
#include "load/bronze_schema.hpp"
#include "stores/home_streams.hpp"
#include "transform/model_registry.hpp"
#include "warehouse/snowflake/ddl.hpp"
#include "warehouse/snowflake/driver.hpp"

namespace falaj::app {

namespace {

// Of the DuckDB that writes the files.
constexpr int64_t kDefaultMemoryMb = 96;

// A path and a host may be the same on two machines: what is in the file is not.
std::string writer_name(const home::Home& home) {
  const std::string place = home.paths().root + "/state/writer";
  std::string id;
  std::ifstream(place) >> id;
  if (!is_ulid(id)) {
    id = UlidGenerator(home.clock(), UlidGenerator::random_seed()).next();
    std::ofstream(place) << id << '\n';
  }
  std::string host(256, '\0');
  if (::gethostname(host.data(), host.size() - 1) != 0) host = "?";
  return fmt::format("{}:{} {}", host.c_str(), home.paths().root, id);
}

}  // namespace

warehouse::SnowflakeOptions snowflake_options(const home::Home& home, bool is_read_only) {
  const auto& settings = home.settings();
  using std::chrono::seconds;
  warehouse::SnowflakeOptions options;
  options.driver_path = settings.snowflake_driver.empty()
                            ? (home::extension_directory() / warehouse::driver_file_name()).string()
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
  options.staging_directory = home.paths().root + "/state/upload";
  options.upload_threads = static_cast<int>(settings.snowflake_upload_threads);
  const int64_t memory_mb =
      settings.warehouse_memory_mb > 0 ? settings.warehouse_memory_mb : kDefaultMemoryMb;
  options.memory_limit_bytes = static_cast<uint64_t>(memory_mb) << 20U;
  options.is_read_only = is_read_only;
  if (!is_read_only) options.writer = writer_name(home);
  options.clock = &home.clock();
  return options;
}

Result<std::string> snowflake_script(const home::Home& home) {
  FALAJ_ASSIGN(const auto streams, stores::home_streams(home.paths()));
  auto tables = load::load_schema(connectors::salla::tables_of(streams));
  for (auto& table : transform::ModelRegistry::built_in().definitions()) {
    tables.push_back(std::move(table));
  }
  const auto options = snowflake_options(home, true);
  std::string public_key;
  if (const auto key = warehouse::private_key_of(options); key.ok() && !key->empty()) {
    FALAJ_ASSIGN(public_key, public_key_text(*key));
  }
  const auto credits = static_cast<int>(home.settings().snowflake_credits_a_month);
  namespace ddl = warehouse::snowflake;
  return ddl::admin_script(options, credits, public_key) + "\n" +
         ddl::table_script(options, tables) + "\n" + ddl::reader_script(options);
}

}  // namespace falaj::app
