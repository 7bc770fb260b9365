// OrderStream: which orders are asked for one by one, and in which order.
#include <algorithm>

#include "base/counted.hpp"
#include "base/log.hpp"
#include "extract/order_stream.hpp"

namespace falaj::extract {
namespace {

constexpr const char* kRereadCursor = "orders.reread";

}  // namespace

// Which of the orders seen in this run, or known from before, need details and items, and in which
// sequence: what has changed as the walk has it, then by week, and within a week by value.
void OrderStream::collect_work() {
  const auto add = [this](int64_t id, int32_t day, float value, bool has_changed) {
    if (gone_.contains(id)) return;
    constexpr int32_t kDaysOfWeek = 7;
    work_.push_back(
        {id, day / kDaysOfWeek, value, static_cast<uint32_t>(work_.size()), has_changed});
  };
  std::vector<int64_t> listed;  // of full rows, which are deep as they are
  for (const auto& row : listed_) {
    if (outcome_.is_expanded) {
      listed.push_back(row.id);
      continue;
    }
    const auto* known = known_.find_order(row.id);
    const bool is_forced = forced_.contains(row.id);
    const bool has_changed = known == nullptr || known->list_key != row.key;
    if (has_changed || !known->is_deep || is_forced) add(row.id, row.day, row.value, is_forced);
  }
  std::sort(listed.begin(), listed.end());
  for (const int64_t id : options_.named) {
    if (!std::binary_search(listed.begin(), listed.end(), id)) add(id, 0, 0, true);
  }
  for (const auto& order : known_.orders) {
    if (order.is_deep || std::binary_search(listed.begin(), listed.end(), order.id)) continue;
    add(order.id, order.day, order.value, false);
  }
  const auto once = [](std::vector<Work>& work) {
    std::sort(work.begin(), work.end(), [](const Work& a, const Work& b) {
      if (a.id != b.id) return a.id < b.id;
      return a.has_changed != b.has_changed ? a.has_changed : a.place < b.place;
    });
    work.erase(std::unique(work.begin(), work.end(),
                           [](const Work& a, const Work& b) { return a.id == b.id; }),
               work.end());
  };
  once(work_);
}

// Full lists bring what details have, and a backfill is about its own days.
Status OrderStream::collect_rereads() {
  if (options_.reread_days == 0 || options_.range || outcome_.is_expanded ||
      options_.is_summary_only) {
    return {};
  }
  FALAJ_ASSIGN(const auto remembered, cursors_.get(kRereadCursor));
  round_.emplace(remembered, options_.reread_days, clock_.now());
  due_ = round_->due(known_.orders);
  // Sorted by id until now.
  const auto end = static_cast<std::ptrdiff_t>(work_.size());
  for (const int64_t id : due_) {
    const auto found =
        std::lower_bound(work_.begin(), work_.begin() + end, id,
                         [](const Work& work, int64_t wanted) { return work.id < wanted; });
    if (found != work_.begin() + end && found->id == id) continue;
    if (gone_.contains(id)) continue;
    work_.push_back({id, 0, 0, static_cast<uint32_t>(work_.size()), false, true});
  }
  return {};
}

void OrderStream::order_work() {
  std::sort(work_.begin(), work_.end(), [](const Work& a, const Work& b) {
    if (a.is_again != b.is_again) return b.is_again;
    if (a.is_again) return a.place < b.place;
    if (a.has_changed != b.has_changed) return a.has_changed;
    if (!a.has_changed && a.week != b.week) return a.week > b.week;
    if (!a.has_changed && a.value != b.value) return a.value > b.value;
    return a.place < b.place;
  });
}

// The next call of the order at `at`, and one step on.
std::optional<PageAsk> OrderStream::next_ask(size_t& at, bool& is_items_next) const {
  if (at >= work_.size()) return std::nullopt;
  PageAsk ask;
  ask.is_list = false;
  ask.source = "detail";
  ask.may_be_left = true;
  ask.entity_id = work_[at].id;
  ask.purpose = options_.range          ? Purpose::kBackfill
                : work_[at].has_changed ? Purpose::kChanges
                                        : Purpose::kDeepening;
  if (!is_items_next) {
    ask.stream = "orders";
    ask.request =
        fmt::format("/orders/{}{}", ask.entity_id, outcome_.is_expanded ? "?expanded=1" : "");
  } else {
    ask.stream = "order_items";
    ask.parent_id = ask.entity_id;
    ask.is_whole = true;
    ask.request = fmt::format("/orders/items?order_id={}", ask.entity_id);
    ++at;
  }
  is_items_next = !is_items_next;
  return ask;
}

bool OrderStream::is_known_deep(int64_t id) const {
  const auto* known = known_.find_order(id);
  return known != nullptr && known->is_deep;
}

void OrderStream::note_left(size_t at) {
  std::unordered_set<int64_t> again;
  const auto& named = options_.named;
  for (size_t i = 0; i < work_.size(); ++i) {
    if (i < at && !unanswered_.contains(work_[i].id)) continue;
    if (i < at) --outcome_.deepened;
    if (work_[i].is_again) {
      again.insert(work_[i].id);
      continue;
    }
    ++outcome_.left_to_deepen;
    if (std::binary_search(named.begin(), named.end(), work_[i].id) || is_known_deep(work_[i].id))
      outcome_.named_left.push_back(work_[i].id);
  }
  while (due_done_ < due_.size() && !again.contains(due_[due_done_])) ++due_done_;
}

Status OrderStream::deepen() {
  size_t at = 0;
  bool is_items_next = false;
  Status between;
  std::string first_refusal;
  const auto next = [&]() -> std::optional<PageAsk> {
    // An order that is gone has no items to ask for.
    if (is_items_next && gone_.contains(work_[at].id)) {
      ++at;
      is_items_next = false;
    }
    if (!is_items_next) {
      if (options_.is_budget_spent && options_.is_budget_spent()) return std::nullopt;
      if (options_.between_orders) between = options_.between_orders();
      if (!between.ok()) return std::nullopt;
    } else {
      ++outcome_.deepened;
    }
    return next_ask(at, is_items_next);
  };
  FALAJ_TRY(loop_.run(next, [&](const PageAsk& ask, PageResult index) -> Status {
    if (index.ok()) return {};
    if (index.error().vendor_code == kTimeIsUp) {
      unanswered_.insert(ask.entity_id);
      return {};
    }
    if (index.error().kind() == ErrorKind::kNotFound) return land_deletion(ask.entity_id, "404");
    ++outcome_.refused;
    if (is_known_deep(ask.entity_id)) outcome_.named_left.push_back(ask.entity_id);
    if (first_refusal.empty()) first_refusal = index.error().to_text();
    return {};
  }));
  FALAJ_TRY(std::move(between));
  note_left(at);
  if (outcome_.refused > 0) {
    outcome_.notes.push_back(fmt::format(
        "{} details or items calls were refused or unreadable; those orders keep what is "
        "known of them. The first: {}",
        outcome_.refused, first_refusal));
  }
  return {};
}

std::vector<int64_t> OrderStream::touched() const {
  std::vector<int64_t> ids;
  for (int64_t i = 0; i < outcome_.deepened; ++i) ids.push_back(work_[static_cast<size_t>(i)].id);
  if (outcome_.is_expanded && outcome_.is_sweep) {
    for (const auto& row : listed_) ids.push_back(row.id);
  } else if (outcome_.is_expanded) {
    ids.insert(ids.end(), forced_.begin(), forced_.end());
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  std::erase_if(ids, [this](int64_t id) { return gone_.contains(id); });
  return ids;
}

}  // namespace falaj::extract
