// Entities with values that break a rule, a key or a sum of the models: one run ends well, everything
// else is in gold, each odd row is in quarantine or where its rule says, and comes back when the store
// mends it.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/programs.hpp"
#include "support/temp_dir.hpp"

namespace falaj::test {
namespace {

using ::testing::HasSubstr;

std::string json_text(const std::string& text) {
  Json json;
  json.set("t", text);
  const auto whole = json.dump();  // {"t":"..."}
  return whole.substr(whole.find(':') + 1, whole.rfind('}') - whole.find(':') - 1);
}

class OddRows : public testing::Test {
 protected:
  void add(const std::string& list, int64_t id, const std::string& row) {
    store_.post("/_sim/extra-rows",
                fmt::format(R"({{"rows":[{{"list":"{}","id":{},"day":"2026-11-20","row":{}}}]}})",
                            list, id, json_text(row)));
  }
  // A whole order; members that come first count.
  static std::string order(int64_t id, const std::string& odd, const std::string& items = "") {
    const auto unless = [&](const char* name, const std::string& member) {
      return odd.find(fmt::format("\"{}\":", name)) != std::string::npos ? "" : "," + member;
    };
    return fmt::format(R"({{"id":{0},"reference_id":{0}{1}{2}{3}{4},"items":[{5}]{6}}})", id,
                       unless("date", R"("date":{"date":"2026-11-20 12:00:00.000000",)"
                                      R"("timezone_type":3,"timezone":"Asia/Riyadh"})"),
                       unless("status", R"("status":{"id":1,"name":"x","slug":"completed"})"),
                       unless("currency", R"("currency":"SAR")"),
                       unless("amounts", R"("amounts":{"total":{"amount":10,"currency":"SAR"}})"),
                       items, odd.empty() ? "" : "," + odd);
  }
  static std::string line(int64_t id, const std::string& sku) {
    return fmt::format(R"({{"id":{},"sku":"{}","name":"n","quantity":1,)"
                       R"("amounts":{{"total":{{"amount":5,"currency":"SAR"}}}}}})",
                       id, sku);
  }
  std::string orders_in(const std::string& table, const std::string& ids) {
    return falaj_.value(fmt::format("SELECT COUNT(*) FROM {} WHERE order_id IN ({})", table, ids));
  }

  TempDir dir_;
  SimStore store_{{"--seed", "7", "--orders", "40", "--customers", "20", "--products", "10",
                   "--plan", "unlimited", "--orders-shape", "expanded", "--now",
                   "2026-11-23T09:45:00Z"}};
  Falaj falaj_{dir_ / "home", store_.base_url()};
};

TEST_F(OddRows, CostNothingBesideThem) {
  add("/orders", 9001, order(9001, R"("amounts":{"total":null})"));
  add("/orders", 9002, order(9002, R"("amounts":{"total":[]})"));
  add("/orders", 9003, order(9003, R"("status":[])"));
  add("/orders", 9004,
      order(9004, R"("date":{"date":"0000-00-00 00:00:00.000000","timezone":"Asia/Riyadh"})"));
  add("/orders", 9005,
      order(9005, R"("currency":"USD","exchange_rate":{"base_currency":"SAR",)"
                  R"("exchange_currency":"USD","rate":1e-7})"));
  add("/orders", 9006, order(9006, "", line(0, "a") + "," + line(0, "b")));
  add("/orders", 9007,
      order(9007, "", line(0, "a") + "," + line(70001, "c") + "," + line(70001, "c")));
  add("/orders", 9008, order(9008, "", line(70001, "c")));
  add("/orders", 9009, order(9009, R"("currency":null,"amounts":{"total":{"amount":10}})"));
  add("/products", 8001,
      R"({"id":8001,"name":"dear","status":"sale","price":{"amount":1,"currency":"SAR"},)"
      R"("cost_price":"6281006472145"})");
  add("/products", 8002,
      R"({"id":8002,"name":"twice","status":"sale","price":{"amount":1,"currency":"SAR"},)"
      R"("skus":[{"id":5},{"id":5}]})");

  const auto report = falaj_.run_ok();
  EXPECT_TRUE(report["mismatches"].as_array().empty()) << report.dump();
  EXPECT_THAT(report.dump(), HasSubstr("left for quarantine"));
  EXPECT_THAT(report["verdict"].as_string(), HasSubstr("gold has 45 (4 are in quarantine)"));
  const auto truth = store_.get("/_sim/truth");
  EXPECT_EQ(falaj_.value("SELECT COUNT(*) FROM GOLD.gold_fact_orders WHERE order_id NOT BETWEEN "
                         "9000 AND 9999"),
            std::to_string(truth["orders"].as_int()));
  EXPECT_EQ(orders_in("GOLD.gold_fact_orders", "9005, 9006, 9007, 9008, 9009"), "5");
  // Each of the others is in quarantine, under the rule that it breaks.
  for (const auto& [id, rule] :
       std::vector<std::pair<int, std::string>>{{9001, "not_null(total_amount)"},
                                                {9002, "not_null(total_amount)"},
                                                {9003, "not_null(order_status)"},
                                                {9004, "not_null(order_at)"}}) {
    EXPECT_EQ(falaj_.value(
                  fmt::format("SELECT STRING_AGG(rule, ',') FROM SILVER.quarantine WHERE model = "
                              "'silver_orders' AND entity_id = {} AND raw_data LIKE '%\"id\":{}%'",
                              id, id)),
              rule);
    EXPECT_EQ(orders_in("SILVER.silver_orders", std::to_string(id)), "0");
  }
  EXPECT_EQ(falaj_.value("SELECT COUNT(*) FROM GOLD.gold_fact_order_items WHERE order_id IN (9006, "
                         "9007, 9008)"),
            "5");
  EXPECT_EQ(falaj_.value("SELECT COUNT(*) FROM SILVER.silver_product_variants WHERE product_id = "
                         "8002"),
            "1");
  EXPECT_EQ(falaj_.value("SELECT COUNT(*) FROM SILVER.silver_products WHERE product_id = 8001 AND "
                         "profit_margin IS NULL"),
            "1");

  // The next run: a second order without a currency on that day, and one that the store mended.
  store_.post("/_sim/mutate", R"({"change": 1})");
  add("/orders", 9010, order(9010, R"("currency":null,"amounts":{"total":{"amount":10}})"));
  falaj_.run_ok();
  EXPECT_EQ(falaj_.value("SELECT SUM(order_count) FROM GOLD.mv_daily_sales WHERE currency IS NULL"),
            "2");
}

}  // namespace
}  // namespace falaj::test
