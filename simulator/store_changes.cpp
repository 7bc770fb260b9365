// What happens to a store's orders: created, changed, deleted; and the count of what is left.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <unordered_set>

#include "simulator/store.hpp"

namespace falaj::simulator {
namespace {

constexpr uint64_t kMutationKind = 77;

OrderStatus next_status(OrderStatus status, Dice& dice) {
  switch (status) {
    case OrderStatus::kPaymentPending: return OrderStatus::kUnderReview;
    case OrderStatus::kUnderReview: return OrderStatus::kInProgress;
    case OrderStatus::kInProgress:
      return dice.percent(85) ? OrderStatus::kCompleted : OrderStatus::kCanceled;
    case OrderStatus::kCompleted:
      return dice.percent(70) ? OrderStatus::kShipped : OrderStatus::kRestoring;
    case OrderStatus::kShipped: return OrderStatus::kDelivering;
    case OrderStatus::kDelivering: return OrderStatus::kDelivered;
    case OrderStatus::kDelivered: return OrderStatus::kRestoring;
    case OrderStatus::kRestoring: return OrderStatus::kRestored;
    case OrderStatus::kCanceled:
    case OrderStatus::kRestored: break;
  }
  return OrderStatus::kCompleted;
}

struct Sum {
  int64_t count = 0;
  Money total = 0;
};

std::string money_text(Money amount) {
  const Money cents = amount / kMoneyCent;
  const Money size = cents < 0 ? -cents : cents;
  return fmt::format("{}{}.{:02}", cents < 0 ? "-" : "", size / 100, size % 100);
}

Json sum_json(const Sum& sum) {
  return Json::Object{{"count", sum.count}, {"total", money_text(sum.total)}};
}

}  // namespace

Store::Rows Store::draw(uint32_t count, Dice& dice) const {
  Rows drawn;
  const auto live = live_orders();
  count = std::min(count, live);
  std::unordered_set<uint32_t> seen;
  while (drawn.size() < count) {
    const uint32_t index = (*by_created_)[dice.below(live)];
    if (seen.insert(index).second) drawn.push_back(index);
  }
  return drawn;
}

void Store::drop(const Rows& gone) {
  if (gone.empty()) return;
  const std::unordered_set<uint32_t> set(gone.begin(), gone.end());
  const auto is_gone = [&](uint32_t index) { return set.contains(index); };
  std::erase_if(*by_created_, is_gone);
  if (by_updated_) std::erase_if(*by_updated_, is_gone);
  for (const uint32_t index : gone) {
    deleted_[index] = true;
    changed_.erase(index);
  }
}

// A new order buys what some other order bought.
void Store::create_one(Dice& dice, RiyadhSeconds now) {
  Order order;
  if (live_orders() > 0) this->order((*by_created_)[dice.below(live_orders())], order);
  order.index = static_cast<uint32_t>(deleted_.size());
  order.reference = source_->new_reference(created_count_++);
  order.created = now;
  order.updated = now;
  order.status = OrderStatus::kUnderReview;
  order.variety = static_cast<uint32_t>(dice.next());
  for (auto& item : order.items) item.key = fresh_item_key_++;
  deleted_.push_back(false);
  const uint32_t index = order.index;
  changed_[index] = std::move(order);
  const auto place = std::upper_bound(
      by_created_->begin(), by_created_->end(), now,
      [&](RiyadhSeconds time, uint32_t other) { return time < created(other); });
  by_created_->insert(place, index);
  if (by_updated_) by_updated_->push_back(index);
}

void Store::change_items(Order& order, Dice& dice) {
  if (order.items.size() > 1 && dice.percent(50)) {
    order.items.erase(order.items.begin() + dice.below(static_cast<uint32_t>(order.items.size())));
    return;
  }
  OrderItem item;
  item.key = fresh_item_key_++;
  item.product = dice.below(std::max(1U, source_->product_count()));
  item.quantity = static_cast<int32_t>(1 + dice.below(3));
  const Money price = source_->product(item.product).price;
  item.unit_price = price / kMoneyCent * kMoneyCent;
  item.total = item.unit_price * item.quantity;
  order.items.push_back(item);
}

void Store::change_one(Order& order, Dice& dice) {
  const uint32_t kind = dice.below(10);
  if (kind < 5) {
    order.status = next_status(order.status, dice);
  } else if (kind < 7) {
    order.shipping += (1 + static_cast<Money>(dice.below(30))) * 5'000;
    order.recompute();
  } else if (kind < 8) {
    ++order.edits;
  } else {
    change_items(order, dice);
    order.recompute();
  }
}

Json Store::mutate(const Mutation& mutation, RiyadhSeconds now) {
  Dice dice(mutation.seed != 0 ? mutation.seed : seed_ + version_, kMutationKind, version_);
  ++version_;
  // Pages that were handed out keep what they list.
  by_created_ = std::make_shared<Rows>(*by_created_);
  if (by_updated_) by_updated_ = std::make_shared<Rows>(*by_updated_);
  Rows drawn = draw(mutation.remove + mutation.change, dice);
  const auto removed = std::min<size_t>(mutation.remove, drawn.size());
  const Rows gone(drawn.begin(), drawn.begin() + static_cast<ptrdiff_t>(removed));
  drawn.erase(drawn.begin(), drawn.begin() + static_cast<ptrdiff_t>(removed));
  drop(gone);
  Order whole;
  for (const uint32_t index : drawn) {
    order(index, whole);
    change_one(whole, dice);
    whole.updated = std::max(now, whole.updated + 1);
    changed_[index] = whole;
  }
  if (by_updated_) {
    const std::unordered_set<uint32_t> set(drawn.begin(), drawn.end());
    std::erase_if(*by_updated_, [&](uint32_t index) { return set.contains(index); });
    by_updated_->insert(by_updated_->end(), drawn.begin(), drawn.end());
  }
  for (uint32_t i = 0; i < mutation.create; ++i) create_one(dice, now);
  return Json::Object{{"created", int64_t{mutation.create}},
                      {"changed", static_cast<int64_t>(drawn.size())},
                      {"deleted", static_cast<int64_t>(gone.size())}};
}

Json Store::truth() const {
  Sum orders;
  std::array<Sum, kStatusCount> by_status{};
  std::map<int32_t, Sum> by_month;
  Sum items;
  int64_t quantity = 0;
  int64_t without_customer = 0;
  Order whole;
  Day known_day = -1;
  Sum* month = nullptr;
  for (const uint32_t index : *by_created_) {
    order(index, whole);
    const Day day = day_at(whole.created);
    if (day != known_day || month == nullptr) {
      const auto date = civil_date(day);
      month = &by_month[date.year * 100 + date.month];
      known_day = day;
    }
    for (Sum* sum : {&orders, &by_status[static_cast<size_t>(whole.status)], month}) {
      ++sum->count;
      sum->total += whole.total;
    }
    without_customer += whole.customer == kNone ? 1 : 0;
    for (const auto& item : whole.items) {
      ++items.count;
      items.total += item.total;
      quantity += item.quantity;
    }
  }
  Json::Object statuses;
  for (size_t i = 0; i < kStatusCount; ++i) {
    if (by_status[i].count == 0) continue;
    statuses.emplace_back(std::string(status_info(static_cast<OrderStatus>(i)).slug),
                          sum_json(by_status[i]));
  }
  Json::Object months;
  for (const auto& [number, sum] : by_month) {
    months.emplace_back(fmt::format("{:04}-{:02}", number / 100, number % 100), sum_json(sum));
  }
  return Json::Object{
      {"orders", Json::Object{{"count", orders.count},
                              {"total", money_text(orders.total)},
                              {"without_customer", without_customer},
                              {"by_status", std::move(statuses)},
                              {"by_month", std::move(months)}}},
      {"items", Json::Object{{"count", items.count},
                             {"quantity", quantity},
                             {"total", money_text(items.total)}}},
      {"customers", Json::Object{{"count", int64_t{source_->customer_count()}}}},
      {"products", Json::Object{{"count", int64_t{source_->product_count()}}}}};
}

}  // namespace falaj::simulator
