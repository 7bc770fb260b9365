// Which warehouses the contract suite runs against, and where each may differ from the contract.
// A quirk that is declared but not seen fails the suite: the list cannot go stale.
#pragma once

#include <functional>
#include <memory>
#include <ostream>
#include <string>

#include "base/clock.hpp"
#include "support/temp_dir.hpp"
#include "warehouse/duckdb/duck_warehouse.hpp"
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
};

struct WarehouseKind {
  std::string name;
  Result<std::unique_ptr<Warehouse>> (*open)(const LakeOptions& options);
  WarehouseQuirks quirks;
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

}  // namespace falaj::warehouse
