// Every list of a store, with the oddities of each, against what the store holds: all rows arrive, none
// comes twice because a clock moved, what leaves a list leaves a tombstone, and what lists know of orders
// reaches gold.
#include <gtest/gtest.h>

#include <fstream>

#include "support/programs.hpp"
#include "support/store_truth.hpp"
#include "support/temp_dir.hpp"

namespace falaj::test {
namespace {

class Streams : public testing::Test {
 protected:
  Streams()
      : store_({"--seed", "11", "--orders", "240", "--customers", "70", "--products", "65",
                "--plan", "unlimited", "--orders-shape", "light", "--token-lifetime", "0"}),
        falaj_(dir_ / "home", store_.base_url()) {}

  std::string count(const std::string& table, const std::string& where = "TRUE") {
    return falaj_.value("SELECT COUNT(*) FROM " + table + " WHERE " + where);
  }

  TempDir dir_;
  SimStore store_;
  Falaj falaj_;
};

TEST_F(Streams, AllRowsOfAllListsArriveOnce) {
  falaj_.run_ok();
  const auto truth = store_.get("/_sim/truth")["streams"];
  const auto catalogue = Json::parse(falaj_.run({"catalog", "show", "--json"}).out);
  ASSERT_TRUE(catalogue.ok());
  int compared = 0;
  for (const auto& stream : catalogue->as_array()) {
    const auto name = stream["stream"].as_string();
    if (!truth[name].is_integer() || !stream["enabled"].as_bool()) continue;
    EXPECT_EQ(count(stream["table"].as_string()), std::to_string(truth[name].as_int())) << name;
    ++compared;
  }
  EXPECT_GE(compared, 20);
  EXPECT_NE(count("BRONZE.bronze_product_variants"), "0");
  EXPECT_EQ(count("SILVER.quarantine"), "0");
  // is_open, closest_time, age_in_minutes and signed URLs are others in each answer.
  const auto again = falaj_.run_ok();
  EXPECT_EQ(again["rows_loaded"].as_int(-1), 0) << again["streams"].dump();
  EXPECT_TRUE(again["models"].as_array().empty());
}

TEST_F(Streams, WhatListsKnowOfOrdersReachesGold) {
  falaj_.run_ok({"--depth", "summary"});
  EXPECT_EQ(count("BRONZE.bronze_invoices"), "0") << "sales totals do not wait for them";
  EXPECT_NE(count("SILVER.silver_orders", "payment_method IS NULL"), "0");
  falaj_.run_ok();
  EXPECT_EQ(count("SILVER.silver_orders", "payment_method IS NULL"), "0");
  // Light details have no shipping at all.
  const auto shipments = std::to_string(store_.get("/_sim/truth")["streams"]["shipments"].as_int());
  EXPECT_EQ(count("SILVER.silver_orders", "shipping_method IS NOT NULL AND shipping_city <> ''"),
            shipments);
  EXPECT_EQ(count("GOLD.gold_fact_orders", "shipping_method_key <> -1"), shipments);
  // An invoice has the amounts of its order.
  EXPECT_EQ(
      falaj_.value("SELECT COUNT(*) FROM BRONZE.bronze_invoices i JOIN SILVER.silver_orders o "
                   "USING (store_id, order_id) WHERE i.total_amount <> o.total_amount OR "
                   "i.tax_amount <> o.tax_amount"),
      "0");
  expect_gold_equals_truth(falaj_, store_);
}

TEST_F(Streams, WhatLeavesAListLeavesATombstone) {
  falaj_.run_ok();
  // All but the newest; a later run reads what was created in the last 30 days.
  const auto reviews = std::stoi(count("BRONZE.bronze_reviews"));
  const auto recent =
      std::stoi(count("BRONZE.bronze_reviews",
                      "created_at > (SELECT MAX(extracted_at) FROM BRONZE.bronze_reviews) "
                      "- INTERVAL 29 DAY"));
  ASSERT_GT(recent, 1);
  store_.post("/_sim/remove-rows",
              R"({"coupons": 2, "brands": 1, "currencies": 1, "invoices": 3, "reviews": )" +
                  std::to_string(reviews - 1) + "}");
  falaj_.run_ok();
  const auto gone = [&](const std::string& entity, const std::string& reason) {
    return count("BRONZE.bronze_deletions",
                 "entity = '" + entity + "' AND reason = '" + reason + "'");
  };
  EXPECT_EQ(gone("coupons", "sweep"), "2");
  EXPECT_EQ(gone("brands", "sweep"), "1");
  EXPECT_EQ(gone("currencies", "sweep"), "1");
  EXPECT_EQ(gone("invoices", "sweep"), "0") << "nothing says when they were made, and they stay";
  const auto gone_reviews = std::stoi(gone("reviews", "sweep"));
  EXPECT_GE(gone_reviews, recent - 1);
  EXPECT_LT(gone_reviews, reviews) << "the newest is answered, though the list hides it";
  EXPECT_EQ(count("SILVER.silver_reviews", "is_deleted"), std::to_string(gone_reviews));
  const auto number = [&](const std::string& table, const std::string& where = "TRUE") {
    return std::atoi(count(table, where).c_str());
  };
  const auto carts = number("BRONZE.bronze_abandoned_carts");
  store_.post("/_sim/clock", R"({"advance_days": 45})");
  falaj_.run_ok();
  const auto bought = number("SILVER.silver_abandoned_carts", "status = 'purchased'");
  const auto expired = number("BRONZE.bronze_deletions", "entity = 'abandoned_carts'");
  EXPECT_GT(bought, 0);
  EXPECT_GT(expired, 0);
  EXPECT_EQ(bought + expired, carts) << "each that left the list was asked for";
  EXPECT_EQ(number("SILVER.silver_abandoned_carts", "status = 'purchased' AND is_deleted"), 0);
  EXPECT_EQ(number("SILVER.silver_abandoned_carts", "is_deleted"), expired);
  EXPECT_EQ(number("BRONZE.bronze_deletions"), 4 + gone_reviews + expired);
  const auto again = falaj_.run_ok();
  EXPECT_EQ(again["rows_loaded"].as_int(-1), 0);
}

TEST_F(Streams, CallsForSingleEntitiesAreMadeWhereTheyAreSwitchedOn) {
  falaj_.run({"init"});
  std::ofstream(dir_ / "home/catalogue.toml")
      << "[streams.order_histories]\nenabled = true\n[streams.shipment_tracking]\nenabled = true\n"
         "[streams.coupon_codes]\nenabled = true\n[streams.affiliate_links]\nenabled = true\n"
         "[streams.loyalty_points]\nenabled = true\n[streams.countries]\nenabled = true\n"
         "[streams.cities]\nenabled = true\n[streams.quantity_audit]\nenabled = true\n";
  const auto report = falaj_.run_ok();
  EXPECT_EQ(falaj_.value("SELECT COUNT(DISTINCT order_id) FROM BRONZE.bronze_order_histories"),
            "240");
  EXPECT_EQ(count("BRONZE.bronze_shipment_tracking"), count("BRONZE.bronze_shipments"));
  EXPECT_EQ(falaj_.value("SELECT COUNT(DISTINCT coupon_id) FROM BRONZE.bronze_coupon_codes"), "3");
  EXPECT_EQ(count("BRONZE.bronze_affiliate_links"), "12");
  EXPECT_NE(count("BRONZE.bronze_loyalty_points", "points > 0"), "0");
  EXPECT_EQ(count("BRONZE.bronze_cities"), "187");
  EXPECT_EQ(count("BRONZE.bronze_quantity_audit"), "150");
  EXPECT_EQ(count("SILVER.quarantine"), "0");
  // Only orders that changed have their histories asked for again.
  store_.post("/_sim/mutate", R"({"change": 3})");
  const auto again = falaj_.run_ok();
  for (const auto& stream : again["streams"].as_array()) {
    if (stream["stream"].as_string() != "order_histories") continue;
    EXPECT_LE(stream["requests"].as_int(), 5);
  }
}

}  // namespace
}  // namespace falaj::test
