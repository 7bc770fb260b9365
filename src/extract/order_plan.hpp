// What a run or a backfill will ask for of a store's orders, before it does.
// Shape:    counts that are exact where pages and control state tell, ranges where they do not.
// Threads:  values.
#pragma once

#include <cstdint>
#include <vector>

#include "base/count_range.hpp"
#include "extract/list_sweep.hpp"

namespace falaj::extract {

// How many pages a plan may ask for; what lies beyond becomes a range.
struct PlanLimits {
  int64_t walk_pages = 12;
  int64_t first_pages = 60;  // of one list's windows
};

struct OrderPlan {
  int64_t announced = 0;     // by the list
  CountRange list_requests;  // of lists, in all
  CountRange list_rows;
  CountRange to_deepen;   // orders whose details and items will be asked for
  CountRange to_confirm;  // known orders that the list seems to lack: one call each
  int64_t backlog = 0;    // known from before, not yet at full depth
  int64_t again = 0;      // of to_deepen: whose turn it is to be read again
  bool is_first = false;  // nothing of the store's orders is remembered
  bool is_sweep = false;  // all of the list is read
  bool is_expanded = false;
  bool is_walk_cut = false;  // more has changed than the plan has looked at
  SweepPlan sweep;           // as far as is_sweep, or of a backfill's days
  CountRange touched;        // orders whose children will be asked for
};

}  // namespace falaj::extract
