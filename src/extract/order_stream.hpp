// Orders: what changed since the last run, and how deep each one is known.
// Shape:    a run either walks the list by latest change down to the junction with the last run, or
//           sweeps all of it; then fetches details and items of orders that need them, newest
//           first; then asks after orders that have gone missing.
// Threads:  confined to one.
// Errors:   of the page loop. The remembered order is saved only by remember(), after the run's
//           pages are all landed.
// Facts:    salla-api.md 2.2 (no updated_at filter), 4.1 (light and expanded), 6.9 (deletions)
#pragma once

#include <functional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "extract/junction.hpp"
#include "extract/known_store.hpp"
#include "extract/list_sweep.hpp"
#include "extract/page_loop.hpp"

namespace falaj::extract {

struct OrderOptions {
  bool is_summary_only = false;
  int64_t page_size = 60;
  std::vector<std::string> statuses;          // known slugs
  std::vector<std::string> volatile_members;  // of list rows: left out when rows are compared
  std::function<bool()> is_budget_spent;      // ends deepening cleanly
};

struct OrderOutcome {
  int64_t announced = 0;
  int64_t changed = 0;  // above the junction
  int64_t deepened = 0;
  int64_t left_to_deepen = 0;
  int64_t deleted = 0;
  int64_t refused = 0;  // 422 on details or items
  bool is_sweep = false;
  bool is_expanded = false;
  std::vector<std::string> notes;
};

class OrderStream {
 public:
  OrderStream(PageLoop& loop, const Clock& clock, const ReadKnownStore& known, CursorStore& cursors,
              OrderOptions options);
  Result<OrderOutcome> run();
  // Call when everything is landed: the next run starts from here.
  Status remember();
  // Orders deepened so far, of all that need it.
  std::pair<int64_t, int64_t> deepening() const {
    return {outcome_.deepened, static_cast<int64_t>(work_.size())};
  }

 private:
  struct Row {
    int64_t id;
    int64_t key;
  };
  Result<decode::PageIndex> head(int64_t page);
  // The first page by change, asked in the shape that the store is known or found to answer.
  Result<decode::PageIndex> find_shape();
  Status keep_shape(const decode::PageIndex& first);
  Status read_known();
  JunctionHints hints(bool is_end) const;
  bool has_changed(const decode::IndexRow& row) const;
  // Adds a page of the walk.
  void take(const decode::PageIndex& index);
  // True when the walk found its junction.
  Result<bool> walk(decode::PageIndex first);
  Status sweep();
  Status deepen();
  Status probe_missing(const std::vector<int64_t>& seen);
  void collect_work();
  Status land_deletion(int64_t id, const char* reason);
  ListSpec list() const;
  const KnownOrder* known_order(int64_t id) const;

  PageLoop& loop_;
  const Clock& clock_;
  const ReadKnownStore& read_known_;
  CursorStore& cursors_;
  OrderOptions options_;
  OrderOutcome outcome_;
  KnownStore known_;
  bool is_known_read_ = false;
  std::vector<int64_t> remembered_;
  bool needs_sweep_ = false;
  std::optional<UtcTime> seen_until_;  // the latest change that the last run saw; full rows only
  std::optional<UtcTime> newest_change_;
  std::vector<int64_t> walked_;
  std::unordered_set<int64_t> walked_ids_;
  size_t changed_rows_ = 0;  // so many walked rows have certainly changed
  size_t above_ = 0;
  std::vector<Row> listed_;             // in the order in which lists brought them
  std::unordered_set<int64_t> forced_;  // above the junction
  std::vector<int64_t> work_;           // to deepen
  std::unordered_set<int64_t> gone_;
};

}  // namespace falaj::extract
