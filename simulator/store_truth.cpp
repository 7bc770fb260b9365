#include "simulator/store_truth.hpp"

#include <fmt/format.h>

#include <map>
#include <set>

#include "simulator/civil_time.hpp"
#include "simulator/json_out.hpp"

namespace falaj::simulator {
namespace {

struct Sum {
  int64_t orders = 0;
  int64_t items = 0;
  int64_t pieces = 0;
  int64_t total = 0;

  void add(const OrderFacts& order) {
    ++orders;
    items += static_cast<int64_t>(order.items.size());
    for (const auto& item : order.items) pieces += item.quantity;
    total += order.total;
  }
  Json to_json() const {
    Json json;
    json.set("orders", orders);
    json.set("items", items);
    json.set("pieces", pieces);
    json.set("total", two_decimals(total));
    return json;
  }
};

template <typename Key>
Json table(const std::map<Key, Sum>& sums, const char* name) {
  Json::Array rows;
  for (const auto& [key, sum] : sums) {
    Json row;
    row.set(name, std::string(key));
    const auto values = sum.to_json();
    for (const auto& [member, value] : values.as_object()) row.set(member, value);
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

Json order_truth(const Store& store) {
  Json::Array rows;
  OrderFacts order;
  for (uint64_t index = 0; index < store.order_end(); ++index) {
    if (!store.is_live(index)) continue;
    store.order(index, order);
    Json row;
    row.set("id", order.id);
    std::string day;
    append_date(day, order.created / kDaySeconds);
    row.set("day", std::move(day));
    row.set("status", std::string(kStatuses[order.status].slug));
    row.set("currency", std::string(order.currency));
    row.set("customer",
            order.customer ? Json(store.source().customer_id(*order.customer)) : Json());
    for (const auto& [name, amount] :
         {std::pair("total", order.total), std::pair("sub_total", order.sub_total),
          std::pair("shipping", order.shipping), std::pair("tax", order.tax),
          std::pair("discount", order.discount)}) {
      row.set(name, two_decimals(amount));
    }
    int64_t pieces = 0;
    for (const auto& item : order.items) pieces += item.quantity;
    row.set("items", static_cast<int64_t>(order.items.size()));
    row.set("pieces", pieces);
    rows.push_back(std::move(row));
  }
  return rows;
}

Json store_truth(const Store& store) {
  Sum all;
  std::map<std::string, Sum> by_status;
  std::map<std::string, Sum> by_month;
  std::map<std::string, Sum> by_currency;
  std::set<uint64_t> buyers;
  int64_t without_customer = 0;
  int64_t sub_total = 0;
  int64_t shipping = 0;
  int64_t cash_on_delivery = 0;
  int64_t tax = 0;
  int64_t discount = 0;
  OrderFacts order;
  for (uint64_t index = 0; index < store.order_end(); ++index) {
    if (!store.is_live(index)) continue;
    store.order(index, order);
    all.add(order);
    by_status[std::string(kStatuses[order.status].slug)].add(order);
    const auto date = civil_date(order.created / kDaySeconds);
    by_month[fmt::format("{:04}-{:02}", date.year, date.month)].add(order);
    by_currency[std::string(order.currency)].add(order);
    if (order.customer) {
      buyers.insert(*order.customer);
    } else {
      ++without_customer;
    }
    sub_total += order.sub_total;
    shipping += order.shipping;
    cash_on_delivery += order.cash_on_delivery;
    tax += order.tax;
    discount += order.discount;
  }
  Json json;
  json.set("store", store.number());
  json.set("version", store.version());
  const auto values = all.to_json();
  for (const auto& [member, value] : values.as_object()) json.set(member, value);
  json.set("sub_total", two_decimals(sub_total));
  json.set("shipping", two_decimals(shipping));
  json.set("cash_on_delivery", two_decimals(cash_on_delivery));
  json.set("tax", two_decimals(tax));
  json.set("discount", two_decimals(discount));
  json.set("orders_without_customer", without_customer);
  json.set("customers", store.source().customer_count());
  json.set("customers_with_orders", static_cast<int64_t>(buyers.size()));
  json.set("products", store.source().product_count());
  json.set("by_status", table(by_status, "status"));
  json.set("by_month", table(by_month, "month"));
  json.set("by_currency", table(by_currency, "currency"));
  return json;
}

}  // namespace falaj::simulator
