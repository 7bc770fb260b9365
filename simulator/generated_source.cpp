#include "simulator/generated_source.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "simulator/name_tables.hpp"
#include "simulator/randomness.hpp"

namespace falaj::simulator {
namespace {

enum Kind : uint64_t { kOrder = 1, kItem, kCustomer, kProduct, kLife, kPayment };

constexpr uint32_t kItemsPerOrderMax = 5;
// Keys of an order's items lie so far apart, so that lines may be added.
constexpr uint32_t kItemKeysPerOrder = 8;

}  // namespace

GeneratedSource::GeneratedSource(uint64_t seed, const GeneratedCounts& counts, RiyadhSeconds now,
                                 bool has_deleted_products)
    : seed_(seed),
      counts_(counts),
      end_(int64_t{day_at(now)} * kSecondsPerDay - 1),
      has_deleted_products_(has_deleted_products),
      calendar_(counts.orders, day_at(now) - 1) {}

RiyadhSeconds GeneratedSource::order_created(uint32_t index) const {
  return calendar_.created(index, seed_);
}

Payment GeneratedSource::payment(uint32_t index) const {
  const uint32_t share = Dice(seed_, kPayment, index).below(100);
  if (share < 34) return Payment::kMada;
  if (share < 54) return Payment::kApplePay;
  if (share < 68) return Payment::kCod;
  if (share < 78) return Payment::kTabby;
  if (share < 87) return Payment::kTamara;
  if (share < 95) return Payment::kCreditCard;
  return share < 98 ? Payment::kBank : Payment::kStcPay;
}

// A status lives through hours and days; what is older than a week has come to its end.
GeneratedSource::Life GeneratedSource::life(uint32_t index, RiyadhSeconds created,
                                            Payment payment) const {
  Dice dice(seed_, kLife, index);
  const uint32_t fate = dice.below(100);
  const int64_t step = 1'800 + dice.below(30'000);
  if (fate < 6) return {OrderStatus::kCanceled, std::min(end_, created + step)};
  const int64_t age = end_ - created;
  if (payment == Payment::kBank && age < step) {
    return {OrderStatus::kPaymentPending, std::min(end_, created + 60)};
  }
  constexpr std::array kSteps = {OrderStatus::kUnderReview, OrderStatus::kInProgress,
                                 OrderStatus::kCompleted,   OrderStatus::kShipped,
                                 OrderStatus::kDelivering,  OrderStatus::kDelivered};
  constexpr std::array<int64_t, 6> kAfter = {0, 1, 3, 5, 8, 12};
  // Digital goods end as completed, parcels as delivered.
  const size_t last = fate < 30 ? 2 : 5;
  size_t reached = 0;
  while (reached < last && kAfter[reached + 1] * step <= age) ++reached;
  if (reached == last && fate >= 96) {
    const int64_t returned = created + 20 * step;
    if (returned + step < end_) return {OrderStatus::kRestored, returned + step};
    if (returned < end_) return {OrderStatus::kRestoring, returned};
  }
  return {kSteps[reached], std::min(end_, created + kAfter[reached] * step)};
}

RiyadhSeconds GeneratedSource::order_updated(uint32_t index) const {
  return life(index, order_created(index), payment(index)).updated;
}

Money GeneratedSource::price(uint32_t product) const {
  Dice dice(seed_, kProduct, product);
  const auto& what = goods()[dice.below(static_cast<uint32_t>(goods().size()))];
  const auto range = static_cast<uint32_t>(what.price_high - what.price_low);
  const Money whole = what.price_low + dice.below(range);
  constexpr std::array<Money, 4> kEndings = {0, 0, 9'500, 5'000};
  return whole * kMoneyUnit + kEndings[dice.below(4)];
}

OrderItem GeneratedSource::item(uint32_t order, uint32_t line) const {
  OrderItem item;
  item.key = order * kItemKeysPerOrder + line;
  Dice dice(seed_, kItem, item.key);
  // A few products sell much more than the others.
  const uint32_t pool = std::max(1U, counts_.products);
  item.product = std::min(dice.below(pool), dice.below(pool));
  if (has_deleted_products_ && counts_.products > 0 && dice.below(30) == 0) {
    item.product = counts_.products + dice.below(counts_.products / 50 + 1);
  }
  const uint32_t many = dice.below(20);
  item.quantity = many < 14 ? 1 : many < 18 ? 2 : static_cast<int32_t>(3 + dice.below(4));
  item.unit_price = price(item.product);
  item.total = item.unit_price * item.quantity;
  item.has_option = dice.below(10) < 3;
  return item;
}

