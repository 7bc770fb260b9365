// The limits of the store as several falaj processes and many stores share them. bench/bench_quota.py
// measures the same at full size.
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <fstream>
#include <thread>

#include "support/programs.hpp"
#include "support/store_truth.hpp"
#include "support/temp_dir.hpp"

namespace falaj::test {
namespace {

using namespace std::chrono_literals;

struct Counts {
  int64_t granted = 0;
  int64_t refused = 0;
  int64_t grantable = 0;
};

// Of all stores together.
Counts quota_counts(SimStore& store) {
  Counts counts;
  const auto counters = store.get("/_sim/counters");
  for (const auto& row : counters["quota"].as_array()) {
    counts.granted += row["granted"].as_int();
    counts.refused += row["refused"].as_int();
    counts.grantable += row["grantable"].as_int();
  }
  return counts;
}

int64_t asked(const Json& counters, const std::string& endpoint) {
  for (const auto& row : counters["by_endpoint"].as_array()) {
    if (row["endpoint"].as_string() == endpoint) return row["requests"].as_int();
  }
  return 0;
}

TEST(Quota, ThreeProcessesOfOneStoreUseItsMinutesUpWithoutARefusal) {
  SimStore store({"--orders", "200", "--customers", "60", "--products", "20", "--plan", "pro",
                  "--quirks-off", "slow-tail", "--time-scale", "30"});
  const TempDir dir;
  std::vector<Falaj> homes;
  std::vector<ChildProcess> runs;
  for (int i = 0; i < 3; ++i) {
    homes.emplace_back((dir / fmt::format("home-{}", i)).string(), store.base_url());
    homes.back().set_environment("FALAJ_QUOTA_DIR", (dir / "quota").string());
    homes.back().set_environment("FALAJ_TIME_SCALE", "30");
    auto child = homes.back().start({"run", "--quiet"});
    ASSERT_TRUE(child.ok()) << child.error().to_text();
    runs.push_back(std::move(*child));
  }
  for (auto& run : runs) EXPECT_EQ(run.wait().status, 0);
  const auto counts = quota_counts(store);
  EXPECT_EQ(counts.refused, 0);
  EXPECT_GE(counts.granted, 3 * 400);
  // A minute is two seconds here: on a machine that does much else a part of it is lost.
  EXPECT_GE(counts.granted, counts.grantable / 2);
  for (const auto& home : homes) expect_gold_equals_truth(home, store);
}

TEST(Quota, OrdersGoOnWhileCustomersWaitAndAStopEndsTheWait) {
  constexpr int64_t kStores = 4;
  constexpr int64_t kOrders = 20;
  SimStore store({"--stores", "4", "--orders", "20", "--customers", "9000", "--products", "5",
                  "--plan", "special"});
  const TempDir dir;
  Falaj falaj((dir / "home").string(), store.base_url(), "");
  const auto list = (dir / "stores.txt").string();
  std::ofstream(list) << "s1 sim-token-1\ns2 sim-token-2\ns3 sim-token-3\ns4 sim-token-4\n";
  ASSERT_EQ(falaj.run({"store", "add", "--from", list}).status, 0);
  auto child = falaj.start({"run", "--quiet"});
  ASSERT_TRUE(child.ok()) << child.error().to_text();
  // 600 pages of customers are 100 more than ten minutes allow.
  Json counters;
  while (!child->has_ended()) {
    counters = store.get("/_sim/counters");
    if (counters["customers_quota"]["granted"].as_int() == 500 &&
        asked(counters, "GET /orders/items") == kStores * kOrders) {
      break;
    }
    std::this_thread::sleep_for(5ms);
  }
  ASSERT_FALSE(child->has_ended());
  EXPECT_EQ(asked(counters, "GET /orders/{id}"), kStores * kOrders);
  const auto shown = falaj.run({"quota", "--json"});
  const auto quota = Json::parse(shown.out);
  ASSERT_TRUE(quota.ok()) << shown.out << shown.err;
  EXPECT_EQ((*quota)["customers"]["used"].as_int(), 500);
  EXPECT_GT((*quota)["customers"]["waits_secs"].as_double(), 60);
  ASSERT_EQ((*quota)["stores"].as_array().size(), 4U);
  EXPECT_EQ((*quota)["stores"].as_array()[0]["limit_per_minute"].as_int(), 720);
  EXPECT_GE((*quota)["stores"].as_array()[0]["clients"].as_int(), 1);
  const auto stopped_at = std::chrono::steady_clock::now();
  child->send_signal(SIGTERM);
  EXPECT_EQ(child->wait().status, 75);
  EXPECT_LT(std::chrono::steady_clock::now() - stopped_at, 5min) << "the wait was ten minutes";
  EXPECT_EQ(quota_counts(store).refused, 0);

  // Ten minutes later, on another day of ours: what had landed is not asked for again.
  const auto ended = std::stoll(falaj.value(
      "SELECT COUNT(*) FROM (SELECT store_id FROM BRONZE.bronze_customers GROUP BY store_id HAVING "
      "COUNT(DISTINCT customer_id) = 9000)"));
  store.post("/_sim/clock", R"({"advance_minutes": 10})");
  falaj.set_environment("FALAJ_QUOTA_DIR", (dir / "another").string());
  falaj.run_ok();
  EXPECT_EQ(falaj.value("SELECT COUNT(*) FROM SILVER.silver_customers"), "36000");
  EXPECT_EQ(falaj.value("SELECT COUNT(*) FROM GOLD.gold_fact_orders"), "80");
  EXPECT_EQ(quota_counts(store).refused, 0);
  counters = store.get("/_sim/counters");
  // But of stores that had ended, which read their lists as in any other run.
  EXPECT_LE(asked(counters, "GET /customers"), 604 + 150 * ended);
  // The last answers may have been on their way when the run was stopped.
  EXPECT_LE(asked(counters, "GET /orders/items"), kStores * kOrders + kStores);
}

TEST(Quota, AStoreThatWaitsForCustomersGivesItsPlaceToTheNext) {
  constexpr int64_t kOrders = 10;
  SimStore store({"--stores", "2", "--orders", "10", "--customers", "10", "--products", "5",
                  "--plan", "special"});
  store.post("/_sim/faults", R"({"match": "/customers", "action": "status", "status": 429,
                                 "headers": {"Retry-After": "600"}})");
  const TempDir dir;
  Falaj falaj((dir / "home").string(), store.base_url(), "");
  const auto list = (dir / "stores.txt").string();
  std::ofstream(list) << "s1 sim-token-1\ns2 sim-token-2\n";
  ASSERT_EQ(falaj.run({"store", "add", "--from", list}).status, 0);
  std::ofstream(falaj.home() + "/falaj.toml") << "[extract]\nstores_at_once = 1\n";
  auto child = falaj.start({"run", "--quiet"});
  ASSERT_TRUE(child.ok()) << child.error().to_text();
  const auto give_up = std::chrono::steady_clock::now() + 10min;
  while (asked(store.get("/_sim/counters"), "GET /orders/items") < 2 * kOrders) {
    ASSERT_FALSE(child->has_ended());
    ASSERT_LT(std::chrono::steady_clock::now(), give_up) << "the second store never began";
    std::this_thread::sleep_for(5ms);
  }
  child->send_signal(SIGTERM);
  EXPECT_EQ(child->wait().status, 75);
}

}  // namespace
}  // namespace falaj::test
