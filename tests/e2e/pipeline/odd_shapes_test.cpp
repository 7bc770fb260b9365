// Answers in shapes that PHP makes of them, and answers that announce more than they have, through whole
// runs: what can be read is in gold, what cannot is told, and a set that lacks lines replaces none.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/programs.hpp"
#include "support/store_truth.hpp"
#include "support/temp_dir.hpp"

namespace falaj::test {
namespace {

using ::testing::HasSubstr;

class OddAnswers : public testing::Test {
 protected:
  void SetUp() override {
    const auto orders = store_.get("/_sim/truth/orders");
    for (const auto& order : orders.as_array()) {
      ids_.push_back(std::to_string(order["id"].as_int()));
    }
    ASSERT_GE(ids_.size(), 8U);
  }

  void rule(const std::string& members) { store_.post("/_sim/faults", "{" + members + "}"); }
  // Of one order's details: the value of amounts.discounts.
  void discounts(size_t order, const std::string& value) {
    rule(R"("match": "/orders/)" + ids_[order] +
         R"(", "times": 99, "action": "set", "pointer": "/data/amounts/discounts", "value": )" +
         value);
  }
  // A whole answer.
  void answer(const std::string& match, const std::string& contains, const Json& body, int times) {
    Json one = Json::Object{};
    one.set("match", match);
    one.set("contains", contains);
    one.set("action", "status");
    one.set("status", 200);
    one.set("body", body.dump());
    one.set("times", times);
    store_.post("/_sim/faults", one.dump());
  }
  std::string of_order(size_t order, const std::string& column) {
    return falaj_.value("SELECT " + column +
                        " FROM SILVER.silver_orders WHERE order_id = " + ids_[order]);
  }
  static Json parse(const std::string& text) {
    auto json = Json::parse(text);
    EXPECT_TRUE(json.ok()) << text;
    return json.ok() ? *json : Json();
  }

  static std::string line(int id) {
    return fmt::format(R"({{"id":{},"name":"x","sku":"S","quantity":1,"currency":"SAR",)"
                       R"("amounts":{{"total":{{"amount":10,"currency":"SAR"}}}}}})",
                       id);
  }
  void make_odd_answers();
  void expect_what_can_be_read(const Json& report);

  TempDir dir_;
  SimStore store_{{"--seed", "6", "--orders", "60", "--customers", "20", "--products", "10",
                   "--plan", "unlimited", "--orders-shape", "light"}};
  Falaj falaj_{dir_ / "home", store_.base_url()};
  std::vector<std::string> ids_;
};

