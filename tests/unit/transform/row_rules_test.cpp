// One odd row never stops the rest: it leaves for quarantine, and comes back with a right payload.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lake_fixture.hpp"
#include "support/temp_dir.hpp"
#include "transform/model_lint.hpp"

namespace falaj::transform {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* kOpen =
    "SELECT model, rule, row_key FROM SILVER.quarantine WHERE resolved_at IS NULL";

class RowRulesTest : public ::testing::Test {
 protected:
  void load(const std::string& stream, const std::string& shape, const std::string& entities,
            int64_t parent_id = 0) {
    ++packages_;
    lake_.load({package_of(packages_, stream, shape, entities, parent_id, packages_ * 60)});
  }
  TransformReport transform(TransformOptions options = {}) {
    clock_.advance(Micros(3600 * kSecond));
    return lake_.transform(std::move(options));
  }

  // A list row; `more` overrides what comes before it.
  static std::string order(int64_t id, const std::string& more = R"("total":{"amount":10})") {
    return fmt::format(
        R"({{"id":{},"date":{{"date":"2026-01-05 12:00:00","timezone":"Asia/Riyadh"}},)"
        R"("status":{{"slug":"completed"}},{}}})",
        id, more);
  }
  static std::string line(int64_t id, const std::string& sku, int64_t total = 5) {
    return fmt::format(
        R"({{"id":{},"sku":"{}","quantity":1,"amounts":{{"total":{{"amount":{}}}}}}})", id, sku,
        total);
  }
  static std::string product(int64_t id, const std::string& more) {
    return fmt::format(R"({{"id":{},"name":"P","status":"sale",{}}})", id, more);
  }

