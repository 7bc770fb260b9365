// Compares how many orders a store's list announces with how many gold has, for the last words of a
// run: what differs is said, with what is known of the reason.
// Shape:    one ListDifference a store whose numbers differ.
// Threads:  uses the session it is given, on the caller's thread.
// Errors:   of the session; a difference is a result, not an error.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "run/reconcile.hpp"

namespace falaj::run {

struct ListTotal {
  int64_t store_id = 0;
  std::string name;  // of the store, for messages; empty where there is one
  int64_t announced = 0;
  int64_t unlisted = 0;     // announced, and in no page of the list
  bool is_partial = false;  // the run asked for some days only
};

struct ListDifference {
  Reconciliation result;
  std::string text;  // "the order list announces 10 orders, gold has 8 (2 in quarantine)"
};

Result<std::vector<ListDifference>> compare_with_lists(warehouse::Session& session,
                                                       const std::vector<ListTotal>& totals);

}  // namespace falaj::run
