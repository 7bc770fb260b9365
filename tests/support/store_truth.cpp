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

}  // namespace falaj::test
