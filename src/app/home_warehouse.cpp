#include "app/home_warehouse.hpp"

#include <fmt/format.h>

#include "app/snowflake_access.hpp"
#include "home/program_files.hpp"
#include "http/host_time.hpp"
#include "state/database_copy.hpp"
#include "warehouse/duckdb/embedded_subject.hpp"
#include "warehouse/snowflake/account_check.hpp"
#include "warehouse/snowflake/account_subject.hpp"
#include "warehouse/snowflake/snowflake_console.hpp"
#include "warehouse/snowflake/snowflake_warehouse.hpp"
#include "warehouse/stoppable.hpp"

namespace falaj::app {
namespace {

// The embedded warehouse spills to disk beyond this; together with the rest of the program a run
// then stays below 300 MB.
constexpr int64_t kDefaultMemoryMb = 160;

// After a signal: a small transaction comes to its end, and the program within two seconds.
constexpr auto kGraceOfStatements = std::chrono::milliseconds(700);

bool is_one_file(const home::Home& home) {
  return home.settings().warehouse_type == "duckdb";
}

}  // namespace

Result<std::unique_ptr<warehouse::Warehouse>> HomeWarehouse::open(
    bool is_read_only, const warehouse::StatementTag& tag) {
  const auto stoppable = [this](std::unique_ptr<warehouse::Warehouse> opened) {
    return warehouse::make_stoppable(std::move(opened), home_.stop(), kGraceOfStatements);
  };
  if (is_remote()) {
    auto account = snowflake_options(home_, is_read_only);
    account.tag = tag;
    FALAJ_ASSIGN(auto opened, warehouse::open_snowflake(account));
    return stoppable(std::move(opened));
  }
  const auto options = lake_options(is_read_only);
  FALAJ_ASSIGN(auto opened, is_one_file(home_) ? warehouse::open_duckdb_file(options)
                                               : warehouse::open_lake(options));
  return stoppable(std::move(opened));
}

Result<std::unique_ptr<warehouse::Console>> HomeWarehouse::open_console(
    const std::string& parquet) {
  if (is_remote()) {
    auto account = snowflake_options(home_, true);
    account.tag = {.dag = "sql", .task = "query"};
    return warehouse::open_snowflake_console(account);
  }
  auto options = lake_options(true);
  options.writable_file = parquet;
  return is_one_file(home_) ? warehouse::open_duckdb_file_console(options)
                            : warehouse::open_lake_console(options);
}

warehouse::LakeOptions HomeWarehouse::lake_options(bool is_read_only) const {
  const auto& settings = home_.settings();
  warehouse::LakeOptions options;
  options.directory = home_.paths().lake();
  options.extension_directory = home::extension_directory().string();
  const int64_t memory_mb =
      settings.warehouse_memory_mb > 0 ? settings.warehouse_memory_mb : kDefaultMemoryMb;
  options.memory_limit_bytes = static_cast<uint64_t>(memory_mb) << 20U;
  // One thread beside those that fetch, compress and decode; the models may get more. Idle threads
  // of DuckDB spin: with two, loading on two processors took a quarter more of both.
  options.threads =
      settings.warehouse_threads > 0 ? static_cast<int>(settings.warehouse_threads) : 1;
  options.is_read_only = is_read_only;
  options.copy_catalog = state::copy_database;
  options.clock = &home_.clock();
  options.stop = home_.stop();
  return options;
}

bool HomeWarehouse::exists() const {
  // Only asking tells; whoever reads what is not there yet is told so by Snowflake.
  if (is_remote()) return true;
  return is_one_file(home_) ? warehouse::duckdb_file_exists(home_.paths().lake())
                            : warehouse::lake_exists(home_.paths().lake());
}

bool HomeWarehouse::has_embedded() const {
  return warehouse::lake_exists(home_.paths().lake()) ||
         warehouse::duckdb_file_exists(home_.paths().lake());
}

bool HomeWarehouse::is_remote() const {
  return home_.settings().warehouse_type == "snowflake";
}

std::string HomeWarehouse::place(const std::string& database_name) const {
  if (is_remote()) {
    return fmt::format("{} in Snowflake account {}", database_name,
                       home_.settings().snowflake_account);
  }
  return fmt::format("{} in {}", database_name, home_.paths().lake());
}

std::vector<warehouse::Finding> HomeWarehouse::examine() {
  if (!is_remote()) return {};
  return warehouse::check_account(snowflake_options(home_, true), http::time_at);
}

std::unique_ptr<warehouse::contract::Subject> HomeScratchWarehouses::embedded(Kind kind,
                                                                              std::string folder) {
  using Subject = warehouse::EmbeddedSubject;
  constexpr uint64_t kMemoryBytes = uint64_t{512} << 20U;
  warehouse::LakeOptions options;
  options.extension_directory = home::extension_directory().string();
  options.memory_limit_bytes = kMemoryBytes;
  options.threads = 2;
  options.clock = &home_.clock();
  return std::make_unique<Subject>(
      kind == Kind::kLake ? Subject::Kind::kLake : Subject::Kind::kDuckDbFile, std::move(folder),
      options);
}

std::unique_ptr<warehouse::contract::ScratchDatabase> HomeScratchWarehouses::account(
    std::string database, std::string folder, const std::string& id) {
  auto options = snowflake_options(home_, false);
  options.staging_directory = std::move(folder);
  options.tag = {.dag = "accept", .run = id};
  return std::make_unique<warehouse::SnowflakeSubject>(std::move(options), std::move(database));
}

}  // namespace falaj::app
