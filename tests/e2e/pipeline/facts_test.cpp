// Which of several things that falaj was told about an order it believes: not a clock's latest, not a
// poorer one, and no part of a day for the whole.
#include <gtest/gtest.h>

#include <chrono>
#include <ctime>

#include "base/hmac.hpp"
#include "support/plain_client.hpp"
#include "support/programs.hpp"
#include "support/store_truth.hpp"
#include "support/temp_dir.hpp"
#include "support/webhook_receiver.hpp"

namespace falaj::test {
namespace {

constexpr int kDaySeconds = 86'400;

std::string text_of(const Json& list) {
  std::string text;
  for (const auto& each : list.as_array()) text += each.as_string() + "\n";
  return text;
}

// As order.shipment.creating is documented: a short customer, flat lines, no time of change.
std::string narrow_event(const Json& order, const std::string& created_at) {
  const auto id = order["id"].dump();
  const auto money = [&order](const std::string& amount) {
    return R"({"amount":)" + amount + R"(,"currency":")" + order["currency"].as_string() + R"("})";
  };
  return R"({"event":"order.shipment.creating","merchant":1305146709,"created_at":")" + created_at +
         R"(","data":{"id":)" + id + R"(,"reference_id":41030566,"date":{"date":")" +
         order["day"].as_string() +
         R"( 13:29:43.000000","timezone_type":3,"timezone":"Asia/Riyadh"},"source":"dashboard",)"
         R"("status":{"id":566146469,"name":"x","slug":")" +
         order["status"].as_string() + R"("},"payment_method":"bank","currency":")" +
         order["currency"].as_string() + R"(","amounts":{"sub_total":)" +
         money(order["sub_total"].as_string()) + R"(,"shipping_cost":)" + money("35") +
         R"(,"cash_on_delivery":)" + money("0") + R"(,"tax":{"percent":"0.00","amount":)" +
         money("0") + R"(},"discounts":[],"total":)" + money(order["total"].as_string()) +
         R"(},"shipping":{"company":"event","address":{"country":"SA","city":"جدة"}},"customer":)"
         R"({"id":1550968832,"name":"Del Don","mobile":"+971555555555","email":"u@x.sa"},"items":)"
         R"([{"id":1907902809,"product_id":1994210129,"name":"تنورة","sku":"s","quantity":1,)"
         R"("weight":0.25,"amounts":{"price_without_tax":)" +
         money("79") + R"(,"total":)" + money("79") + "}}]}}";
}

std::string written(int seconds_ahead) {
  const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  const auto local = now + seconds_ahead + 3 * 3600;
  std::tm parts{};
  ::gmtime_r(&local, &parts);
  char text[64];
  std::strftime(text, sizeof text, "%a %b %d %Y %H:%M:%S GMT+0300", &parts);
  return text;
}

TEST(Facts, AClockThatWasADayAheadKeepsNothingOutAndIsNoticed) {
  TempDir dir;
  SimStore store({"--orders", "150", "--customers", "60", "--products", "20", "--plan", "unlimited",
                  "--seed", "21", "--orders-shape", "light"});
  Falaj falaj(dir / "home", store.base_url());
  falaj.leave_out_other_lists();
  falaj.set_environment("FALAJ_CLOCK_AHEAD_SECS", std::to_string(kDaySeconds));
  const auto first = falaj.run_ok();
  EXPECT_NE(text_of(first["notes"]).find("clock is 86"), std::string::npos)
      << first["notes"].dump();
  EXPECT_NE(falaj.run({"check"}).out.find("s ahead of the store's"), std::string::npos);
  expect_gold_equals_truth(falaj, store);

  falaj.set_environment("FALAJ_CLOCK_AHEAD_SECS", "0");
  store.post("/_sim/mutate", R"({"create": 5, "change": 12, "delete": 4, "seed": 3})");
  const auto second = falaj.run_ok();
  EXPECT_EQ(text_of(second["notes"]).find("clock is"), std::string::npos);
  EXPECT_TRUE(second["verdict"].as_string().starts_with("Everything reconciles"));
  expect_gold_equals_truth(falaj, store);
  EXPECT_EQ(falaj.run_ok()["rows_loaded"].as_int(-1), 0) << "what changed was taken in at once";
  const auto runs = falaj.run({"status", "--json"}).out;
  EXPECT_NE(runs.find(second["run_id"].as_string()), std::string::npos);
}