void GeneratedSource::order(uint32_t index, Order& out) const {
  Dice dice(seed_, kOrder, index);
  out.index = index;
  out.reference = std::to_string(40'000'000 + index * 7);
  out.created = order_created(index);
  out.payment = payment(index);
  const auto at = life(index, out.created, out.payment);
  out.status = at.status;
  out.updated = at.updated;
  out.variety = static_cast<uint32_t>(dice.next());
  out.edits = 0;
  // Only customers that already were there when the order was made.
  const uint64_t known = uint64_t{counts_.customers} * (index + 1) / std::max(1U, counts_.orders);
  const uint32_t reachable = std::max<uint32_t>(1, static_cast<uint32_t>(known));
  out.customer = counts_.customers == 0
                     ? kNone
                     : reachable - 1 - std::min(dice.below(reachable), dice.below(reachable));
  constexpr std::array<uint32_t, 10> kLines = {1, 1, 1, 1, 2, 2, 2, 3, 4, kItemsPerOrderMax};
  const uint32_t lines = kLines[dice.below(10)];
  out.items.clear();
  for (uint32_t line = 0; line < lines; ++line) out.items.push_back(item(index, line));
  Money goods_total = 0;
  for (const auto& line : out.items) goods_total += line.total;
  constexpr std::array<Money, 4> kShipping = {0, 130'400, 250'000, 190'000};
  out.shipping = goods_total > 500 * kMoneyUnit ? 0 : kShipping[dice.below(4)];
  out.cod = out.payment == Payment::kCod ? 150'000 : 0;
  out.discount = 0;
  if (dice.percent(15)) {
    const Money percent = 5 * (1 + dice.below(4));
    out.discount = goods_total * percent / 100 / kMoneyCent * kMoneyCent;
  }
  out.is_taxed = true;
  out.recompute();
}

RiyadhSeconds GeneratedSource::customer_created(uint32_t index) const {
  // Evenly over the shop's days, and before the first order that may be theirs.
  const int64_t first = int64_t{calendar_.first_day() - 2} * kSecondsPerDay;
  const int64_t span = end_ - 2 * kSecondsPerDay - first;
  return first + span * index / std::max(1U, counts_.customers) +
         static_cast<int64_t>(mix(seed_ ^ index) % 7);
}

Customer GeneratedSource::customer(uint32_t index) const {
  Dice dice(seed_, kCustomer, index);
  Customer customer;
  customer.index = index;
  const auto& first = first_names()[dice.below(static_cast<uint32_t>(first_names().size()))];
  const auto& last = last_names()[dice.below(static_cast<uint32_t>(last_names().size()))];
  const bool is_latin = dice.percent(25);
  customer.first_name = std::string(is_latin ? first.latin : first.arabic);
  customer.last_name = std::string(is_latin ? last.latin : last.arabic);
  customer.is_male = first.is_male;
  customer.city = dice.percent(8) ? std::string_view()
                                  : cities()[dice.below(static_cast<uint32_t>(cities().size()))];
  customer.country = is_latin ? "السعودية | Saudi Arabia" : "السعودية";
  customer.country_code = dice.percent(5) ? "sa" : "SA";
  customer.mobile = 500'000'000 + static_cast<int64_t>(index) * 7 % 99'000'000 + dice.below(7);
  customer.created = customer_created(index);
  customer.updated = std::min(end_, customer.created + dice.below(40) * kSecondsPerDay / 2);
  customer.variety = static_cast<uint32_t>(dice.next());
  return customer;
}

Product GeneratedSource::product(uint32_t index) const {
  Dice dice(seed_, kProduct, index);
  const auto& what = goods()[dice.below(static_cast<uint32_t>(goods().size()))];
  Product product;
  product.index = index;
  product.price = price(index);
  Dice looks(seed_ + 1, kProduct, index);
  product.name = fmt::format("{} {}", what.name, colours()[looks.below(8)]);
  if (index >= goods().size()) product.name += fmt::format(" {}", index);
  product.sku = fmt::format("FLJ-{:05}", index);
  product.variants = what.has_sizes ? 2 + looks.below(4) : 0;
  product.stock = looks.below(400);
  product.is_hidden = looks.percent(4);
  product.updated = end_ - static_cast<int64_t>(looks.below(300)) * kSecondsPerDay - looks.below(80'000);
  product.variety = static_cast<uint32_t>(looks.next());
  return product;
}

std::string GeneratedSource::new_reference(uint32_t n) const {
  return std::to_string(40'000'000 + (uint64_t{counts_.orders} + n) * 7);
}

}  // namespace falaj::simulator
