// Pages a list by latest change, from the top, until it rejoins the order that the last walk
// remembered: what is above has changed since, also where its row looks the same.
// Shape:    one page after the other, so that a change meanwhile only shifts rows down, into pages
//           that come later. A deletion shifts them up, past the page that is asked for next: it
//           shows in the list's total, and the walk begins again.
// Threads:  confined to one.
// Errors:   of the page loop and of reading what is known.
// Facts:    salla-api.md 2.1 (lists are no snapshots), 2.2 (no updated_at filter), 8.10 (whether
//           the sorting is stable is not known)
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "extract/junction.hpp"
#include "extract/known_store.hpp"
#include "extract/list_sweep.hpp"
#include "extract/page_loop.hpp"

namespace falaj::extract {

// The query that sorts a list by latest change, and its reverse.
constexpr const char* kLatestChangeFirst = "&sort_by=updated_at-desc";
constexpr const char* kLatestChangeLast = "&sort_by=updated_at-asc";

Result<decode::PageIndex> ask_by_change(PageLoop& loop, const ListSpec& list, int64_t page);

// What the last walk left behind.
struct WalkMemory {
  std::vector<int64_t> order;         // ids, latest change first; empty: never walked
  std::optional<UtcTime> seen_until;  // the latest change that it saw; full rows only
};

class ChangeWalk {
 public:
  // Reads it when it is first asked for.
  using Known = std::function<Result<const KnownStore*>()>;
  ChangeWalk(PageLoop& loop, ListSpec list, WalkMemory memory, OnRow on_row);

  // `first` is page 1. Rows are compared with what is known when `compares_rows`; else only a long
  // walk looks at it. True when the junction was found.
  Result<bool> run(decode::PageIndex first, const Known& known, bool compares_rows);
  // For a look: after so many pages the walk ends without a junction.
  void stop_after(int64_t pages) { pages_max_ = pages; }

  int64_t announced() const { return announced_; }  // by the page 1 that counts
  const std::vector<int64_t>& walked() const { return walked_; }
  size_t above() const { return above_; }  // rows above the junction
  bool had_memory() const { return !memory_.order.empty(); }
  // Rows went missing between two pages each time that it was tried: what is above the junction may
  // lack some, and the next walk must go down to the old junction again.
  bool has_moved() const { return has_moved_; }
  // The list is not in the order that was asked for.
  bool is_unsorted() const { return is_unsorted_; }
  // It ended because of stop_after().
  bool was_stopped() const { return was_stopped_; }
  // What the next walk needs; of a walk that is to be trusted.
  WalkMemory memory() const;

 private:
  Status look_at(const Known& known);
  Result<bool> walk_once(decode::PageIndex first, const Known& known);
  JunctionHints hints(bool is_end) const;
  bool has_changed(const decode::IndexRow& row) const;
  void take(const decode::PageIndex& index);
  void forget();

  PageLoop& loop_;
  ListSpec list_;
  WalkMemory memory_;
  OnRow on_row_;
  const KnownStore* known_ = nullptr;
  bool compares_rows_ = false;
  int64_t announced_ = 0;
  int64_t most_announced_ = 0;
  std::optional<UtcTime> newest_change_;
  std::optional<UtcTime> last_change_;  // of the row before
  std::vector<int64_t> walked_;
  std::unordered_set<int64_t> walked_ids_;
  size_t changed_rows_ = 0;  // so many walked rows have certainly changed
  size_t above_ = 0;
  bool has_moved_ = false;
  bool is_unsorted_ = false;
  std::optional<int64_t> pages_max_;
  bool was_stopped_ = false;
};

}  // namespace falaj::extract
