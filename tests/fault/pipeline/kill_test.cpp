// kill -9 at random points of a run: afterwards nothing is lost, nothing is doubled, and what had
// landed was not asked for again.
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <cstdlib>
#include <random>
#include <thread>

#include "support/programs.hpp"
#include "support/store_truth.hpp"
#include "support/temp_dir.hpp"

namespace falaj::test {
namespace {

using namespace std::chrono_literals;

// Requests that may be lost with one kill: those in flight (extract.max_in_flight), and the pages of
// one frame of 16: half a frame each of orders and of their items. Each start also asks who the
// store is, and whether the list stood still while it was swept.
constexpr int64_t kInFlight = 8;
constexpr int64_t kFramePages = 16;

struct KillRun {
  std::vector<std::string> store;
  int kills = 20;
  int64_t requests = 0;  // of a run without kills
  int64_t repeats = 0;   // of the same URL in such a run
};

// Starts falaj and kills it when the store has counted `goal` requests; false if it ended before.
bool run_and_kill(Falaj& falaj, SimStore& store, int64_t goal) {
  auto child = falaj.start({"run", "--quiet"});
  if (!child.ok()) {
    ADD_FAILURE() << child.error().to_text();
    return false;
  }
  store.wait_for_requests(goal, *child);
  child->send_signal(SIGKILL);
  return child->wait().signalled;
}

// Random points of a run of `requests` requests, in order; each before the run's last ones.
std::vector<int64_t> kill_points(std::mt19937& random, int count, int64_t requests) {
  std::uniform_int_distribution<int64_t> point(1, requests - requests / 20);
  std::vector<int64_t> points(static_cast<size_t>(count));
  for (auto& at : points) at = point(random);
  std::sort(points.begin(), points.end());
  return points;
}

void kill_and_compare(const KillRun& plan) {
  TempDir dir;
  std::random_device device;
  const char* given = std::getenv("FALAJ_TEST_SEED");
  const auto seed = given != nullptr ? static_cast<unsigned>(std::atoi(given)) : device();
  std::printf("FALAJ_TEST_SEED=%u\n", seed);
  std::mt19937 random(seed);

  SimStore store(plan.store);
  Falaj falaj(dir / "killed", store.base_url());
  int killed = 0;
  for (const auto point : kill_points(random, plan.kills, plan.requests)) {
    const auto goal = std::max(point, store.requests() + 1);
    killed += run_and_kill(falaj, store, goal) ? 1 : 0;
  }
  EXPECT_EQ(killed, plan.kills) << "a kill missed the run";
  falaj.run_ok();
  const auto repeats = store.get("/_sim/counters")["repeats"].as_int(-1);
  falaj.run_ok();

  expect_gold_equals_truth(falaj, store);
  std::printf("%d kills, %lld requests (%lld without kills), %lld repeats\n", killed,
              static_cast<long long>(store.requests()), static_cast<long long>(plan.requests),
              static_cast<long long>(repeats));
  EXPECT_LE(repeats - plan.repeats, (kInFlight + kFramePages + 2) * killed + 10);
}

// The same plan with the numbers of a run without kills, measured.
KillRun measured(KillRun plan) {
  TempDir dir;
  SimStore calm(plan.store);
  Falaj(dir / "calm", calm.base_url()).run_ok();
  plan.requests = calm.requests();
  plan.repeats = calm.get("/_sim/counters")["repeats"].as_int(-1);
  return plan;
}

TEST(Kill, LightStoreSurvivesTwentyKills) {
  kill_and_compare(
      measured({{"--seed", "21", "--orders", "1500", "--customers", "200", "--products", "50",
                 "--plan", "unlimited", "--orders-shape", "light"}}));
}

TEST(Kill, ExpandedStoreSurvivesKills) {
  kill_and_compare(
      measured({{"--seed", "22", "--orders", "6000", "--customers", "200", "--products", "50",
                 "--plan", "unlimited", "--orders-shape", "expanded"},
                10}));
}

TEST(Kill, TheRealOrdersSurviveTwentyKills) {
  FALAJ_REQUIRE_TEST_DATA();
  // RealOrders.GoldEqualsTheFileToTheCent holds the number of requests without kills.
  kill_and_compare({{"--dataset", (test_data_dir() / "online_retail_ii_2009_2010.parquet").string(),
                     "--plan", "unlimited", "--orders-shape", "light"},
                    20,
                    58'000});
}

}  // namespace
}  // namespace falaj::test
