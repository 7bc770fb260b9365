// The store changes while it is read and between runs: gold follows.
#include <gtest/gtest.h>

#include <thread>

#include "support/programs.hpp"
#include "support/store_truth.hpp"
#include "support/temp_dir.hpp"

namespace falaj::test {
namespace {

using namespace std::chrono_literals;

const std::vector<std::string> kLight = {"--seed",      "11",        "--orders",       "900",
                                         "--customers", "300",       "--products",     "80",
                                         "--plan",      "unlimited", "--orders-shape", "light"};
const std::vector<std::string> kExpanded = {
    "--seed",     "12", "--orders", "900",       "--customers",    "300",
    "--products", "80", "--plan",   "unlimited", "--orders-shape", "expanded"};

class ChangingStore : public testing::TestWithParam<std::vector<std::string>> {};

TEST_P(ChangingStore, NextRunFollowsCreatesChangesAndDeletesAndNothingElse) {
  TempDir dir;
  SimStore store(GetParam());
  Falaj falaj(dir / "home", store.base_url());
  const auto first = falaj.run_ok();
  EXPECT_GT(first["rows_loaded"].as_int(), 1000);
  expect_gold_equals_truth(falaj, store);
  const std::string bronze = "SELECT COUNT(*) FROM BRONZE.bronze_orders";
  const auto before = falaj.value(bronze);
  const auto second = falaj.run_ok();
  EXPECT_EQ(second["rows_loaded"].as_int(-1), 0);
  EXPECT_TRUE(second["models"].as_array().empty()) << second["models"].dump();
  EXPECT_EQ(falaj.value(bronze), before);
  for (int round = 0; round < 3; ++round) {
    store.post("/_sim/mutate", R"({"create": 25, "change": 40, "delete": 10})");
    falaj.run_ok();
    expect_gold_equals_truth(falaj, store);
  }
}

TEST_P(ChangingStore, ChangesBetweenPagesAreRepairedByTheNextRun) {
  TempDir dir;
  SimStore store(GetParam());
  Falaj falaj(dir / "home", store.base_url());
  auto running = falaj.start({"run", "--json"});
  ASSERT_TRUE(running.ok());
  for (int i = 0; i < 12; ++i) {
    store.post("/_sim/mutate", R"({"create": 3, "change": 5, "delete": 2})");
    std::this_thread::sleep_for(
        40ms);  // spreads the changes over the run; no outcome depends on it
  }
  const auto out = running->read_rest();
  EXPECT_EQ(running->wait().status, 0) << out << read_text_file(falaj.stderr_path());
  falaj.run_ok();
  expect_gold_equals_truth(falaj, store);
}

INSTANTIATE_TEST_SUITE_P(Shapes, ChangingStore, testing::Values(kLight, kExpanded),
                         [](const auto& shape) { return shape.index == 0 ? "light" : "expanded"; });

}  // namespace
}  // namespace falaj::test