TEST(Facts, ANarrowEventIsNoFullOrder) {
  TempDir dir;
  SimStore store({"--orders", "40", "--customers", "20", "--products", "10", "--plan", "unlimited",
                  "--seed", "22", "--orders-shape", "light"});
  Falaj falaj(dir / "home", store.base_url());
  falaj.leave_out_other_lists();
  falaj.set_environment("SALLA_WEBHOOK_SECRET", "s3");
  falaj.run_ok();
  const auto order = store.get("/_sim/truth/orders").as_array()[3];
  const auto of_order = " WHERE order_id = " + order["id"].dump();
  const auto lines =
      "SELECT STRING_AGG(CAST(order_item_id AS VARCHAR) || ' ' || currency || ' ' || options || ' "
      "' "
      "|| CAST(product_id AS VARCHAR), ', ' ORDER BY order_item_id) FROM "
      "SILVER.silver_order_items" +
      of_order;
  const auto customer =
      "SELECT CAST(customer_id AS VARCHAR) || ' ' || customer_name || ' ' || customer_mobile FROM "
      "SILVER.silver_orders" +
      of_order;
  const auto before = falaj.value(lines);
  const auto customer_before = falaj.value(customer);
  ASSERT_NE(before, "");
  // Events that come while a run reads are asked for; this one comes a minute after it.
  falaj.set_environment("FALAJ_CLOCK_AHEAD_SECS", "60");
  {
    Receiver receiver(falaj);
    const auto body = narrow_event(order, written(60));
    PlainClient client(receiver.port());
    client.send("POST /webhooks/salla HTTP/1.1\r\nHost: h\r\nX-Salla-Signature: " +
                to_hex(hmac_sha256("s3", body)) +
                "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    EXPECT_TRUE(client.answer().starts_with("HTTP/1.1 200"));
    falaj.run_ok();
  }
  EXPECT_EQ(falaj.value(lines), before);
  EXPECT_EQ(falaj.value(customer), customer_before);
  EXPECT_EQ(falaj.value("SELECT MAX(taken_as) FROM BRONZE.bronze_webhooks"), "use_parts");
  EXPECT_EQ(falaj.value("SELECT MAX(shape) FROM BRONZE.bronze_orders WHERE source = 'webhook'"),
            "parts");
  EXPECT_EQ(falaj.value("SELECT COUNT(*) FROM BRONZE.bronze_order_item_sets WHERE source = "
                        "'webhook'"),
            "0");
  expect_gold_equals_truth(falaj, store);
}

TEST(Facts, DaysThatABackfillKnowsInPartAreFlagged) {
  TempDir dir;
  SimStore store({"--orders", "1500", "--customers", "60", "--products", "20", "--plan",
                  "unlimited", "--seed", "23", "--orders-shape", "light"});
  Falaj falaj(dir / "home", store.base_url());
  falaj.leave_out_other_lists();
  std::map<std::string, int64_t> truth;  // orders by day
  const auto orders = store.get("/_sim/truth/orders");
  for (const auto& order : orders.as_array()) ++truth[order["day"].as_string()];
  const auto month = truth.rbegin()->first.substr(0, 8);
  auto middle = truth.begin();
  std::advance(middle, static_cast<std::ptrdiff_t>(truth.size() / 2));
  const auto from = middle->first.substr(0, 8) + "01";
  const auto to = middle->first.substr(0, 8) + "28";
  ASSERT_NE(middle->first.substr(0, 8), month);
  const auto report = falaj.run_ok(
      {"backfill", "--from", from, "--to", to, "--stream", "orders", "--depth", "summary"});
  EXPECT_FALSE(report["reconciles"].as_bool());
  EXPECT_NE(report["verdict"].as_string().find("the order list announces 1500 orders"),
            std::string::npos)
      << report["verdict"].as_string();
  int64_t whole = 0;
  int64_t partial = 0;
  for (const auto& row :
       falaj.sql("SELECT CAST(full_date AS VARCHAR) AS day, SUM(order_count) AS n, "
                 "MIN(CASE WHEN is_complete THEN 1 ELSE 0 END) AS is_complete FROM "
                 "GOLD.mv_daily_sales GROUP BY 1")) {
    const auto day = row["day"].as_string();
    const bool is_asked = from <= day && day <= to;
    EXPECT_EQ(cell_text(row["is_complete"]), is_asked ? "1" : "0") << day;
    if (is_asked) {
      EXPECT_EQ(cell_text(row["n"]), std::to_string(truth[day])) << day;
    }
    ++(is_asked ? whole : partial);
  }
  EXPECT_GT(whole, 5);
  EXPECT_GT(partial, 0) << "the newest orders come too";

  falaj.run_ok({"--depth", "summary"});
  const auto today = falaj.value("SELECT CAST(MAX(last_day) AS VARCHAR) FROM OPS.known_days");
  EXPECT_EQ(falaj.value("SELECT COUNT(*) FROM GOLD.mv_daily_sales WHERE NOT is_complete AND "
                        "CAST(full_date AS VARCHAR) <= '" +
                        today + "'"),
            "0");
  EXPECT_EQ(falaj.value("SELECT CAST(SUM(order_count) AS BIGINT) FROM GOLD.mv_daily_sales"),
            "1500");
}

}  // namespace
}  // namespace falaj::test
