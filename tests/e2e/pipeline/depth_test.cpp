// What is known first and what later: totals before details, backfills by day, runs that end early.
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "support/programs.hpp"
#include "support/store_truth.hpp"
#include "support/temp_dir.hpp"

namespace falaj::test {
namespace {

using namespace std::chrono_literals;

std::vector<std::string> light_store(const char* orders, const char* plan, const char* scale) {
  return {"--seed", "41", "--orders",       orders,  "--customers",  "90", "--products", "30",
          "--plan", plan, "--orders-shape", "light", "--time-scale", scale};
}

// Waits until the query gives this value, or the program has ended.
bool wait_for(const Falaj& falaj, const std::string& query, const std::string& value,
              ChildProcess& running) {
  while (!running.has_ended()) {
    const auto found = falaj.run({"sql", "--csv", query});
    if (found.status == 0 && found.out.find("\n" + value) != std::string::npos) return true;
    std::this_thread::sleep_for(50ms);
  }
  return false;
}

// Details of 3,000 orders are 8 minutes of this store's quota; its totals are there after 50 pages.
TEST(ProgressiveDepth, TotalsAreInGoldBeforeSingleOrdersAreAskedFor) {
  TempDir dir;
  SimStore store(light_store("3000", "special", "1"));
  Falaj falaj(dir / "home", store.base_url());
  auto running = falaj.start({"run", "--quiet"});
  ASSERT_TRUE(running.ok());
  ASSERT_TRUE(wait_for(falaj, "SELECT COUNT(*) FROM GOLD.gold_fact_orders", "3000", *running));
  const auto truth = store.get("/_sim/truth");
  EXPECT_EQ(
      falaj.value("SELECT CAST(SUM(total_amount) AS DECIMAL(18,2)) FROM GOLD.gold_fact_orders"),
      truth["total"].as_string());
  for (const auto& status : truth["by_status"].as_array()) {
    if (status["orders"].as_int() == 0) continue;
    EXPECT_EQ(falaj.value("SELECT CAST(SUM(total_amount) AS DECIMAL(18,2)) FROM "
                          "GOLD.gold_fact_orders WHERE order_status = '" +
                          status["status"].as_string() + "'"),
              status["total"].as_string());
  }
  EXPECT_EQ(
      falaj.value("SELECT CAST(SUM(daily_revenue) AS DECIMAL(18,2)) FROM GOLD.mv_daily_sales"),
      truth["total"].as_string());
  EXPECT_EQ(falaj.value("SELECT CAST(SUM(entity_count) AS BIGINT) FROM OPS.coverage WHERE stream = "
                        "'orders' AND depth <> 'unknown'"),
            "3000");
  running->send_signal(SIGTERM);
  EXPECT_EQ(running->wait().status, 75);
  // Lists, not details: 1.02 N / 60 + 2, the head that the next walk begins from included.
  int64_t lists = 0;
  const auto counters = store.get("/_sim/counters");
  for (const auto& endpoint : counters["by_endpoint"].as_array()) {
    if (endpoint["endpoint"].as_string() == "GET /orders") lists = endpoint["requests"].as_int();
  }
  EXPECT_LE(lists, 3000 / 60 * 102 / 100 + 2 + 6);
  const auto coverage = falaj.run({"coverage"});
  EXPECT_NE(coverage.out.find("summary"), std::string::npos) << coverage.out;
}

TEST(ProgressiveDepth, DeepeningGoesOnInLaterRunsAndGoldFollows) {
  TempDir dir;
  SimStore store(light_store("400", "unlimited", "1"));
  Falaj falaj(dir / "home", store.base_url());
  falaj.run_ok({"run", "--depth", "summary"});
  const auto status = falaj.run({"status"});
  EXPECT_NE(status.out.find("400 known, 0 of them at full depth"), std::string::npos) << status.out;
  EXPECT_EQ(
      falaj.value("SELECT COUNT(*) FROM GOLD.gold_fact_orders WHERE detail_depth = 'summary'"),
      "400");
  const auto report = falaj.run_ok();
  EXPECT_EQ(report["orders_to_deepen"].as_int(-1), 0);
  expect_gold_equals_truth(falaj, store);
  EXPECT_NE(falaj.run({"status"}).out.find("400 known, 400 of them at full depth"),
            std::string::npos);
}

TEST(Backfill, ReadsItsDaysToFullDepthAndNoOthers) {
  TempDir dir;
  SimStore store(light_store("900", "unlimited", "1"));
  Falaj falaj(dir / "home", store.base_url());
  falaj.run_ok({"run", "--depth", "summary"});
  const auto from = falaj.value("SELECT MAX(order_date) - 20 FROM SILVER.silver_orders");
  const auto to = falaj.value("SELECT MAX(order_date) - 10 FROM SILVER.silver_orders");
  const auto before = store.requests();
  falaj.run_ok({"backfill", "--from", from, "--to", to, "--stream", "orders"});
  const std::string inside = "order_date BETWEEN DATE '" + from + "' AND DATE '" + to + "'";
  const auto wanted = falaj.value("SELECT COUNT(*) FROM SILVER.silver_orders WHERE " + inside);
  EXPECT_EQ(falaj.value("SELECT COUNT(*) FROM SILVER.silver_orders WHERE detail_depth = 'items'"),
            wanted);
  EXPECT_NE(wanted, "0");
  EXPECT_LE(store.requests() - before, 2 * std::stoll(wanted) + 12);
  EXPECT_EQ(falaj.run({"backfill", "--from", "2026-13-01", "--to", to}).status, 64);
  EXPECT_EQ(falaj.run({"backfill", "--from", to, "--to", from}).status, 64);
  EXPECT_EQ(falaj.run({"backfill", "--from", from, "--to", to, "--stream", "products"}).status, 64);
  falaj.run_ok();
  expect_gold_equals_truth(falaj, store);
}

TEST(Backfill, IsTakenUpAgainAfterAKillWithoutAskingTwice) {
  TempDir dir;
  SimStore store(light_store("700", "unlimited", "1"));
  Falaj falaj(dir / "home", store.base_url());
  falaj.run_ok({"run", "--depth", "summary"});
  const std::vector<std::string> backfill = {"backfill",   "--from",   "2015-01-01", "--to",
                                             "2099-01-01", "--stream", "orders",     "--quiet"};
  const auto started = store.requests();
  for (const int64_t after : {150, 500, 900}) {
    auto running = falaj.start(backfill);
    ASSERT_TRUE(running.ok());
    store.wait_for_requests(started + after, *running);
    running->send_signal(SIGKILL);
    running->wait();
    const auto killed = falaj.run({"status"});
    EXPECT_NE(killed.out.find("interrupted"), std::string::npos) << killed.out;
  }
  EXPECT_EQ(falaj.run(backfill).status, 0);
  // Two calls an order, the list, and what each kill may cost (see kill_test.cpp).
  EXPECT_LE(store.requests() - started, 1400 + 14 + 3 * (8 + 16 + 4) + 10);
  falaj.run_ok();
  expect_gold_equals_truth(falaj, store);
}

TEST(Backfill, IsPausedByASignalAndGoesOnWithoutAskingTwice) {
  TempDir dir;
  SimStore store(light_store("500", "unlimited", "1"));
  Falaj falaj(dir / "home", store.base_url());
  falaj.run_ok({"run", "--depth", "summary"});
  const std::vector<std::string> backfill = {"backfill",   "--from",   "2015-01-01", "--to",
                                             "2099-01-01", "--stream", "orders",     "--quiet"};
  store.reset_counters();
  // So that it is still asking while others look at it.
  store.post("/_sim/faults", R"({"action": "delay", "delay_ms": 50, "rate": 1})");
  constexpr int kPauses = 3;
  for (int pause = 1; pause <= kPauses; ++pause) {
    auto running = falaj.start(backfill);
    ASSERT_TRUE(running.ok());
    store.wait_for_requests(pause * 250, *running);
    const auto meanwhile = falaj.run({"status"});
    EXPECT_NE(meanwhile.out.find("Going on: backfill of 2015-01-01 to 2099-01-01, orders"),
              std::string::npos)
        << meanwhile.out;
    running->send_signal(SIGTERM);
    EXPECT_EQ(running->wait().status, 75);
    const auto paused = falaj.run({"status"});
    EXPECT_NE(paused.out.find("stopped"), std::string::npos) << paused.out;
    EXPECT_EQ(paused.out.find("Going on"), std::string::npos) << paused.out;
  }
  EXPECT_EQ(falaj.run(backfill).status, 0);
  // Who the store is, of each start; nothing else twice.
  EXPECT_EQ(store.get("/_sim/counters")["repeats"].as_int(), kPauses);
  EXPECT_EQ(falaj.value("SELECT COUNT(*) FROM SILVER.silver_orders WHERE detail_depth = 'items'"),
            "500");
}

TEST(Backfill, SaysWhenItWillBeDone) {
  TempDir dir;
  // 600 calls of 120 a minute, 60 times as fast: five seconds.
  SimStore store(light_store("300", "plus", "60"));
  Falaj falaj(dir / "home", store.base_url());
  falaj.set_environment("FALAJ_TIME_SCALE", "60");
  falaj.run_ok({"run", "--depth", "summary"});
  const auto report = falaj.run_ok(
      {"backfill", "--from", "2015-01-01", "--to", "2099-01-01", "--stream", "orders"});
  const auto& samples = report["eta"].as_array();
  ASSERT_EQ(samples.size(), 4U) << report.dump();
  // Of asking the store: what comes after it takes a second, which is a minute of this clock.
  int64_t took = 0;
  for (const auto& stage : report["stages"].as_array()) {
    if (stage["stage"].as_string() == "extract") took = stage["duration_ms"].as_int();
  }
  for (const auto& sample : samples) {
    const auto predicted = sample["elapsed_ms"].as_int() + sample["left_ms"].as_int();
    std::printf("at %lld %%: %lld ms predicted, %lld ms taken\n",
                static_cast<long long>(sample["done_percent"].as_int()),
                static_cast<long long>(predicted), static_cast<long long>(took));
    // The quota goes by whole minutes, and a run of this length has five of them: one more or less is
    // a fifth, and a little beside it.
    EXPECT_LT(std::abs(predicted - took), took / 4) << "the bench holds it to a tenth";
  }
}

}  // namespace
}  // namespace falaj::test
