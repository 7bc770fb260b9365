// Landed packages, loaded and modelled in two warehouses that had nothing, must make the same rows
// in both: every table, every column, surrogate keys and commit numbers included.
// Shape:    packages are replayed in rounds, one a run; each round is loaded and then modelled, at
//           an instant of its own, so that no clock tells the warehouses apart.
// Threads:  confined to one.
// Errors:   of the loader, the models and the warehouses. Differences are data.
#pragma once

#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

#include "landing/landing.hpp"
#include "landing/package_writer.hpp"
#include "load/loader.hpp"
#include "warehouse/warehouse.hpp"

namespace falaj::operate {

struct ReplayRound {
  std::string run_id;
  UtcTime at{};  // what the clock says when it is loaded and modelled
  std::vector<landing::SealedPackage> packages;  // without pages: read from the landing
};

// The sealed packages of a landing, by run.
std::vector<ReplayRound> rounds_of(const std::vector<landing::Manifest>& packages);

struct RoundResult {
  int64_t packages = 0;
  int64_t rows_loaded = 0;
  int64_t rows_quarantined = 0;
  int64_t models = 0;  // touched
  int64_t load_ms = 0;
  int64_t models_ms = 0;
  warehouse::Usage usage;  // of this round
};

struct ReplayOptions {
  std::vector<ReplayRound> rounds;
  const landing::Landing* landing = nullptr;  // required
  load::LoaderOptions loader;                 // but for the run's id
  Clock* clock = nullptr;                     // required: measures
  std::stop_token stop;
};

// Makes the tables and plays all rounds.
Result<std::vector<RoundResult>> replay(warehouse::Warehouse& warehouse,
                                        const ReplayOptions& options);

struct TableComparison {
  std::string table;  // SCHEMA.name
  int64_t rows_expected = 0;
  int64_t rows_actual = 0;
  // Rows of one that the other has not, and the first of them.
  int64_t rows_missing = 0;
  int64_t rows_unexpected = 0;
  std::vector<std::string> examples;
  bool is_same() const { return rows_missing == 0 && rows_unexpected == 0; }
};

// Every table that loading and the models make, in the order of the layers.
Result<std::vector<TableComparison>> compare_tables(warehouse::Warehouse& expected,
                                                    warehouse::Warehouse& actual,
                                                    const std::vector<decode::TableSpec>& specs,
                                                    std::stop_token stop = {});

}  // namespace falaj::operate
