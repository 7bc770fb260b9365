#include "support/store_truth.hpp"

#include <gtest/gtest.h>

namespace falaj::test {
namespace {

// "SAR 12.5" and "12.5000" are the same amount: compare hundredths.
int64_t cents(const std::string& text) {
  const auto point = text.find('.');
  auto digits = text.substr(0, point);
  auto fraction = point == std::string::npos ? "" : text.substr(point + 1);
  fraction.resize(2, '0');
  return std::stoll(digits + fraction);
}

// Everything the store's truth has a number for, in one query: rows of (list, name, n, total).
constexpr const char* kGold = R"(
  SELECT 'all' AS list, 'orders' AS name, COUNT(*) AS n, SUM(total_amount) AS total
    FROM GOLD.gold_fact_orders
  UNION ALL SELECT 'all', 'items', COUNT(*), SUM(total_amount) FROM GOLD.gold_fact_order_items
  UNION ALL SELECT 'all', 'pieces', CAST(SUM(quantity) AS BIGINT), 0 FROM GOLD.gold_fact_order_items
  UNION ALL SELECT 'all', 'orders_without_customer', COUNT(*), 0 FROM GOLD.gold_fact_orders
    WHERE customer_key = -1
  UNION ALL SELECT 'all', 'customers', COUNT(*), 0 FROM SILVER.silver_customers
    WHERE NOT is_deleted
  UNION ALL SELECT 'all', 'products', COUNT(*), 0 FROM SILVER.silver_products WHERE NOT is_deleted
  UNION ALL SELECT 'all', 'not at full depth', COUNT(*), 0 FROM GOLD.gold_fact_orders
    WHERE detail_depth <> 'items'
  UNION ALL SELECT 'all', 'twice', COUNT(*), 0 FROM (SELECT store_id, order_id
    FROM GOLD.gold_fact_orders GROUP BY store_id, order_id HAVING COUNT(*) > 1)
  UNION ALL SELECT 'by_status', order_status, COUNT(*), SUM(total_amount)
    FROM GOLD.gold_fact_orders GROUP BY order_status
  UNION ALL SELECT 'by_currency', currency, COUNT(*), SUM(total_amount)
    FROM GOLD.gold_fact_orders GROUP BY currency
  UNION ALL SELECT 'by_month', SUBSTR(CAST(order_date_key AS VARCHAR), 1, 4) || '-' ||
      SUBSTR(CAST(order_date_key AS VARCHAR), 5, 2), COUNT(*), SUM(total_amount)
    FROM GOLD.gold_fact_orders GROUP BY 2)";

struct Group {
  int64_t count = 0;
  int64_t cents = 0;
};
using Groups = std::map<std::string, Group>;

std::map<std::string, Groups> gold_groups(const Falaj& falaj) {
  std::map<std::string, Groups> lists;
  for (const auto& row : falaj.sql(kGold)) {
    const auto total = cell_text(row["total"]);
    lists[cell_text(row["list"])][cell_text(row["name"])] = {std::stoll("0" + cell_text(row["n"])),
                                                             total.empty() ? 0 : cents(total)};
  }
  return lists;
}

void expect_list(const Groups& gold, const Json& truth, const char* list, const char* name) {
  size_t groups = 0;
  for (const auto& group : truth[list].as_array()) {
    if (group["orders"].as_int() == 0) continue;
    ++groups;
    const auto found = gold.find(group[name].as_string());
    EXPECT_NE(found, gold.end()) << list << ": gold lacks " << group.dump();
    if (found == gold.end()) continue;
    EXPECT_EQ(found->second.count, group["orders"].as_int()) << list << ": " << group.dump();
    EXPECT_EQ(found->second.cents, cents(group["total"].as_string())) << list << group.dump();
  }
  EXPECT_EQ(gold.size(), groups) << list;
}

}  // namespace

void expect_gold_equals_truth(const Falaj& falaj, SimStore& store, bool compares_months) {
  const auto truth = store.get("/_sim/truth");
  auto lists = gold_groups(falaj);
  auto& all = lists["all"];
  for (const char* name :
       {"orders", "items", "pieces", "orders_without_customer", "customers", "products"}) {
    EXPECT_EQ(std::to_string(all[name].count), truth[name].dump()) << name;
  }
  EXPECT_EQ(all["orders"].cents, cents(truth["total"].as_string()));
  EXPECT_EQ(all["items"].cents, cents(truth["sub_total"].as_string()));
  EXPECT_EQ(all["not at full depth"].count, 0);
  EXPECT_EQ(all["twice"].count, 0);
  expect_list(lists["by_status"], truth, "by_status", "status");
  if (compares_months) expect_list(lists["by_month"], truth, "by_month", "month");
  expect_list(lists["by_currency"], truth, "by_currency", "currency");
}

