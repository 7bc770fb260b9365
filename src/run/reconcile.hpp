// Compares the layers with each other after a run: what bronze knows, silver has and gold counts
// must be one story, and the books of every package must balance.
// Shape:    one Reconciliation a measure and store; matches is false where the two sides differ.
// Threads:  uses the session it is given, on the caller's thread.
// Errors:   of the session; a difference is a result, not an error.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "warehouse/warehouse.hpp"

namespace falaj::run {

struct Reconciliation {
  int64_t store_id = 0;
  std::string stream;
  std::string measure;   // "live orders: bronze and silver"
  std::string expected;  // exact text
  std::string actual;
  bool matches() const { return expected == actual; }
  // "orders, live orders: bronze and silver: 10 and 9 (store 123)"
  std::string to_text() const;
};

// All measures of the stores in the warehouse.
Result<std::vector<Reconciliation>> reconcile(warehouse::Session& session);

// Keeps them in OPS.reconciliations; one write transaction.
Status record_reconciliations(warehouse::Session& session, Clock& clock, const std::string& run_id,
                              const std::vector<Reconciliation>& results);

}  // namespace falaj::run
