// Compares gold with what a store itself counts: its orders in all, by status and by days.
// Shape:    one Reconciliation a total; expected is the store's, actual is gold's.
// Threads:  uses the session it is given, on the caller's thread.
// Errors:   of the session; a difference is a result, not an error.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "run/reconcile.hpp"

namespace falaj::run {

struct StoreTotal {
  std::string first_day;  // YYYY-MM-DD; empty: of all days
  std::string last_day;   // inclusive
  std::string status;     // empty: of all
  int64_t orders = 0;
};

struct StoreComparison {
  std::vector<Reconciliation> results;
  // Days alone differ: the store dates its orders in another zone than it filters them by.
  bool has_other_days = false;
};

// `unlisted` orders are announced by the store and never listed.
Result<StoreComparison> compare_with_store(warehouse::Session& session, int64_t store_id,
                                           const std::vector<StoreTotal>& totals, int64_t unlisted);

}  // namespace falaj::run