namespace {

// Rows of (kind, id, day, status, currency, customer, amounts, lines): orders of gold, daily sales,
// and tombstones.
constexpr const char* kEachOrder = R"(
  SELECT 'order' AS kind, f.order_id AS id, f.order_date_key AS day, f.order_status AS status, f.currency,
         CASE WHEN f.customer_key = -1 THEN NULL ELSE c.customer_id END AS customer,
         f.total_amount AS total, f.subtotal_amount AS sub_total, f.shipping_cost AS shipping,
         f.tax_amount AS tax, f.discount_amount AS discount, i.items, i.pieces
    FROM GOLD.gold_fact_orders f
    LEFT JOIN GOLD.gold_dim_customers c ON c.customer_key = f.customer_key
    LEFT JOIN (SELECT order_id, COUNT(*) AS items, CAST(SUM(quantity) AS BIGINT) AS pieces
               FROM GOLD.gold_fact_order_items GROUP BY order_id) i ON i.order_id = f.order_id
  UNION ALL SELECT 'day', order_count, YEAR(full_date) * 10000 + MONTH(full_date) * 100 + DAY(full_date), NULL,
         currency, NULL, daily_revenue, 0, 0, 0, 0, 0, 0 FROM GOLD.mv_daily_sales
  UNION ALL SELECT 'tombstone', deletion_id, 0, NULL, NULL, NULL, 0, 0, 0, 0, 0, 0, 0
    FROM BRONZE.bronze_deletions WHERE entity = 'orders')";

// An order that names no discount has none.
std::string amounts_of(const Json& row) {
  std::string text;
  for (const char* name : {"total", "sub_total", "shipping", "tax", "discount"}) {
    const auto amount = cell_text(row[name]);
    text += std::string(" ") + name + " " + std::to_string(amount.empty() ? 0 : cents(amount));
  }
  return text;
}

// One order as a line, whoever says it.
std::string order_text(const Json& row, const std::string& day) {
  return day + " " + cell_text(row["status"]) + " " + cell_text(row["currency"]) + " of customer " +
         cell_text(row["customer"]) + amounts_of(row) + ", " + cell_text(row["items"]) +
         " lines, " + cell_text(row["pieces"]) + " pieces";
}

}  // namespace

void expect_each_order_equals_truth(const Falaj& falaj, SimStore& store, std::set<int64_t>& seen) {
  std::map<int64_t, std::string> orders;
  std::map<std::string, Group> days;  // by day and currency
  const auto truth = store.get("/_sim/truth/orders");
  for (const auto& row : truth.as_array()) {
    auto day = row["day"].as_string();
    std::erase(day, '-');
    orders[row["id"].as_int()] = order_text(row, day);
    auto& sum = days[day + " " + row["currency"].as_string()];
    ++sum.count;
    sum.cents += cents(row["total"].as_string());
  }
  std::set<int64_t> tombstones;
  size_t facts = 0;
  for (const auto& row : falaj.sql(kEachOrder)) {
    const auto kind = row["kind"].as_string();
    const auto id = std::stoll(cell_text(row["id"]));
    if (kind == "tombstone") {
      tombstones.insert(id);
    } else if (kind == "day") {
      const auto day = cell_text(row["day"]) + " " + cell_text(row["currency"]);
      EXPECT_EQ(id, days[day].count) << "orders of " << day;
      EXPECT_EQ(cents(cell_text(row["total"])), days[day].cents) << "sales of " << day;
      days.erase(day);
    } else {
      ++facts;
      EXPECT_EQ(order_text(row, cell_text(row["day"])), orders[id]) << "order " << id;
    }
  }
  EXPECT_EQ(facts, orders.size());
  EXPECT_TRUE(days.empty()) << "no sales of " << days.begin()->first;
  for (const auto id : seen) {
    EXPECT_TRUE(orders.contains(id) || tombstones.contains(id)) << "order " << id << " is gone";
  }
  for (const auto& [id, unused] : orders) seen.insert(id);
}

}  // namespace falaj::test
