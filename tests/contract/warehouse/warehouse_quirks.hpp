// Which warehouses the contract suite runs against, and where each may differ from the contract.
// A quirk that is declared but not seen fails the suite: the list cannot go stale.
#pragma once

#include <fmt/format.h>

#include <functional>
#include <map>
#include <memory>
#include <ostream>
#include <string>

#include "base/clock.hpp"
#include "base/sha256.hpp"
#include "support/fakesnow.hpp"
#include "support/temp_dir.hpp"
#include "warehouse/duckdb/duck_warehouse.hpp"
#include "warehouse/snowflake/snowflake_warehouse.hpp"
#include "warehouse/warehouse.hpp"

namespace falaj::warehouse {

struct WarehouseQuirks {
  // A DuckDB file keeps no history: AT (TIMESTAMP => ..) is refused.
  bool lacks_time_travel = false;
  // Rows that the running transaction has deleted are missing from AT reads in it (DuckLake 1.5.5).
  bool own_deletes_hide_history = false;
  // A MERGE that meets a target row twice takes the last one and says nothing (DuckDB 1.5.5);
  // Snowflake refuses. Models de-duplicate their source.
  bool merges_duplicates_silently = false;
  // Only one process may open it.
  bool is_single_process = false;
  // A reader's SQL may name files of the server's machine.
  bool reads_server_files = false;
  // A NULL timestamp of a result arrives as 1970-01-01 (fakesnow's Arrow has no validity there).
  bool reads_null_timestamps_as_1970 = false;
  // NULL in a required column is answered with HTTP 500, so it looks like a failure of the service.
  bool refuses_null_as_unavailable = false;
  // The sum of a decimal column is a double: SQL that needs it exact casts it.
  bool sums_decimals_as_double = false;
  // MERGE works outside transactions only (it is rewritten and writes to a database of its own).
  bool lacks_merge_in_transactions = false;
  // EXPLAIN is not there.
  bool lacks_explain = false;
  // Expressions of the common subset that are another dialect's there, with the reason.
  std::map<std::string, std::string> sql_that_differs;
};

struct WarehouseKind {
  std::string name;
  Result<std::unique_ptr<Warehouse>> (*open)(const LakeOptions& options);
  WarehouseQuirks quirks;
  std::string integer_type = "BIGINT";  // what headers call it
  // A query that runs for minutes.
  std::string slow_query = "SELECT sum(a.range * b.range) FROM range(1000000) a, range(1000000) b";
  std::string missing;  // why it cannot be tested here; empty: it can
};

inline void PrintTo(const WarehouseKind& kind, std::ostream* out) {
  *out << kind.name;
}

inline WarehouseKind lake_kind() {
  return {.name = "DuckLake",
          .open = open_lake,
          .quirks = {.own_deletes_hide_history = true, .merges_duplicates_silently = true}};
}

inline WarehouseKind file_kind() {
  return {.name = "DuckDbFile",
          .open = open_duckdb_file,
          .quirks = {.lacks_time_travel = true,
                     .merges_duplicates_silently = true,
                     .is_single_process = true}};
}

// A database of its own for each folder.
inline Result<std::unique_ptr<Warehouse>> open_fakesnow(const LakeOptions& lake) {
  SnowflakeOptions options;
  options.driver_path = test::snowflake_driver();
  options.account = "fakesnow";
  options.host = test::fakesnow_url();
  options.user = "falaj";
  options.password = Secret("fakesnow");
  options.database = "T" + to_hex(sha256(lake.directory)).substr(0, 12);
  options.staging_directory = lake.directory + "/upload";
  options.is_read_only = lake.is_read_only;
  // It answers what it cannot do with HTTP 500, which the driver then tries again for so long.
  options.request_timeout = std::chrono::seconds(2);
  options.clock = lake.clock;
  return open_snowflake(options);
}

inline WarehouseKind fakesnow_kind() {
  WarehouseKind kind;
  kind.name = "Fakesnow";
  kind.open = open_fakesnow;
  kind.quirks = {.lacks_time_travel = true,
                 .merges_duplicates_silently = true,
                 .reads_server_files = true,
                 .reads_null_timestamps_as_1970 = true,
                 .refuses_null_as_unavailable = true,
                 .sums_decimals_as_double = true,
                 .lacks_merge_in_transactions = true,
                 .lacks_explain = true};
  kind.quirks.sql_that_differs = {};
  kind.integer_type = "NUMBER(38,0)";
  kind.slow_query =
      "SELECT SUM(a.n * b.n) FROM (SELECT SEQ8() AS n FROM TABLE(GENERATOR(ROWCOUNT => 1000000))) "
      "a "
      "CROSS JOIN (SELECT SEQ8() AS n FROM TABLE(GENERATOR(ROWCOUNT => 1000000))) b";
  if (!test::has_fakesnow()) kind.missing = "fakesnow is not there: tools/fetch-deps fakesnow";
  return kind;
}

}  // namespace falaj::warehouse
