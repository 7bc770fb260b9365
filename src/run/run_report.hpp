// What one `falaj run` did, in numbers that a person, a script and a test can read.
// Shape:    one StreamReport a stream, one ModelReport a model that was touched; mismatches is
//           empty when everything reconciles.
// Units:    counts are rows; durations milliseconds; amounts stay text, exact.
// Threads:  values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "run/coverage.hpp"
#include "warehouse/warehouse.hpp"

namespace falaj::run {

struct StreamReport {
  std::string stream;
  int64_t requests = 0;
  int64_t pages = 0;
  int64_t fetched = 0;  // = loaded + unchanged + quarantined
  int64_t loaded = 0;
  int64_t unchanged = 0;
  int64_t quarantined = 0;
};

struct ModelReport {
  std::string model;
  int64_t rows_in = 0;
  int64_t inserted = 0;
  int64_t updated = 0;
  int64_t closed = 0;
  int64_t deleted = 0;
  int64_t duration_ms = 0;
};

struct StageTiming {
  std::string stage;
  int64_t duration_ms = 0;
};

struct StoreReport {
  int64_t store_id = 0;  // 0: the store did not say who it is
  std::string name;
  int64_t orders_to_deepen = 0;
  std::string error;    // why it could not be read; empty: it was
  int exit_status = 0;  // of that error
};

// What was thought to be left when so much of the orders' details was done.
struct EtaSample {
  int64_t done_percent = 0;
  int64_t elapsed_ms = 0;
  int64_t left_ms = 0;
};

struct RunReport {
  std::string run_id;
  std::string task;  // "run", "reconcile", "backfill of 2025-01-01 to 2025-03-31"
  std::vector<StoreReport> stores;
  std::string warehouse;  // where the data are, for people
  std::vector<StreamReport> streams;
  std::vector<ModelReport> models;
  std::vector<StageTiming> stages;
  std::vector<std::string> mismatches;
  // What a store announces and gold has not, with the reason; the books and layers balance even so.
  std::vector<std::string> differences;
  std::vector<std::string> notes;  // what a person should know: resumed, work left, repaired
  int64_t orders_to_deepen = 0;    // known, but not yet at full depth
  std::vector<Coverage> coverage;  // empty when nothing has changed
  std::vector<EtaSample> eta;
  int64_t refreshes = 0;   // of silver and gold, before the end
  warehouse::Usage usage;  // of a warehouse that runs elsewhere
  int64_t peak_rss_bytes = 0;
  int64_t duration_ms = 0;

  // Of the command: a difference comes first, then the first store that could not be read.
  int exit_status() const;
  int64_t rows_loaded() const;
  int64_t rows_quarantined() const;
  // The last line: "Everything reconciles: ...", or what differs.
  std::string verdict() const;
};

}  // namespace falaj::run
