#include "app/open_warehouse.hpp"

#include "home/program_files.hpp"
#include "app/snowflake_access.hpp"
#include "home/interrupt.hpp"
#include "state/database_copy.hpp"
#include "warehouse/snowflake/snowflake_warehouse.hpp"
#include "warehouse/stoppable.hpp"

namespace falaj::app {
namespace {

// The embedded warehouse spills to disk beyond this; together with the rest of the program a run
// then stays below 300 MB.
constexpr int64_t kDefaultMemoryMb = 160;

// After a signal: a small transaction comes to its end, and the program within two seconds.
constexpr auto kGraceOfStatements = std::chrono::milliseconds(700);

}  // namespace

Result<std::unique_ptr<warehouse::Warehouse>> open_warehouse(const home::Home& home,
                                                             bool is_read_only,
                                                             const warehouse::StatementTag& tag) {
  const auto stoppable = [&home](std::unique_ptr<warehouse::Warehouse> opened) {
    return warehouse::make_stoppable(std::move(opened), home.stop(), kGraceOfStatements);
  };
  if (uses_snowflake(home.settings())) {
    auto account = snowflake_options(home, is_read_only);
    account.tag = tag;
    FALAJ_ASSIGN(auto opened, warehouse::open_snowflake(account));
    return stoppable(std::move(opened));
  }
  const auto options = lake_options(home, is_read_only);
  FALAJ_ASSIGN(auto opened, home.settings().warehouse_type == "duckdb"
                                ? warehouse::open_duckdb_file(options)
                                : warehouse::open_lake(options));
  return stoppable(std::move(opened));
}

warehouse::LakeOptions lake_options(const home::Home& home, bool is_read_only) {
  warehouse::LakeOptions options;
  options.directory = home.paths().lake();
  options.extension_directory = home::extension_directory().string();
  const int64_t memory_mb = home.settings().warehouse_memory_mb > 0
                                ? home.settings().warehouse_memory_mb
                                : kDefaultMemoryMb;
  options.memory_limit_bytes = static_cast<uint64_t>(memory_mb) << 20U;
  // One thread beside those that fetch, compress and decode; the models may get more. Idle threads
  // of DuckDB spin: with two, loading on two processors took a quarter more of both.
  options.threads = home.settings().warehouse_threads > 0
                        ? static_cast<int>(home.settings().warehouse_threads)
                        : 1;
  options.is_read_only = is_read_only;
  options.copy_catalog = state::copy_database;
  options.clock = &home.clock();
  return options;
}

bool warehouse_exists(const home::Home& home) {
  // Only asking tells; whoever reads what is not there yet is told so by Snowflake.
  if (uses_snowflake(home.settings())) return true;
  return home.settings().warehouse_type == "duckdb"
             ? warehouse::duckdb_file_exists(home.paths().lake())
             : warehouse::lake_exists(home.paths().lake());
}

}  // namespace falaj::app
