// Orders: what changed since the last run, and how deep each one is known.
// Shape:    a run walks the list by latest change down to the junction with the last run, or sweeps
//           all of it; a backfill sweeps the orders of some days. Then it fetches details and items
//           of orders that need them: changed ones first, then the newest and most valuable. Known
//           orders that a sweep does not list are asked after. Last come those whose turn it is to
//           be read again (reread_round.hpp), where lists do not bring orders in full.
// Threads:  confined to one.
// Errors:   of the page loop. The remembered order is saved only by remember(), after the run's
//           pages are all landed.
// Facts:    salla-api.md 2.2 (no updated_at filter), 4.1 (light and expanded), 6.9 (deletions)
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "extract/change_walk.hpp"
#include "extract/known_store.hpp"
#include "extract/list_sweep.hpp"
#include "extract/order_plan.hpp"
#include "extract/page_loop.hpp"
#include "extract/reread_round.hpp"

namespace falaj::extract {

struct OrderOptions {
  bool is_summary_only = false;
  bool is_reconciling = false;     // sweep whatever the walk finds, and ask for totals
  std::optional<DayWindow> range;  // backfill: orders created on these days, and no others
  int64_t page_size = 60;
  int64_t reread_days = 0;                    // in which each order is read again once; 0: never
  std::vector<std::string> statuses;          // known slugs
  std::vector<std::string> volatile_members;  // of list rows: left out when rows are compared
  std::vector<int64_t> named;                 // sorted; somebody says that these have changed
  std::function<bool()> is_budget_spent;      // ends deepening cleanly
  // Between the list and the calls for single orders: what lists bring need not be asked for singly.
  std::function<Status()> before_deepening;
  // All orders of these days have been landed; in no case of the day that it is.
  std::function<void(DayWindow)> on_whole_days;
  // Before the calls for each order.
  std::function<Status()> between_orders;
};

struct OrderOutcome {
  int64_t announced = 0;
  int64_t list_total = 0;  // of all orders, whatever was asked for; as the last answer had it
  int64_t changed = 0;     // above the junction
  int64_t deepened = 0;
  int64_t left_to_deepen = 0;
  int64_t deleted = 0;
  int64_t refused = 0;  // 422 on details or items
  bool is_sweep = false;
  bool is_expanded = false;
  // Of a steady sweep: how many orders the store says that it has, in all, by day and by status.
  std::vector<WindowTotal> totals;
  // For the next run to name: those named that were not asked for, and those that have changed since
  // their details were read, left over or refused. No list will tell of them again.
  std::vector<int64_t> named_left;
  int64_t unlisted = 0;  // announced, but never listed
  std::vector<std::string> notes;
};

class OrderStream {
 public:
  OrderStream(PageLoop& loop, const Clock& clock, const ReadKnownStore& known, CursorStore& cursors,
              OrderOptions options);
  Result<OrderOutcome> run();
  // What run() would ask for, from the pages that tell it: those of the walk, and first pages.
  Result<OrderPlan> plan(PlanLimits limits);
  // Call when everything is landed: the next run starts from here.
  Status remember();
  // No run has read this store's orders to the end before.
  static Result<bool> is_first(const CursorStore& cursors);
  // Orders that this run brought in full: those it deepened, or full rows that are new or changed.
  std::vector<int64_t> touched() const;
  // Orders deepened so far, of all that need it.
  std::pair<int64_t, int64_t> deepening() const {
    return {outcome_.deepened, static_cast<int64_t>(work_.size())};
  }

 private:
  struct Row {
    int64_t id;
    int64_t key;
    int32_t day;  // on which it was created; 0: not known
    float value;
  };
  struct Work {
    int64_t id;
    int32_t week;
    float value;
    uint32_t place;  // among those of its kind, as lists brought them
    bool has_changed;
    bool is_again = false;  // nothing is missing: it is its turn
  };
  // Rows that a plan has not looked at.
  struct Unseen {
    int64_t missing = 0;  // known orders that the list lacks
    int64_t added = 0;    // that are not known yet
    int64_t deep = 0;     // known ones at full depth
  };
  // The first page by change, asked in the shape that the store is known or found to answer.
  Result<decode::PageIndex> find_shape();
  Status keep_shape(const decode::PageIndex& first);
  Status read_known();
  Status read_changes(decode::PageIndex first);
  // True when all of the list must be read.
  Result<bool> walk_changes(decode::PageIndex first, std::optional<int64_t> pages_max);
  Status plan_list(OrderPlan& plan, decode::PageIndex first, PlanLimits limits);
  Status plan_details(OrderPlan& plan);
  Unseen count_unseen(int64_t announced) const;
  // True when the orders that are known, and those seen to be new, are as many as announced.
  bool knows_all() const;
  void tell_whole_days(DayWindow days) const;
  Status sweep();
  Status sweep_range();
  // Leaves the orders of those days known, and no others.
  void keep_range();
  // Whether sorting by change has an effect.
  Status prove_sorting();
  void judge_sweep(const SweepResult& seen, const decode::PageIndex& after);
  Status ask_totals(SweepResult& seen);
  Status probe_missing(const std::vector<int64_t>& seen);
  void collect_work();
  Status collect_rereads();
  void order_work();
  Status deepen();
  bool is_known_deep(int64_t id) const;
  // What the work from `at` on leaves for the next run.
  void note_left(size_t at);
  std::optional<PageAsk> next_ask(size_t& at, bool& is_items_next) const;
  Status land_deletion(int64_t id, const char* reason);
  ListSpec list() const;
  Purpose list_purpose() const { return options_.range ? Purpose::kBackfill : Purpose::kChanges; }
  void take(const decode::IndexRow& row);

  PageLoop& loop_;
  const Clock& clock_;
  const ReadKnownStore& read_known_;
  CursorStore& cursors_;
  OrderOptions options_;
  Day today_ = 0;  // of the store, when the run began
  OrderOutcome outcome_;
  KnownStore known_;
  bool is_known_read_ = false;
  std::unique_ptr<ChangeWalk> walk_;
  bool needs_sweep_ = false;
  bool is_sort_ignored_ = false;
  int64_t unlisted_ = 0;                 // announced, but never listed; accepted
  std::optional<int64_t> unlisted_now_;  // found by this run's sweep
  std::vector<Row> listed_;              // in the order in which lists brought them
  std::unordered_set<int64_t> forced_;   // above the junction
  std::vector<Work> work_;
  std::unordered_set<int64_t> unanswered_;  // when the time was up
  std::optional<RereadRound> round_;
  std::vector<int64_t> due_;  // of the round
  size_t due_done_ = 0;
  std::unordered_set<int64_t> gone_;
};

}  // namespace falaj::extract
