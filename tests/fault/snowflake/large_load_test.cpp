// `falaj run` of very many orders into the stub: what falaj itself takes of the machine's memory.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>

#include "fault/snowflake/falaj_on_stub.hpp"
#include "support/long_tests.hpp"

namespace falaj::test {
namespace {

constexpr int64_t kMemoryMax = 400'000'000;

// FALAJ_LONG_TESTS=1: a million orders.
TEST(LargeLoad, StaysWithinItsMemory) {
  if (snowflake_driver().empty()) GTEST_SKIP() << "the Snowflake driver is not there: make deps";
  const int64_t orders = is_long() ? 1'000'000 : 5'000;
  // More customers would be waited for: an address gets 500 pages of them in ten minutes.
  const auto customers = std::min<int64_t>(orders / 10, 20'000);
  SimStore store({"--orders", std::to_string(orders), "--customers", std::to_string(customers),
                  "--products", "600", "--orders-shape", "expanded", "--plan", "unlimited",
                  "--seed", "1"});
  TempDir dir;
  SnowflakeStub stub;
  const Falaj falaj = falaj_on(stub, dir / "home", store.base_url());
  falaj.leave_out_other_lists();
  const auto report = falaj.run_ok();
  EXPECT_EQ(stub.value("SELECT count(*) FROM BRONZE.bronze_orders"), std::to_string(orders));
  const auto truth = store.get("/_sim/truth");
  EXPECT_EQ(stub.value("SELECT count(*) || ' ' || CAST(sum(total_amount) AS DECIMAL(38, 2)) FROM "
                       "GOLD.gold_fact_orders"),
            fmt::format("{} {}", truth["orders"].as_int(), truth["total"].as_string()));
  const auto statements = stub.statements();
  const auto loads = std::count_if(statements.begin(), statements.end(), [](const auto& each) {
    return each.sql.starts_with("COPY INTO BRONZE.bronze_orders ");
  });
  // A full order is 4 KB; transactions take 64 MB where so much waits.
  EXPECT_GE(loads, 1);
  EXPECT_LE(loads, 3 + orders * 4'300 / (32 << 20)) << "each costs a dozen round trips";
  const int64_t peak = report["peak_rss_bytes"].as_int();
  std::printf("%lld orders, %lld MB of memory at the most, %lld s\n",
              static_cast<long long>(orders), static_cast<long long>(peak / 1'000'000),
              static_cast<long long>(report["duration_ms"].as_int() / 1000));
  EXPECT_GT(peak, 20'000'000);
  EXPECT_LE(peak, kMemoryMax);
}

}  // namespace
}  // namespace falaj::test
