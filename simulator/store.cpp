#include "simulator/store.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "simulator/civil_time.hpp"
#include "simulator/random_stream.hpp"

namespace falaj::simulator {
namespace {

constexpr size_t kCollectedMax = 8;

// Where a changed order goes next; every change is a visible one.
StatusIndex next_status(StatusIndex status) {
  switch (status) {
    case kPaymentPending: return kUnderReview;
    case kUnderReview: return kInProgress;
    case kInProgress: return kShipped;
    case kShipped: return kDelivering;
    case kDelivering: return kDelivered;
    case kDelivered: return kCompleted;
    case kCompleted: return kRestoring;
    case kRestoring: return kRestored;
    case kRestored: return kCompleted;
    default: return kUnderReview;
  }
}

std::string key_of(const OrderQuery& query) {
  return fmt::format("{}|{}|{}|{}|{}|{}|{}|{}|{}|{}", query.from_day.value_or(INT64_MIN),
                     query.to_day.value_or(INT64_MAX), fmt::join(query.statuses, ","),
                     fmt::join(query.payments, ","), query.customer_id.value_or(-1),
                     query.reference.value_or("-"), static_cast<int>(query.sort),
                     query.is_ascending, query.from_second.value_or(-1),
                     query.to_second.value_or(-1));
}

template <typename T>
bool contains(const std::vector<T>& values, T value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

}  // namespace

uint64_t OrderList::at(uint64_t k) const {
  if (list_) return (*list_)[k];
  return store_->select_live(first_, is_ascending_ ? k : size_ - 1 - k);
}

bool Store::is_live(uint64_t index) const {
  return index < order_end() && !std::binary_search(deleted_.begin(), deleted_.end(), index);
}

std::optional<uint64_t> Store::find_order(int64_t id) const {
  const auto index = source_->order_index(id);
  return is_live(index) ? std::optional(index) : std::nullopt;
}

void Store::order(uint64_t index, OrderFacts& out) const {
  const auto base = source_->order_count();
  source_->order(index, index < base ? std::nullopt : std::optional(created_[index - base]), out);
  if (changed_.empty()) return;
  const auto change = changed_.find(index);
  if (change != changed_.end()) apply(change->second, out);
}

void Store::apply(const Change& change, OrderFacts& facts) {
  facts.version = change.version;
  if (change.updated) facts.updated = std::max(*change.updated, facts.created);
  for (uint64_t i = 0; i < change.version; ++i) facts.status = next_status(facts.status);
  if (facts.items.empty()) return;
  // Some changes touch money too: one more piece of the first line.
  auto& line = facts.items.front();
  if (change.version % 3 == 1) line.quantity += 1;
  if (change.is_repriced) {
    constexpr int64_t kMore = 10'000;
    line.unit_price += kMore;
    facts.discount += kMore * line.quantity;
  }
  if (change.version % 3 == 1 || change.is_repriced) facts.settle();
}

void Store::order_before(uint64_t index, int64_t now, int64_t max_age, OrderFacts& out) const {
  const auto change = changed_.find(index);
  const auto before = before_.find(index);
  if (change == changed_.end() || before == before_.end() || now - change->second.at >= max_age) {
    order(index, out);
    return;
  }
  const auto base = source_->order_count();
  source_->order(index, index < base ? std::nullopt : std::optional(created_[index - base]), out);
  apply(before->second, out);
}

Store::Change& Store::change_of(uint64_t index, int64_t now) {
  auto& change = changed_[index];
  before_[index] = change;
  change.at = now;
  return change;
}

uint64_t Store::select_live(uint64_t first, uint64_t j) const {
  const auto begin = std::lower_bound(deleted_.begin(), deleted_.end(), first);
  // The p-th deleted index d has d - first - p live ones before it.
  auto low = begin;
  auto high = deleted_.end();
  while (low < high) {
    const auto middle = low + (high - low) / 2;
    if (*middle - first - static_cast<uint64_t>(middle - begin) > j) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return first + j + static_cast<uint64_t>(low - begin);
}

std::pair<uint64_t, uint64_t> Store::range_of(const OrderQuery& query) const {
  const auto base = source_->order_count();
  constexpr int64_t kFar = 1'000'000;
  const auto from = std::clamp(query.from_day.value_or(-kFar), -kFar, kFar);
  const auto to = std::clamp(query.to_day.value_or(kFar), -kFar, kFar);
  if (from > to) return {0, 0};
  const auto [low, high] = source_->orders_between(from, to);
  const auto created_low =
      std::lower_bound(created_.begin(), created_.end(), from * kDaySeconds) - created_.begin();
  const auto created_high =
      std::lower_bound(created_.begin(), created_.end(), (to + 1) * kDaySeconds) - created_.begin();
  if (created_low == created_high) return {low, high};
  const auto end = base + static_cast<uint64_t>(created_high);
  // Later orders follow the source's in time, so the two ranges touch unless the first is empty.
  return {low < high ? low : base + static_cast<uint64_t>(created_low), end};
}

bool Store::matches(const OrderFacts& facts, const OrderQuery& query) const {
  if (query.from_second && facts.created < *query.from_second) return false;
  if (query.to_second && facts.created > *query.to_second) return false;
  if (!query.statuses.empty() && !contains(query.statuses, facts.status)) return false;
  if (!query.payments.empty() && !contains(query.payments, facts.payment)) return false;
  if (query.customer_id) {
    return facts.customer && source_->customer_id(*facts.customer) == *query.customer_id;
  }
  return true;
}

std::shared_ptr<const std::vector<uint32_t>> Store::collect(const OrderQuery& query) const {
  auto [low, high] = range_of(query);
  if (query.reference) {
    const auto index = source_->order_by_reference(*query.reference);
    const bool is_inside = index && *index >= low && *index < high;
    low = is_inside ? *index : 0;
    high = is_inside ? low + 1 : 0;
  }
  struct Row {
    int64_t key;
    uint32_t index;
  };
  std::vector<Row> rows;
  OrderFacts facts;
  for (auto index = low; index < high; ++index) {
    if (!is_live(index)) continue;
    order(index, facts);
    if (!matches(facts, query)) continue;
    int64_t key = 0;
    if (query.sort == OrderSort::kUpdated) key = facts.updated;
    if (query.sort == OrderSort::kTotal) key = facts.total;
    if (query.sort == OrderSort::kId) key = facts.id;
    rows.push_back({key, static_cast<uint32_t>(index)});
  }
  if (query.sort != OrderSort::kCreated) {
    std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
      return a.key != b.key ? a.key < b.key : a.index < b.index;
    });
  }
  auto list = std::make_shared<std::vector<uint32_t>>();
  list->reserve(rows.size());
  for (const auto& row : rows) list->push_back(row.index);
  if (!query.is_ascending) std::reverse(list->begin(), list->end());
  return list;
}

OrderList Store::orders(const OrderQuery& query) {
  OrderList found;
  found.store_ = this;
  found.is_ascending_ = query.is_ascending;
  const bool is_plain = query.statuses.empty() && query.payments.empty() && !query.customer_id &&
                        !query.reference && !query.from_second && !query.to_second &&
                        query.sort == OrderSort::kCreated;
  if (is_plain) {
    const auto [low, high] = range_of(query);
    const auto gone = std::lower_bound(deleted_.begin(), deleted_.end(), high) -
                      std::lower_bound(deleted_.begin(), deleted_.end(), low);
    found.first_ = low;
    found.size_ = high - low - static_cast<uint64_t>(gone);
    return found;
  }
  if (collected_version_ != version_ || collected_.size() >= kCollectedMax) collected_.clear();
  collected_version_ = version_;
  auto& list = collected_[key_of(query)];
  if (!list) list = collect(query);
  found.list_ = list;
  found.size_ = list->size();
  return found;
}

std::optional<uint64_t> Store::find_customer(int64_t id) const {
  const auto index = source_->customer_index(id);
  return index < source_->customer_count() ? std::optional(index) : std::nullopt;
}

std::optional<uint64_t> Store::find_product(int64_t id) const {
  const auto index = source_->product_index(id);
  return index < source_->product_count() ? std::optional(index) : std::nullopt;
}

std::pair<uint64_t, uint64_t> Store::customers_between(std::optional<int64_t> from_day,
                                                       std::optional<int64_t> to_day) const {
  const auto first_at = [this](int64_t seconds) {
    uint64_t low = 0;
    uint64_t high = source_->customer_count();
    while (low < high) {
      const auto middle = (low + high) / 2;
      if (source_->customer_time(middle) < seconds) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  };
  const auto low = from_day ? first_at(*from_day * kDaySeconds) : 0;
  const auto high = to_day ? first_at((*to_day + 1) * kDaySeconds) : source_->customer_count();
  return {low, std::max(low, high)};
}

MutatedIds Store::mutate(const MutationCounts& counts, uint64_t seed, int64_t now) {
  MutatedIds ids;
  RandomStream random(seed, 0x3017, version_);
  ++version_;
  const auto live = live_orders();
  const auto wanted = std::min(
      live, counts.change + counts.reprice + counts.silent + counts.hidden + counts.remove);
  std::vector<uint64_t> chosen;
  std::set<uint64_t> taken;
  while (chosen.size() < wanted) {
    // Most of what happens, happens to recent orders.
    const auto recent = std::max<uint64_t>(1, live / 5);
    const bool is_recent = random.percent(80) && taken.size() < recent / 2;
    const auto rank = is_recent ? live - 1 - random.below(recent) : random.below(live);
    if (taken.insert(rank).second) chosen.push_back(select_live(0, rank));
  }
  revive(counts.revive, random, ids);
  const auto repriced_end = counts.change + counts.reprice;
  const auto silent_end = repriced_end + counts.silent;
  for (size_t i = 0; i < chosen.size(); ++i) {
    const auto index = chosen[i];
    if (i < counts.change) {
      auto& change = change_of(index, now);
      ++change.version;
      change.updated = now;
      ids.changed.push_back(source_->order_id(index));
    } else if (i < repriced_end) {
      auto& change = change_of(index, now);
      change.is_repriced = !change.is_repriced;
      change.updated = now;
      ids.repriced.push_back(source_->order_id(index));
    } else if (i < silent_end) {
      ++change_of(index, now).version;
      ids.silent.push_back(source_->order_id(index));
    } else if (i < silent_end + counts.hidden) {
      auto& change = change_of(index, now);
      change.is_repriced = !change.is_repriced;
      ids.hidden.push_back(source_->order_id(index));
    } else {
      ids.removed.push_back(source_->order_id(index));
      changed_.erase(index);
      before_.erase(index);
      deleted_.push_back(index);
    }
  }
  std::sort(deleted_.begin(), deleted_.end());
  for (uint64_t i = 0; i < counts.create; ++i) {
    const auto latest = created_.empty() ? now : std::max(now, created_.back());
    ids.created.push_back(source_->order_id(order_end()));
    created_.push_back(latest);
  }
  return ids;
}

void Store::revive(uint64_t count, RandomStream& random, MutatedIds& ids) {
  for (; count > 0 && !deleted_.empty(); --count) {
    const auto at = deleted_.begin() + static_cast<std::ptrdiff_t>(random.below(deleted_.size()));
    ids.revived.push_back(source_->order_id(*at));
    deleted_.erase(at);
  }
}

}  // namespace falaj::simulator
