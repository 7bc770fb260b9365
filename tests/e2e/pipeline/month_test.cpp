// A month of a store's life: each day orders come, change (old ones too, some without a trace in
// lists or in their updated_at), go and come back. After each night gold is what the store holds.
#include <gtest/gtest.h>

#include <random>

#include "support/long_tests.hpp"
#include "support/programs.hpp"
#include "support/store_truth.hpp"
#include "support/temp_dir.hpp"

namespace falaj::test {
namespace {

struct Month {
  const char* name;
  std::vector<std::string> store;
  int days;
  bool is_sorted = true;
};

std::vector<std::string> store_of(const char* shape, const char* orders, const char* quirks) {
  return {"--seed",         "31",        "--orders",    orders,
          "--customers",    "150",       "--products",  "40",
          "--plan",         "unlimited", "--now",       "2026-11-23T09:45:00Z",
          "--orders-shape", shape,       "--quirks-on", quirks};
}

// A per cent of the orders a day, at least one of each kind.
// A new price of a line shows in no list row: only the order of latest changes tells of it, and a store
// that does not sort has none.
std::string a_day(std::mt19937& random, int64_t orders, bool is_sorted) {
  const auto some = [&](int64_t most) {
    return 1 + static_cast<int64_t>(random() % static_cast<uint64_t>(std::max<int64_t>(1, most)));
  };
  Json day;
  day.set("create", some(orders / 60));
  day.set("change", orders / 100);
  day.set("reprice", is_sorted ? some(3) : 0);
  day.set("silent", some(2));
  day.set("delete", some(3));
  day.set("revive", static_cast<int64_t>(random() % 2));
  day.set("seed", static_cast<int64_t>(random() % 100'000));
  return day.dump();
}

class SimulatedMonth : public testing::TestWithParam<Month> {};

TEST_P(SimulatedMonth, AfterEachNightGoldIsWhatTheStoreHolds) {
  const char* given = std::getenv("FALAJ_TEST_SEED");
  const auto seed =
      given != nullptr ? static_cast<unsigned>(std::atoi(given)) : std::random_device()();
  std::printf("FALAJ_TEST_SEED=%u\n", seed);
  std::mt19937 random(seed);
  TempDir dir;
  SimStore store(GetParam().store);
  Falaj falaj(dir / "home", store.base_url());
  falaj.run_ok();
  expect_gold_equals_truth(falaj, store);
  const int days = is_long() ? 30 : GetParam().days;
  for (int day = 1; day <= days && !HasFailure(); ++day) {
    SCOPED_TRACE("day " + std::to_string(day));
    store.post("/_sim/clock", R"({"advance_days": 1})");
    store.post("/_sim/mutate",
               a_day(random, store.get("/_sim/truth")["orders"].as_int(), GetParam().is_sorted));
    // Some nights the run is left out, some days have a second one.
    if (random() % 4 != 0) falaj.run_ok();
    const auto night = falaj.run_ok({"reconcile"});
    EXPECT_TRUE(night["mismatches"].as_array().empty()) << night["mismatches"].dump();
    expect_gold_equals_truth(falaj, store);
  }
  // Nothing is left to repair.
  const auto again = falaj.run_ok({"reconcile"});
  EXPECT_EQ(again["rows_loaded"].as_int(-1), 0) << again["streams"].dump();
}

INSTANTIATE_TEST_SUITE_P(Stores, SimulatedMonth,
                         testing::Values(Month{"light", store_of("light", "600", ""), 5},
                                         Month{"expanded", store_of("expanded", "600", ""), 3},
                                         Month{"unsorted", store_of("light", "300", "ignored-sort"),
                                               2, false}),
                         [](const auto& month) { return std::string(month.param.name); });

TEST(Reconcile, SaysWhichTotalsItComparedAndRepairsWhatARunCannotSee) {
  TempDir dir;
  SimStore store(store_of("light", "300", ""));
  Falaj falaj(dir / "home", store.base_url());
  falaj.run_ok();
  store.post("/_sim/mutate", R"({"silent": 30, "reprice": 3, "seed": 4})");
  falaj.run_ok();
  const auto night = falaj.run_ok({"reconcile"});
  EXPECT_GT(night["rows_loaded"].as_int(), 0) << "what no walk sees";
  EXPECT_NE(night["notes"].dump().find("totals of the store's own"), std::string::npos);
  expect_gold_equals_truth(falaj, store);
  EXPECT_EQ(falaj.value("SELECT COUNT(*) FROM OPS.reconciliations WHERE measure LIKE "
                        "'orders that the store counts%' AND NOT matches"),
            "0");
  EXPECT_NE(falaj.value("SELECT COUNT(*) FROM OPS.reconciliations WHERE measure LIKE "
                        "'orders that the store counts%status%'"),
            "0");
}

}  // namespace
}  // namespace falaj::test
