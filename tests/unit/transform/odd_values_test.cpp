// Values that stores write oddly, from a payload to the facts: zones, telephone numbers, parts of a piece,
// pending payments, days that no calendar has.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lake_fixture.hpp"
#include "support/temp_dir.hpp"

namespace falaj::transform {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class OddValuesTest : public ::testing::Test {
 protected:
  void load(const std::string& stream, const std::string& shape, const std::string& entities,
            int64_t parent_id = 0) {
    ++packages_;
    lake_.load({package_of(packages_, stream, shape, entities, parent_id, packages_ * 60)});
  }
  void transform() {
    clock_.advance(Micros(3600 * kSecond));
    EXPECT_FALSE(lake_.transform().models.empty());
  }

  static std::string order(int64_t id, const std::string& date, const std::string& zone,
                           const std::string& total, const std::string& more = "") {
    return fmt::format(
        R"({{"id":{},"date":{{"date":"{}","timezone":"{}"}},"status":{{"slug":"completed"}},)"
        R"("amounts":{{"sub_total":{{"amount":{}}},"total":{{"amount":{},"currency":"SAR"}}}}{}}})",
        id, date, zone, total, total, more);
  }

  const test::TempDir dir_;
  ManualClock clock_{UtcTime(Micros((kStart + 1'000'000) * kSecond))};
  Lake lake_{dir_.path(), clock_};
  int64_t packages_ = 0;
};

TEST_F(OddValuesTest, TheDayIsTheOneInRiyadhByTheRulesOfTheZone) {
  load("orders", "details",
       order(1, "2026-01-05 22:30:00", "Africa/Cairo", "1") + "," +
           order(2, "2026-07-05 22:30:00", "Africa/Cairo", "1") + "," +
           order(3, "2026-07-05 22:30:00", "Europe/London", "1") + "," +
           order(4, "2026-07-06 00:30:00", "Asia/Kolkata", "1"));
  transform();
  EXPECT_THAT(lake_.rows("SELECT order_id, order_created_at, order_date_key FROM "
                         "GOLD.gold_fact_orders"),
              ElementsAre("1|2026-01-05 20:30:00.000000|20260105|",
                          "2|2026-07-05 19:30:00.000000|20260705|",
                          "3|2026-07-05 21:30:00.000000|20260706|",
                          "4|2026-07-05 19:00:00.000000|20260705|"));
}

TEST_F(OddValuesTest, AMobileIsOneNumberWhereverItStands) {
  load("customers", "full",
       R"({"id":1,"full_name":"A","mobile":501234567,"mobile_code":"+966"},)"
       R"({"id":2,"full_name":"B","mobile":"٠٥٠-١٢٣-٤٥٦٧","mobile_code":"966"},)"
       R"({"id":3,"full_name":"C","mobile":5.01234567e8,"mobile_code":null},)"
       R"({"id":4,"full_name":"D","mobile":"null","mobile_code":"+966"})");
  load("orders", "details",
       order(1, "2026-01-05 12:00:00", "Asia/Riyadh", "1",
             R"(,"customer":{"id":3,"mobile":"00966501234567"})"));
  transform();
  EXPECT_THAT(lake_.rows("SELECT customer_id, mobile FROM GOLD.gold_dim_customers WHERE store_id = "
                         "77"),
              ElementsAre("1|+966501234567|", "2|+966501234567|", "3|+966501234567|", "4|NULL|"));
  EXPECT_THAT(lake_.rows("SELECT customer_mobile FROM SILVER.silver_orders"),
              ElementsAre("+966501234567|"));
}

TEST_F(OddValuesTest, PartsOfAPieceHaveTheirCostAndMargin) {
  load(
      "products", "full",
      R"({"id":7,"name":"P","status":"sale","price":{"amount":30},"cost_price":"3.3333","quantity":"12.75"})");
  load("orders", "details", order(1, "2026-01-05 12:00:00", "Asia/Riyadh", "15"));
  load("order_items", "items",
       R"({"id":5,"product_id":7,"quantity":"1.5","amounts":{"total":{"amount":15}}},)"
       R"({"id":6,"product_id":7,"quantity":0.25,"amounts":{"total":{"amount":2.5}}})",
       1);
  transform();
  EXPECT_THAT(lake_.rows("SELECT quantity_available FROM SILVER.silver_products"),
              ElementsAre("12.7500|"));
  EXPECT_THAT(lake_.rows("SELECT quantity, cost_amount, margin_amount FROM "
                         "GOLD.gold_fact_order_items"),
              ElementsAre("0.2500|0.8333|1.6667|", "1.5000|5.0000|10.0000|"));
}

TEST_F(OddValuesTest, AnOrderWhosePaymentIsPendingIsNotPaid) {
  load(
      "orders", "summary",
      R"({"id":1,"date":"2026-01-05 12:00:00","status":{"slug":"under_review"},"total":{"amount":1},)"
      R"("is_pending_payment":true},)"
      R"({"id":2,"date":"2026-01-05 12:00:00","status":{"slug":"under_review"},"total":{"amount":1},)"
      R"("is_pending_payment":false},)"
      R"({"id":3,"date":"2026-01-05 12:00:00","status":{"slug":"under_review"},"total":{"amount":1}},)"
      R"({"id":4,"date":"2026-01-05 12:00:00","status":{"slug":"payment_pending"},"total":{"amount":1},)"
      R"("is_pending_payment":false})");
  transform();
  EXPECT_THAT(lake_.rows("SELECT order_id, is_paid FROM GOLD.gold_fact_orders"),
              ElementsAre("1|false|", "2|true|", "3|true|", "4|false|"));
}

TEST_F(OddValuesTest, AnOrderOfADayOutsideTheCalendarCountsWithoutADay) {
  constexpr const char* kDays =
      "SELECT full_date, daily_revenue, order_count FROM GOLD.mv_daily_sales";
  constexpr const char* kKeys = "SELECT order_id, order_date_key FROM GOLD.gold_fact_orders";
  load("orders", "details", order(1, "2026-01-05 12:00:00", "Asia/Riyadh", "10"));
  transform();
  EXPECT_THAT(lake_.rows("SELECT date_key, day_name_en FROM GOLD.gold_dim_date WHERE full_date IS "
                         "NULL"),
              ElementsAre("-1|unknown|"));
  load("orders", "details",
       order(2, "2500-01-05 12:00:00", "Asia/Riyadh", "7") + "," +
           order(3, "0204-01-05 12:00:00", "Asia/Riyadh", "5"));
  transform();
  EXPECT_THAT(lake_.rows(kKeys), ElementsAre("1|20260105|", "2|-1|", "3|-1|"));
  EXPECT_THAT(lake_.rows(kDays), ElementsAre("2026-01-05|10.0000|1|", "NULL|12.0000|2|"));
  // Mended by the store.
  load("orders", "details", order(2, "2025-01-05 12:00:00", "Asia/Riyadh", "7"));
  transform();
  EXPECT_THAT(lake_.rows(kDays),
              ElementsAre("2025-01-05|7.0000|1|", "2026-01-05|10.0000|1|", "NULL|5.0000|1|"));
  load("orders", "details", order(3, "2026-01-05 12:00:00", "Asia/Riyadh", "5"));
  transform();
  EXPECT_THAT(lake_.rows(kDays), ElementsAre("2025-01-05|7.0000|1|", "2026-01-05|15.0000|2|"));
  EXPECT_THAT(lake_.rows("SELECT order_id FROM GOLD.gold_fact_orders WHERE order_date_key NOT IN "
                         "(SELECT date_key FROM GOLD.gold_dim_date)"),
              IsEmpty());
}

}  // namespace
}  // namespace falaj::transform