void OddAnswers::make_odd_answers() {
  // Discounts: none, an array with gaps whose amounts are money, an object instead of the list.
  discounts(0, "[]");
  discounts(1, R"({"0":{"discount":{"amount":5,"currency":"SAR"}},"2":{"discount":"2.50"}})");
  discounts(2, R"({"discount":5})");
  // Details that are empty; not the fourth time they are asked for by the next run.
  rule(R"("match": "/orders/)" + ids_[3] +
       R"(", "times": 4, "action": "set", "pointer": "/data", "value": [])");
  // Lines on two pages, the second an array with gaps.
  answer("/orders/items", ids_[4] + "&page=2",
         parse(R"({"status":200,"success":true,"data":{"7":)" + line(902) +
               R"(},"pagination":{"total":2}})"),
         1);
  answer("/orders/items", ids_[4],
         parse(R"({"status":200,"success":true,"data":[)" + line(901) +
               R"(],"pagination":{"count":1,"total":2,"perPage":1,"totalPages":2}})"),
         1);
  // An unimportant member of every list row of the first page is no list.
  rule(R"("match": "/orders", "contains": "?page=1&", "times": 2, "action": "set", )"
       R"("pointer": "/data/*/items", "value": {"a": 1})");
  // A mark and a notice before the JSON.
  rule(R"("match": "/customers", "contains": "page=1", "action": "prepend")");
  rule(R"("match": "/products", "contains": "page=1", "action": "prepend", "body": )"
       R"("<br />\n<b>Notice</b>:  Undefined index: a in <b>/x.php</b> on line <b>7</b><br />\n")");
  // A list that is declared without pages and has two.
  answer("/payment/methods", "page=2",
         parse(R"({"status":200,"success":true,"data":[{"id":71,"slug":"a","name":"a"},)"
               R"({"id":72,"slug":"b","name":"b"}]})"),
         1);
  rule(R"("match": "/payment/methods", "action": "set", "pointer": "/pagination", )"
       R"("value": {"count": 8, "total": 10, "totalPages": 2})");
}

void OddAnswers::expect_what_can_be_read(const Json& report) {
  const auto notes = report["notes"].dump();
  EXPECT_EQ(of_order(0, "discount_amount"), "0.0000");
  EXPECT_EQ(of_order(1, "discount_amount"), "7.5000");
  EXPECT_EQ(of_order(2, "discount_amount"), "");
  EXPECT_EQ(
      falaj_.value("SELECT COUNT(*) FROM SILVER.silver_orders WHERE detail_depth <> 'summary' AND "
                   "discount_amount IS NULL"),
      "1");
  EXPECT_EQ(falaj_.value("SELECT values_lost FROM OPS.schema_drift WHERE column_name = "
                         "'discount_amount' AND rule = 'wrong_type' AND example_id = " +
                         ids_[2]),
            "1");
  EXPECT_THAT(notes, HasSubstr("orders: 1 values of discount_amount could not be read"));
  EXPECT_THAT(notes, HasSubstr("values of list_items_count could not be read"));
  EXPECT_EQ(of_order(3, "detail_depth"), "summary");
  EXPECT_EQ(falaj_.value("SELECT COUNT(*) FROM SILVER.quarantine"), "1");
  EXPECT_EQ(falaj_.value("SELECT rule FROM SILVER.quarantine WHERE entity_id = " + ids_[3]),
            "bad_page");
  EXPECT_THAT(notes, HasSubstr("refused or unreadable"));
  EXPECT_EQ(falaj_.value("SELECT string_agg(CAST(order_item_id AS VARCHAR), ' ' ORDER BY "
                         "order_item_id) FROM SILVER.silver_order_items WHERE order_id = " +
                         ids_[4]),
            "901 902");
  EXPECT_EQ(of_order(4, "items_count"), "2");
  EXPECT_EQ(falaj_.value("SELECT COUNT(*) FROM BRONZE.bronze_payment_methods"), "10");
  EXPECT_THAT(notes, HasSubstr("2 answers had text around their JSON"));
  EXPECT_EQ(falaj_.value("SELECT COUNT(*) FROM SILVER.silver_customers"), "20");
  EXPECT_EQ(falaj_.value("SELECT COUNT(*) FROM SILVER.silver_products"), "10");
  EXPECT_EQ(falaj_.value("SELECT COUNT(*) FROM GOLD.gold_fact_orders"), "60");
  EXPECT_EQ(falaj_.value("SELECT SUM(total_amount) FROM GOLD.gold_fact_orders"),
            store_.get("/_sim/truth")["total"].as_string() + "00");
}

TEST_F(OddAnswers, AreReadOrToldAndTheNextRunHasEverything) {
  make_odd_answers();
  expect_what_can_be_read(falaj_.run_ok());

  // The order that changed has fewer lines than it announces: the complete set stays.
  store_.post("/_sim/faults", R"({"clear": true})");
  const auto changed = store_.post("/_sim/mutate", R"({"change": 1, "seed": 3})");
  const auto order = std::to_string(changed["changed_ids"].as_array().at(0).as_int());
  const std::string lines =
      "SELECT COUNT(*) || ' ' || SUM(order_item_id) FROM SILVER.silver_order_items WHERE order_id "
      "= " +
      order;
  const auto before = falaj_.value(lines);
  answer("/orders/items", order,
         parse(R"({"status":200,"success":true,"data":[)" + line(903) +
               R"(],"pagination":{"count":1,"total":39,"perPage":1,"totalPages":39}})"),
         99);
  const auto second = falaj_.run_ok();
  EXPECT_THAT(second["notes"].dump(), HasSubstr("order_items: 1 answers announce another number of "
                                                "rows"));
  EXPECT_THAT(second["notes"].dump(), HasSubstr("1 rows, 39 announced"));
  EXPECT_EQ(falaj_.value(lines), before);
  EXPECT_EQ(of_order(3, "detail_depth"), "items");
  EXPECT_EQ(falaj_.value("SELECT COUNT(*) FROM SILVER.quarantine WHERE resolved_at IS NULL"), "0");

  // It is asked for again without being named.
  store_.post("/_sim/faults", R"({"clear": true})");
  falaj_.run_ok();
  int64_t pieces = -1;
  const auto truth_orders = store_.get("/_sim/truth/orders");
  for (const auto& one : truth_orders.as_array()) {
    if (std::to_string(one["id"].as_int()) == order) pieces = one["pieces"].as_int();
  }
  EXPECT_EQ(
      falaj_.value(
          "SELECT CAST(SUM(quantity) AS BIGINT) FROM SILVER.silver_order_items WHERE order_id = " +
          order),
      std::to_string(pieces));
}

TEST_F(OddAnswers, AStoreThatAnswersAsPhpDoesIsReadAsAnyOther) {
  const char* const quirks[] = {
      "gap-arrays,gap-lists,empty-lists-for-objects,ids-as-text,json-bom,paged-lists",
      "gap-arrays,empty-objects-for-lists,php-notices"};
  const char* const shapes[] = {"light", "expanded"};
  for (int i = 0; i < 2; ++i) {
    SCOPED_TRACE(quirks[i]);
    SimStore store({"--seed", "6", "--orders", "60", "--customers", "20", "--products", "10",
                    "--plan", "unlimited", "--orders-shape", shapes[i], "--quirks-on", quirks[i]});
    Falaj falaj(dir_ / std::to_string(i), store.base_url());
    falaj.run_ok();
    expect_gold_equals_truth(falaj, store);
    EXPECT_EQ(falaj.value("SELECT COUNT(*) FROM OPS.schema_drift"), "0");
    EXPECT_EQ(falaj.value("SELECT COUNT(*) FROM SILVER.quarantine"), "0");
  }
}

}  // namespace
}  // namespace falaj::test
