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

void expect_group(const Falaj& falaj, const Json& truth, const char* list, const char* name,
                  const std::string& column) {
  std::map<std::string, std::pair<int64_t, int64_t>> gold;
  for (const auto& row :
       falaj.sql(fmt::format("SELECT {} AS name, COUNT(*) AS n, CAST(SUM(total_amount) AS "
                             "DECIMAL(18,2)) AS total FROM "
                             "GOLD.gold_fact_orders GROUP BY 1",
                             column))) {
    gold[cell_text(row["name"])] = {row["n"].as_int(), cents(cell_text(row["total"]))};
  }
  size_t groups = 0;
  for (const auto& group : truth[list].as_array()) {
    if (group["orders"].as_int() == 0) continue;
    ++groups;
    const auto& [count, total] = gold[group[name].as_string()];
    EXPECT_EQ(count, group["orders"].as_int()) << group.dump();
    EXPECT_EQ(total, cents(group["total"].as_string())) << group.dump();
  }
  EXPECT_EQ(gold.size(), groups) << list;
}

}  // namespace

void expect_gold_equals_truth(const Falaj& falaj, SimStore& store) {
  const auto truth = store.get("/_sim/truth");
  EXPECT_EQ(falaj.value("SELECT COUNT(*) FROM GOLD.gold_fact_orders"), truth["orders"].dump());
  EXPECT_EQ(falaj.value("SELECT COUNT(*) FROM GOLD.gold_fact_order_items"), truth["items"].dump());
  EXPECT_EQ(
      falaj.value(
          "SELECT CAST(COALESCE(SUM(quantity), 0) AS BIGINT) FROM GOLD.gold_fact_order_items"),
      truth["pieces"].dump());
  EXPECT_EQ(cents(falaj.value("SELECT CAST(COALESCE(SUM(total_amount), 0) AS DECIMAL(18,2)) FROM "
                              "GOLD.gold_fact_orders")),
            cents(truth["total"].as_string()));
  EXPECT_EQ(cents(falaj.value("SELECT CAST(COALESCE(SUM(total_amount), 0) AS DECIMAL(18,2)) FROM "
                              "GOLD.gold_fact_order_items")),
            cents(truth["sub_total"].as_string()));
  EXPECT_EQ(falaj.value("SELECT COUNT(*) FROM GOLD.gold_fact_orders WHERE customer_key = -1"),
            truth["orders_without_customer"].dump());
  EXPECT_EQ(falaj.value("SELECT COUNT(*) FROM SILVER.silver_customers WHERE NOT is_deleted"),
            truth["customers"].dump());
  EXPECT_EQ(falaj.value("SELECT COUNT(*) FROM SILVER.silver_products WHERE NOT is_deleted"),
            truth["products"].dump());
  EXPECT_EQ(falaj.value("SELECT COUNT(*) FROM GOLD.gold_fact_orders WHERE detail_depth <> 'items'"),
            "0");
  expect_group(falaj, truth, "by_status", "status", "order_status");
  expect_group(falaj, truth, "by_month", "month",
               "SUBSTR(CAST(order_date_key AS VARCHAR), 1, 4) || '-' || SUBSTR(CAST(order_date_key "
               "AS VARCHAR), 5, 2)");
}

}  // namespace falaj::test
