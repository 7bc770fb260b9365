#include "extract/change_walk.hpp"

#include <algorithm>

namespace falaj::extract {
namespace {

// Ids remembered by change. A walk that goes past all of them falls back to a sweep.
constexpr size_t kRememberedIds = 12'000;
// Pages read from the top of a store that was never walked: enough to find the junction later.
constexpr int64_t kFirstWalkPages = 4;
// A walk of full rows that has found no junction by then looks at what is known, and so for orders
// that are gone. Light rows are compared with it from the start.
constexpr int64_t kPagesWithoutKnown = 16;
// A store that deletes all the time is not walked for ever.
constexpr int kMovedRetries = 2;

}  // namespace

Result<decode::PageIndex> ask_by_change(PageLoop& loop, const ListSpec& list, int64_t page) {
  PageAsk ask;
  ask.stream = list.stream;
  ask.request = page_request(list, page, kLatestChangeFirst);
  ask.volatile_members = list.volatile_members;
  ask.purpose = list.purpose;
  return loop.ask_one(std::move(ask));
}

ChangeWalk::ChangeWalk(PageLoop& loop, ListSpec list, WalkMemory memory, OnRow on_row)
    : loop_(loop), list_(std::move(list)), memory_(std::move(memory)), on_row_(std::move(on_row)) {}

Result<bool> ChangeWalk::run(decode::PageIndex first, const Known& known, bool compares_rows) {
  compares_rows_ = compares_rows;
  if (compares_rows_) FALAJ_TRY(look_at(known));
  for (int tries = 0;; ++tries) {
    FALAJ_ASSIGN(const bool is_joined, walk_once(std::move(first), known));
    if (!has_moved_ || tries >= kMovedRetries) return is_joined;
    forget();
    FALAJ_ASSIGN(first, ask_by_change(loop_, list_, 1));
  }
}

Result<bool> ChangeWalk::walk_once(decode::PageIndex first, const Known& known) {
  announced_ = first.pagination ? first.pagination->total : static_cast<int64_t>(first.rows.size());
  // As the store gives them, which may be fewer than asked for.
  const int64_t page_rows = first.pagination && first.pagination->per_page > 0
                                ? std::min(first.pagination->per_page, list_.page_size)
                                : list_.page_size;
  const int64_t pages = (announced_ + page_rows - 1) / page_rows;
  const int64_t reachable = reachable_rows(page_rows) / page_rows;
  take(first);
  bool is_joined = false;
  for (int64_t done = 1;; ++done) {
    const bool is_end = done >= pages;
    if (!had_memory()) {
      if (is_end || done >= kFirstWalkPages) break;
    } else if (const auto above = find_junction(walked_, memory_.order, hints(is_end))) {
      above_ = *above;
      is_joined = true;
      break;
    }
    if (is_end || done >= reachable || is_unsorted_) break;
    if (pages_max_ && done >= *pages_max_) {
      was_stopped_ = true;
      break;
    }
    if (known_ == nullptr && done >= kPagesWithoutKnown) FALAJ_TRY(look_at(known));
    FALAJ_ASSIGN(const auto index, ask_by_change(loop_, list_, done + 1));
    take(index);
  }
  if (!is_joined) above_ = walked_.size();
  return is_joined;
}

// Remembered orders that have been recorded as gone since, as an event or a 404 does, are in no list:
// they must not look like rows that the walk has left out.
Status ChangeWalk::look_at(const Known& known) {
  FALAJ_ASSIGN(known_, known());
  std::erase_if(memory_.order, [this](int64_t id) { return known_->find_order(id) == nullptr; });
  return {};
}

void ChangeWalk::forget() {
  walked_.clear();
  walked_ids_.clear();
  changed_rows_ = 0;
  above_ = 0;
  most_announced_ = 0;
  last_change_.reset();
  has_moved_ = false;
}

JunctionHints ChangeWalk::hints(bool is_end) const {
  JunctionHints hints;
  hints.is_end = is_end;
  hints.from = changed_rows_;
  if (known_ == nullptr) return hints;
  auto count = static_cast<int64_t>(known_->orders.size());
  for (const int64_t id : walked_) count += known_->find_order(id) == nullptr ? 1 : 0;
  hints.gone = static_cast<size_t>(std::max<int64_t>(0, count - announced_));
  return hints;
}

// A row that has certainly changed, and so has every row above it.
bool ChangeWalk::has_changed(const decode::IndexRow& row) const {
  if (memory_.seen_until) return row.updated_at && *row.updated_at > *memory_.seen_until;
  if (!compares_rows_) return false;
  const auto* known = known_->find_order(row.id);
  return known == nullptr || (known->list_key != 0 && known->list_key != row.payload_key);
}

void ChangeWalk::take(const decode::PageIndex& index) {
  if (index.pagination) {
    has_moved_ = has_moved_ || index.pagination->total < most_announced_;
    most_announced_ = std::max(most_announced_, index.pagination->total);
  }
  for (const auto& row : index.rows) {
    on_row_(row);
    if (!walked_ids_.insert(row.id).second) continue;
    walked_.push_back(row.id);
    if (has_changed(row)) changed_rows_ = walked_.size();
    if (!row.updated_at) continue;
    is_unsorted_ = is_unsorted_ || (last_change_ && *row.updated_at > *last_change_);
    last_change_ = row.updated_at;
    if (!newest_change_ || *newest_change_ < *row.updated_at) newest_change_ = row.updated_at;
  }
}

WalkMemory ChangeWalk::memory() const {
  return {merged_order(walked_, above_, memory_.order, kRememberedIds), newest_change_};
}

}  // namespace falaj::extract
