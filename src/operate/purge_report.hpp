// What taking a store out of a home has removed, or would.
// Units:    rows, packages, bytes.
// Threads:  values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/json.hpp"

namespace falaj::operate {

struct PurgeReport {
  struct TableRows {
    std::string table;  // "BRONZE.bronze_orders"
    int64_t rows = 0;
  };
  int64_t store_id = 0;
  std::string name;
  bool is_dry_run = false;
  std::vector<TableRows> tables;  // those that had rows of it
  int64_t shared_rows = 0;        // of tables of all stores, that no other store needs
  int64_t packages = 0;           // landed
  int64_t landing_bytes = 0;
  int64_t remembered = 0;          // cursors
  std::string token;               // "kept", "removed", "none"
  std::vector<std::string> notes;  // what is left to do

  int64_t rows() const;
};

Json to_json(const PurgeReport& report);

}  // namespace falaj::operate
