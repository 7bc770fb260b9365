// `falaj run` on the stub, killed or met by a fault at a statement: of making the tables, of loading,
// of the models and of the books; the next run ends with what an undisturbed one has.
#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <map>
#include <random>

#include "fault/snowflake/falaj_on_stub.hpp"
#include "fault/snowflake/good_statements.hpp"
#include "support/long_tests.hpp"

namespace falaj::test {
namespace {

#define FALAJ_REQUIRE_DRIVER() \
  if (snowflake_driver().empty()) GTEST_SKIP() << "the Snowflake driver is not there: make deps"

const std::vector<std::string> kStore = {
    "--seed", "31", "--orders", "12", "--customers", "6", "--products", "4", "--plan", "unlimited"};

// What gold must hold, by table: rows and what they add up to. Keys are those of the store, and
// surrogate keys follow from them.
std::map<std::string, std::string> contents(SnowflakeStub& stub) {
  const std::map<std::string, std::string> queries = {
      {"orders",
       "SELECT count(*) || ' ' || count(DISTINCT order_key) || ' ' || sum(total_amount) "
       "FROM GOLD.gold_fact_orders"},
      {"items",
       "SELECT count(*) || ' ' || count(DISTINCT order_item_key) || ' ' || "
       "sum(quantity) FROM GOLD.gold_fact_order_items"},
      {"customers",
       "SELECT count(*) || ' ' || count(DISTINCT customer_key) FROM "
       "GOLD.gold_dim_customers"},
      {"products",
       "SELECT count(*) || ' ' || count(DISTINCT product_key) FROM "
       "GOLD.gold_dim_products"},
      {"days", "SELECT sum(order_count) || ' ' || sum(daily_revenue) FROM GOLD.mv_daily_sales"},
      {"silver",
       "SELECT (SELECT count(*) FROM SILVER.silver_orders) || ' ' || (SELECT count(*) "
       "FROM SILVER.silver_order_items)"},
      // A payload is stored once, however often it was fetched.
      {"bronze",
       "SELECT count(*) FROM (SELECT DISTINCT order_id, shape, md5(raw_data) FROM "
       "BRONZE.bronze_orders)"},
      {"bronze rows", "SELECT count(*) FROM BRONZE.bronze_orders"},
      {"books",
       "SELECT count(*) - count(DISTINCT package_id || table_name) FROM "
       "OPS.load_packages"},
      {"books balance",
       "SELECT sum(fetched - loaded - unchanged - quarantined) FROM "
       "OPS.load_packages"},
      {"loaded", "SELECT sum(loaded) FROM OPS.load_packages WHERE table_name = 'bronze_orders'"},
  };
  std::map<std::string, std::string> found;
  for (const auto& [name, query] : queries) found[name] = stub.value(query);
  return found;
}

struct Undisturbed {
  std::map<std::string, std::string> contents;
  std::vector<bool> is_of_load;  // by statement
  int64_t statements() const { return static_cast<int64_t>(is_of_load.size()); }
};

Undisturbed run_undisturbed(SimStore& store) {
  TempDir dir;
  SnowflakeStub stub;
  const Falaj falaj = falaj_on(stub, dir / "home", store.base_url());
  falaj.run_ok();
  expect_good_statements(stub, {"run"});
  Undisturbed found;
  for (const auto& statement : stub.statements()) {
    const auto tag = Json::parse(statement.tag.empty() ? "{}" : statement.tag);
    found.is_of_load.push_back(statement.sql.starts_with("PUT ") ||
                               (tag.ok() && (*tag)["task"].as_string() == "load"));
  }
  found.contents = contents(stub);
  return found;
}

// Statements to disturb: a few of all parts of a run, or all of loading and a tenth of the others.
std::vector<int64_t> points(const Undisturbed& undisturbed, int count) {
  const int64_t statements = undisturbed.statements();
  std::vector<int64_t> all;
  if (is_long()) {
    constexpr int64_t kEach = 10;
    for (int64_t n = 1; n <= statements; ++n) {
      if (n % kEach == 0 || undisturbed.is_of_load[static_cast<size_t>(n - 1)]) all.push_back(n);
    }
    std::printf("%zu of %lld statements\n", all.size(), static_cast<long long>(statements));
    std::fflush(stdout);
    return all;
  }
  std::random_device device;
  const char* given = std::getenv("FALAJ_TEST_SEED");
  const auto seed = given != nullptr ? static_cast<unsigned>(std::atoi(given)) : device();
  std::printf("FALAJ_TEST_SEED=%u\n", seed);
  std::mt19937 random(seed);
  for (int i = 0; i < count; ++i) {
    const int64_t first = statements * i / count + 1;
    std::uniform_int_distribution<int64_t> within(first, statements * (i + 1) / count);
    all.push_back(within(random));
  }
  return all;
}

void expect_next_run_completes(SnowflakeStub& stub, const Falaj& falaj,
                               const Undisturbed& undisturbed) {
  stub.forget_scripts();
  falaj.run_ok();
  EXPECT_EQ(contents(stub), undisturbed.contents);
  expect_good_statements(stub, {"run"});
}

TEST(Kill9, AtAnyStatementLosesAndDoublesNothing) {
  FALAJ_REQUIRE_DRIVER();
  SimStore store(kStore);
  const auto undisturbed = run_undisturbed(store);
  int killed = 0;
  const auto all = points(undisturbed, 4);
  for (const int64_t n : all) {
    SCOPED_TRACE(fmt::format("statement {} of {}", n, undisturbed.statements()));
    TempDir dir;
    std::atomic<pid_t> process = 0;
    SnowflakeStub::Options options;
    // Half of them when it has arrived, half when it is done and not yet answered.
    const auto kill_at = [&](const StubStatement& statement) {
      if (statement.number == n && process != 0) ::kill(process, SIGKILL);
    };
    (n % 2 == 0 ? options.on_arrival : options.on_done) = kill_at;
    SnowflakeStub stub(options);
    const Falaj falaj = falaj_on(stub, dir / "home", store.base_url());
    auto child = falaj.start({"run", "--quiet"});
    ASSERT_TRUE(child.ok());
    process = child->pid();
    (void)child->read_rest();
    killed += child->wait().signalled ? 1 : 0;
    process = 0;
    expect_next_run_completes(stub, falaj, undisturbed);
  }
  std::printf("%d kills at %zu statements of %lld\n", killed, all.size(),
              static_cast<long long>(undisturbed.statements()));
  // A run makes a few statements more or fewer, as its two threads meet.
  EXPECT_GE(killed, static_cast<int>(all.size()) - 1);
}

TEST(Fault, AtAnyStatementOfARunIsRiddenOutOrTheNextRunCompletes) {
  FALAJ_REQUIRE_DRIVER();
  SimStore store(kStore);
  const auto undisturbed = run_undisturbed(store);
  constexpr StubFault kFaults[] = {StubFault::kLostForEver, StubFault::kSessionGone,
                                   StubFault::kCutAnswer,   StubFault::kSessionExpired,
                                   StubFault::kLostAnswer,  StubFault::kNeverAvailable};
  const auto all = points(undisturbed, 4);
  int failed = 0;
  for (size_t i = 0; i < all.size(); ++i) {
    const auto fault = kFaults[static_cast<size_t>(all[i]) % std::size(kFaults)];
    SCOPED_TRACE(fmt::format("{} at statement {} of {}", to_string(fault), all[i],
                             undisturbed.statements()));
    TempDir dir;
    SnowflakeStub stub;
    stub.script({.fault = fault, .statement = all[i]});
    Falaj falaj = falaj_on(stub, dir / "home", store.base_url());
    const bool is_impatient =
        fault == StubFault::kLostForEver || fault == StubFault::kNeverAvailable;
    falaj.set_environment("FALAJ_SNOWFLAKE_REQUEST_TIMEOUT", is_impatient ? "1" : "60");
    const auto first = falaj.run({"run", "--quiet"});
    EXPECT_FALSE(first.signalled);
    EXPECT_NE(first.status, 70) << first.err;  // a bug
    failed += first.status == 0 ? 0 : 1;
    const bool must_succeed =
        fault == StubFault::kSessionExpired || fault == StubFault::kLostAnswer;
    if (must_succeed) {
      EXPECT_EQ(first.status, 0) << first.err;
    }
    expect_next_run_completes(stub, falaj, undisturbed);
  }
  std::printf("%d of %zu runs failed at first\n", failed, all.size());
}

}  // namespace
}  // namespace falaj::test