  const test::TempDir dir_;
  ManualClock clock_{UtcTime(Micros((kStart + 1'000'000) * kSecond))};
  Lake lake_{dir_.path(), clock_};
  int64_t packages_ = 0;
};

TEST_F(RowRulesTest, AnOrderWithoutATotalLeavesTheRestInGoldAndComesBack) {
  load("orders", "summary",
       order(1) + "," + order(2, R"("total":null)") + "," + order(3, R"("total":[])"));
  const auto report = transform();
  EXPECT_TRUE(report.failures.empty());
  EXPECT_EQ(report.open_records, 2);
  EXPECT_THAT(lake_.rows("SELECT order_id FROM GOLD.gold_fact_orders"), ElementsAre("1|"));
  EXPECT_THAT(lake_.rows(kOpen),
              ElementsAre("silver_orders|not_null(total_amount)|store_id=77, order_id=2|",
                          "silver_orders|not_null(total_amount)|store_id=77, order_id=3|"));
  EXPECT_THAT(lake_.rows("SELECT stream, entity_id, severity, message, raw_data, package_id <> '' "
                         "FROM SILVER.quarantine WHERE entity_id = 2"),
              ElementsAre(HasSubstr("silver_orders|2|error|total_amount is NULL|{\"id\":2,")));
  EXPECT_THAT(lake_.rows("SELECT failing_rows, passed FROM OPS.quality_results WHERE check_name = "
                         "'not_null(total_amount)'"),
              ElementsAre("2|false|"));

  // Nothing new: the records stay, no second ones are made.
  EXPECT_TRUE(transform().models.empty());
  load("orders", "summary", order(1, R"("total":{"amount":11})"));
  EXPECT_EQ(transform().open_records, 2);
  EXPECT_EQ(lake_.rows(kOpen).size(), 2U);

  load("orders", "details", order(2, R"("amounts":{"total":{"amount":7}})"));
  EXPECT_EQ(transform().open_records, 1);
  EXPECT_THAT(lake_.rows("SELECT order_id, total_amount FROM GOLD.gold_fact_orders"),
              ElementsAre("1|11.0000|", "2|7.0000|"));
  EXPECT_THAT(lake_.rows("SELECT resolution, resolved_at IS NOT NULL FROM SILVER.quarantine WHERE "
                         "entity_id = 2"),
              ElementsAre("the model has no such row, or a right one|true|"));
  const auto before = lake_.rows(kOpen);
  transform({.is_full_refresh = true});
  EXPECT_EQ(lake_.rows(kOpen), before);
  EXPECT_EQ(lake_.rows("SELECT order_id FROM GOLD.gold_fact_orders").size(), 2U);
}

TEST_F(RowRulesTest, AnOrderThatLeavesSilverLeavesGoldAndItsDay) {
  const auto with = [](int64_t id, const std::string& total) {
    return order(id, R"("payment_method":"mada","total":)" + total);
  };
  load("orders", "summary", with(1, R"({"amount":10})") + "," + with(2, R"({"amount":5})"));
  transform();
  // As if the rule were new: the order's only payload has no total.
  lake_.execute("UPDATE BRONZE.bronze_orders SET total_amount = NULL WHERE order_id = 1");
  load("transactions", "full", R"({"id":9,"references":{"order_id":1}})");
  EXPECT_EQ(transform().open_records, 1);
  EXPECT_THAT(lake_.rows("SELECT order_id FROM GOLD.gold_fact_orders"), ElementsAre("2|"));
  EXPECT_THAT(lake_.rows("SELECT daily_revenue, order_count FROM GOLD.mv_daily_sales"),
              ElementsAre("5.0000|1|"));
}

TEST_F(RowRulesTest, AStatusThatIsAListCostsThatOrderOnlyInBothShapes) {
  load("orders", "summary", order(1) + "," + order(2, R"("status":[],"total":{"amount":1})"));
  load("orders", "details",
       order(3, R"("amounts":{"total":{"amount":3}},"status":[])") + "," +
           order(4, R"("amounts":{"total":{"amount":4}})"));
  EXPECT_TRUE(transform().failures.empty());
  const auto known = lake_.rows("SELECT order_id FROM SILVER.silver_orders");
  EXPECT_THAT(known, ::testing::IsSupersetOf({"1|", "4|"}));
  // The first "status" of an object counts for some parsers, the last for others: either way each
  // order is in silver or in quarantine.
  EXPECT_EQ(known.size() + lake_.rows(kOpen).size(), 4U);
}

TEST_F(RowRulesTest, AMarginThatFitsNoColumnIsNullAndCounted) {
  load("products", "full",
       product(1, R"("price":{"amount":1},"cost_price":"6281006472145")") + "," +
           product(2, R"("price":{"amount":3},"cost_price":"1")"));
  const auto report = transform();
  EXPECT_TRUE(report.failures.empty());
  EXPECT_EQ(report.open_records, 0);
  EXPECT_THAT(lake_.rows("SELECT product_id, profit_margin FROM SILVER.silver_products"),
              ElementsAre("1|NULL|", "2|66.6667|"));
  EXPECT_THAT(lake_.rows("SELECT failing_rows, details FROM OPS.quality_results WHERE check_name "
                         "LIKE 'holds(profit%' AND NOT passed"),
              ElementsAre("1|store_id=77, product_id=1|"));
}

TEST_F(RowRulesTest, AnExchangeRateOfAlmostNothingCostsNoOrder) {
  const auto with_rate = [](int64_t id, const std::string& amount, const std::string& rate) {
    return order(id, fmt::format(R"("amounts":{{"total":{{"amount":{}}}}},"currency":"USD",)"
                                 R"("exchange_rate":{{"base_currency":"SAR",)"
                                 R"("exchange_currency":"USD","rate":{}}})",
                                 amount, rate));
  };
  load("orders", "full",
       with_rate(1, "10", "0.2666") + "," + with_rate(2, "10", "1e-7") + "," +
           with_rate(3, "99999999999999", "1e-7") + "," + with_rate(4, "10", "0") + "," +
           with_rate(5, "0.05", "3"));
  EXPECT_TRUE(transform().failures.empty());
  EXPECT_THAT(lake_.rows("SELECT order_id, total_amount_sar FROM GOLD.gold_fact_orders"),
              ElementsAre("1|37.5094|", "2|100000000.0000|", "3|NULL|", "4|NULL|", "5|0.0167|"));
}

TEST_F(RowRulesTest, LinesAreToldApartByOrderIdAndPlace) {
  load("orders", "full",
       order(1, R"("amounts":{"total":{"amount":1}},"items":[)" + line(0, "A") + "," +
                    line(0, "B") + "," + line(0, "B") + "]") +
           "," +
           order(2, R"("amounts":{"total":{"amount":1}},"items":[)" + line(0, "A") + "," +
                        line(7, "C") + "," + line(7, "C") + "," + line(7, "D") + "]") +
           "," + order(3, R"("amounts":{"total":{"amount":1}},"items":[)" + line(7, "C") + "]"));
  EXPECT_TRUE(transform().failures.empty());
  constexpr const char* kLines =
      "SELECT order_id, order_item_id, line_place, sku FROM SILVER.silver_order_items";
  EXPECT_THAT(lake_.rows(kLines), ElementsAre("1|0|0|A|", "1|0|2|B|", "1|0|3|B|", "2|0|0|A|",
                                              "2|7|0|C|", "2|7|4|D|", "3|7|0|C|"));
  EXPECT_EQ(lake_.rows("SELECT DISTINCT order_item_key FROM GOLD.gold_fact_order_items").size(),
            7U);
  // Again, with a line less.
  load("order_items", "items", line(0, "A") + "," + line(0, "B"), 1);
  EXPECT_TRUE(transform().failures.empty());
  EXPECT_EQ(lake_.rows(kLines).size(), 6U);
  EXPECT_EQ(lake_.rows("SELECT * FROM GOLD.gold_fact_order_items").size(), 6U);
}

TEST_F(RowRulesTest, AVariantThatComesTwiceCountsOnce) {
  load("products", "full",
       product(1, R"("skus":[{"id":5,"sku":"old"},{"id":6},{"id":5,"sku":"new"}])"));
  EXPECT_TRUE(transform().failures.empty());
  EXPECT_THAT(lake_.rows("SELECT product_variant_id, sku FROM SILVER.silver_product_variants"),
              ElementsAre("5|new|", "6|NULL|"));
}

TEST_F(RowRulesTest, OrdersWithoutACurrencyShareARowOfTheirDay) {
  load("orders", "summary", order(1));
  transform();
  load("orders", "summary", order(2));
  EXPECT_TRUE(transform().failures.empty());
  load("orders", "summary", order(1, R"("total":{"amount":12})"));
  EXPECT_TRUE(transform().failures.empty());
  EXPECT_THAT(lake_.rows("SELECT currency, full_date, daily_revenue, order_count FROM "
                         "GOLD.mv_daily_sales"),
              ElementsAre("NULL|2026-01-05|22.0000|2|"));
}

TEST_F(RowRulesTest, SumsThatFitNoColumnAreNullAndStopNothing) {
  load("orders", "summary",
       order(1, R"("total":{"amount":99999999999999})") + "," +
           order(2, R"("total":{"amount":99999999999999})"));
  EXPECT_TRUE(transform().failures.empty());
  EXPECT_THAT(lake_.rows("SELECT daily_revenue, order_count FROM GOLD.mv_daily_sales"),
              ElementsAre("NULL|2|"));
  EXPECT_EQ(lake_.rows("SELECT * FROM GOLD.gold_fact_orders").size(), 2U);
}

// --- what still fails --------------------------------------------------------------------------

ModelText model_of(const std::string& name, const std::string& changes, const std::string& select) {
  return {name, "SILVER",
          fmt::format("-- grain: g\n-- keys: store_id, order_id\n-- materialisation: merge\n"
                      "-- scope: store_id BIGINT, order_id BIGINT\n-- changes: {}\n"
                      "-- columns: store_id BIGINT, order_id BIGINT, amount BIGINT, change_seq "
                      "BIGINT\n-- checks: unique(store_id, order_id)\n{}",
                      changes, select)};
}

TEST_F(RowRulesTest, AModelThatFailsStopsWhatReadsItAndNothingElse) {
  constexpr const char* kOrders =
      "SELECT store_id, order_id FROM BRONZE.bronze_orders WHERE load_seq > {seq}";
  const auto registry = ModelRegistry::of(
      {model_of(
           "a_good", kOrders,
           "SELECT b.store_id, b.order_id, MAX(b.load_seq) AS amount FROM BRONZE.bronze_orders "
           "b {{changed(b.store_id, b.order_id)}} GROUP BY b.store_id, b.order_id"),
       model_of("b_bad", kOrders,
                "SELECT b.store_id, b.order_id, b.load_seq AS amount FROM BRONZE.bronze_orders b "
                "{{changed(b.store_id, b.order_id)}}"),
       model_of("c_reads_bad",
                "SELECT store_id, order_id FROM SILVER.b_bad WHERE change_seq > {seq}",
                "SELECT b.store_id, b.order_id, b.amount FROM SILVER.b_bad b {{changed(b.store_id, "
                "b.order_id)}}"),
       model_of(
           "d_reads_good", "SELECT store_id, order_id FROM SILVER.a_good WHERE change_seq > {seq}",
           "SELECT b.store_id, b.order_id, b.amount FROM SILVER.a_good b {{changed(b.store_id, "
           "b.order_id)}}")});
  ASSERT_TRUE(registry.ok()) << registry.error().to_text();
  lake_.create(registry->definitions());
  const auto built = [&](const std::string& table) {
    return lake_.rows("SELECT order_id FROM SILVER." + table);
  };
  load("orders", "summary", order(1));
  ASSERT_TRUE(lake_.transform({}, *registry).failures.empty());

  // A second payload of one order makes two rows of b_bad's SELECT.
  load("orders", "summary", order(1, R"("total":{"amount":2})") + "," + order(2));
  const auto report = lake_.transform({}, *registry);
  ASSERT_EQ(report.failures.size(), 1U);
  EXPECT_EQ(report.failures[0].model, "b_bad");
  EXPECT_THAT(report.failures[0].held_up, ElementsAre("c_reads_bad"));
  EXPECT_THAT(report.failures[0].error, HasSubstr("unique(store_id, order_id) fails for 1 rows"));
  EXPECT_THAT(built("a_good"), ElementsAre("1|", "2|"));
  EXPECT_THAT(built("d_reads_good"), ElementsAre("1|", "2|"));
  EXPECT_THAT(built("b_bad"), ElementsAre("1|"));
  EXPECT_THAT(built("c_reads_bad"), ElementsAre("1|"));

  // Without the cause the next run makes up for it.
  EXPECT_EQ(lake_.transform({}, *registry).failures.size(), 1U);
  lake_.execute("DELETE FROM BRONZE.bronze_orders WHERE total_amount = 2");
  const auto next = lake_.transform({}, *registry);
  EXPECT_TRUE(next.failures.empty());
  EXPECT_THAT(built("b_bad"), ElementsAre("1|", "2|"));
  EXPECT_THAT(built("c_reads_bad"), ElementsAre("1|", "2|"));
  EXPECT_EQ(lake_.transform({}, *registry).change_seq, 0);
}

// --- the lint ----------------------------------------------------------------------------------

TEST(ModelLint, RefusesWhatOneOddValueMakesFail) {
  for (const auto* sql :
       {"SELECT CAST(a AS DECIMAL(18,4))", "SELECT cast(a as bigint)", "SELECT a / b",
        "SELECT DATE_FROM_PARTS(y, m, d)", "SELECT a::DATE", "SELECT CAST(text AS TIMESTAMP)",
        "SELECT CAST(a + CAST(b AS VARCHAR) AS INTEGER)", "SELECT TO_DATE(a)"}) {
    const auto status = lint_select("silver_things", sql);
    ASSERT_FALSE(status.ok()) << sql;
    EXPECT_EQ(status.error().kind(), ErrorKind::kInvalidConfig);
    EXPECT_THAT(status.error().message(), HasSubstr("model silver_things: one odd value makes"));
  }
}

TEST(ModelLint, LeavesAloneWhatCannotFail) {
  for (const auto* sql :
       {"SELECT CAST(a AS VARCHAR)", "SELECT CAST(NULL AS TIMESTAMP)", "SELECT CAST(0 AS BIGINT)",
        "SELECT CAST('1970-01-01' AS DATE)", "SELECT CAST(DATEADD('hour', 3, a) AS DATE)",
        "SELECT CAST(a AS DECIMAL(38,4)) * b", "SELECT 'a / b' -- a / b\n",
        "SELECT decimal_ratio(a, b)", "SELECT broadcast(a AS b)"}) {
    const auto status = lint_select("silver_things", sql);
    EXPECT_TRUE(status.ok()) << sql << ": " << status.error().to_text();
  }
}

}  // namespace
}  // namespace falaj::transform
