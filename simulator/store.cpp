#include "simulator/store.hpp"

#include <algorithm>
#include <numeric>

namespace falaj::simulator {
namespace {

// Keys of items that were added later; above those of any source.
constexpr uint32_t kFreshItemKey = 1U << 30;

}  // namespace

Store::Store(std::unique_ptr<EntitySource> source, const Quirks& quirks, uint64_t seed)
    : source_(std::move(source)),
      quirks_(quirks),
      seed_(seed),
      order_ids_(seed * 11 + 1, !quirks.has(Quirk::kPermutedIds)),
      item_ids_(seed * 11 + 3, !quirks.has(Quirk::kPermutedIds)),
      customer_ids_(seed * 11 + 5, !quirks.has(Quirk::kPermutedIds)),
      product_ids_(seed * 11 + 7, !quirks.has(Quirk::kPermutedIds)),
      variant_ids_(seed * 11 + 9, !quirks.has(Quirk::kPermutedIds)),
      deleted_(source_->order_count(), false),
      fresh_item_key_(kFreshItemKey),
      by_created_(std::make_shared<Rows>(source_->order_count())) {
  std::iota(by_created_->begin(), by_created_->end(), 0U);
}

std::optional<uint32_t> Store::find_order(int64_t id) const {
  const uint32_t index = order_ids_.index(id);
  if (index >= deleted_.size() || deleted_[index] || order_id(index) != id) return std::nullopt;
  return index;
}

std::optional<uint32_t> Store::find_customer(int64_t id) const {
  const uint32_t index = customer_ids_.index(id);
  if (index >= source_->customer_count()) return std::nullopt;
  return index;
}

std::optional<uint32_t> Store::find_product(int64_t id) const {
  const uint32_t index = product_ids_.index(id);
  if (index >= source_->product_count()) return std::nullopt;
  return index;
}

void Store::order(uint32_t index, Order& out) const {
  const auto found = changed_.empty() ? changed_.end() : changed_.find(index);
  if (found != changed_.end()) {
    out = found->second;
  } else {
    source_->order(index, out);
  }
}

RiyadhSeconds Store::created(uint32_t index) const {
  if (index < source_->order_count()) return source_->order_created(index);
  return changed_.at(index).created;
}

RiyadhSeconds Store::updated(uint32_t index) const {
  const auto found = changed_.find(index);
  return found != changed_.end() ? found->second.updated : source_->order_updated(index);
}

std::shared_ptr<Store::Rows> Store::sorted(OrderSort sort) {
  const auto sort_by = [&](auto key_of) {
    std::vector<std::pair<int64_t, uint32_t>> keys;
    keys.reserve(by_created_->size());
    for (const uint32_t index : *by_created_) keys.emplace_back(key_of(index), index);
    std::sort(keys.begin(), keys.end());
    auto rows = std::make_shared<Rows>();
    rows->reserve(keys.size());
    for (const auto& [key, index] : keys) rows->push_back(index);
    return rows;
  };
  if (sort == OrderSort::kCreated) return by_created_;
  if (sort == OrderSort::kUpdated) {
    if (!by_updated_) by_updated_ = sort_by([&](uint32_t index) { return updated(index); });
    return by_updated_;
  }
  if (sorted_version_ != version_) {
    by_id_.reset();
    by_total_.reset();
    sorted_version_ = version_;
  }
  if (sort == OrderSort::kId) {
    if (!by_id_) by_id_ = sort_by([&](uint32_t index) { return order_id(index); });
    return by_id_;
  }
  Order whole;
  if (!by_total_) {
    by_total_ = sort_by([&](uint32_t index) {
      order(index, whole);
      return whole.total;
    });
  }
  return by_total_;
}

bool Store::matches(const OrderQuery& query, uint32_t index, Order& whole) const {
  const Day day = day_at(created(index));
  if (query.from && day < *query.from) return false;
  if (query.to && day > *query.to) return false;
  if (query.statuses == 0 && !query.customer && query.reference.empty()) return true;
  order(index, whole);
  if (query.statuses != 0 && (query.statuses >> static_cast<int>(whole.status) & 1) == 0) return false;
  if (query.customer && whole.customer != *query.customer) return false;
  return query.reference.empty() || whole.reference == query.reference;
}

Selection Store::select(const OrderQuery& query) {
  Selection selection;
  selection.is_descending_ = query.is_descending;
  if (query.is_empty) {
    selection.rows_ = by_created_;
    return selection;
  }
  const auto all = sorted(query.sort);
  const bool is_plain = query.statuses == 0 && !query.customer && query.reference.empty();
  const bool has_days = query.from || query.to;
  const auto at_or_after = [&](Day day) {
    const auto place = std::partition_point(all->begin(), all->end(), [&](uint32_t index) {
      return day_at(created(index)) < day;
    });
    return static_cast<size_t>(place - all->begin());
  };
  selection.rows_ = all;
  selection.last_ = all->size();
  if (query.sort == OrderSort::kCreated && has_days) {
    if (query.from) selection.first_ = at_or_after(*query.from);
    if (query.to) selection.last_ = std::max(selection.first_, at_or_after(*query.to + 1));
    if (is_plain) return selection;
  } else if (is_plain && !has_days) {
    return selection;
  }
  auto rows = std::make_shared<Rows>();
  Order whole;
  for (size_t place = selection.first_; place < selection.last_; ++place) {
    if (matches(query, (*all)[place], whole)) rows->push_back((*all)[place]);
  }
  selection.first_ = 0;
  selection.last_ = rows->size();
  selection.rows_ = std::move(rows);
  return selection;
}

std::pair<uint32_t, uint32_t> Store::customers_between(std::optional<Day> from,
                                                       std::optional<Day> to) const {
  const auto at_or_after = [&](Day day) {
    uint32_t low = 0;
    uint32_t high = source_->customer_count();
    while (low < high) {
      const uint32_t middle = low + (high - low) / 2;
      if (day_at(source_->customer_created(middle)) < day) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  };
  const uint32_t first = from ? at_or_after(*from) : 0;
  const uint32_t last = to ? at_or_after(*to + 1) : source_->customer_count();
  return {first, std::max(first, last)};
}

}  // namespace falaj::simulator
