// Bad tokens, bad answers, bad disks, bad settings: a clear error, the right exit status, and
// nothing lost.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "support/programs.hpp"
#include "support/store_truth.hpp"
#include "support/temp_dir.hpp"

namespace falaj::test {
namespace {

const std::vector<std::string> kSmall = {"--seed",      "5",         "--orders",       "150",
                                         "--customers", "60",        "--products",     "20",
                                         "--plan",      "unlimited", "--orders-shape", "light"};

class BadInput : public testing::Test {
 protected:
  TempDir dir_;
};

TEST_F(BadInput, AWrongTokenIs77AndSaysWhatToDo) {
  SimStore store(kSmall);
  Falaj falaj(dir_ / "home", store.base_url(), "not-the-token");
  const auto finished = falaj.run({"run"});
  EXPECT_EQ(finished.status, 77) << finished.err;
  EXPECT_NE(finished.err.find("SALLA_API_TOKEN"), std::string::npos) << finished.err;
  EXPECT_EQ(finished.err.find("not-the-token"), std::string::npos) << "the token was printed";
}

TEST_F(BadInput, AMissingScopeIsNamed) {
  auto arguments = kSmall;
  arguments.insert(arguments.end(), {"--scopes", "customers.read products.read"});
  SimStore store(arguments);
  Falaj falaj(dir_ / "home", store.base_url());
  const auto finished = falaj.run({"run"});
  EXPECT_EQ(finished.status, 77) << finished.err;
  EXPECT_NE(finished.err.find("orders.read"), std::string::npos) << finished.err;
}

// Whoever may read orders gets orders; what is missing for more is said once, and nothing that was
// known is taken for deleted.
TEST_F(BadInput, WhatTheTokenMayNotReadIsLeftOutAndNamedOnce) {
  auto arguments = kSmall;
  arguments.insert(arguments.end(), {"--scopes", "orders.read taxes.read"});
  SimStore store(arguments);
  Falaj falaj(dir_ / "home", store.base_url());
  const auto report = falaj.run_ok();
  const auto& notes = report["notes"].as_array();
  ASSERT_EQ(notes.size(), 1U) << report["notes"].dump();
  for (const auto* expected :
       {"customers, customer_groups (customers.read)", "(marketing.read)", "(transactions.read)"}) {
    EXPECT_NE(notes[0].as_string().find(expected), std::string::npos) << notes[0].as_string();
  }
  EXPECT_EQ(falaj.value("SELECT COUNT(*) FROM GOLD.gold_fact_orders"), "150");
  EXPECT_EQ(falaj.value("SELECT COUNT(*) FROM BRONZE.bronze_taxes"), "2");
  EXPECT_EQ(falaj.value("SELECT COUNT(*) FROM BRONZE.bronze_deletions"), "0");
}

TEST_F(BadInput, NoStoreThereIs69) {
  Falaj falaj(dir_ / "home", "http://127.0.0.1:1/admin/v2");
  falaj.set_environment("API_MAX_RETRIES", "1");
  falaj.set_environment("API_RETRY_DELAY", "0");
  const auto finished = falaj.run({"run"});
  EXPECT_EQ(finished.status, 69) << finished.err;
  EXPECT_NE(finished.err.find("127.0.0.1:1"), std::string::npos) << finished.err;
}

TEST_F(BadInput, NoTokenIs78) {
  SimStore store(kSmall);
  Falaj falaj(dir_ / "home", store.base_url(), "");
  const auto finished = falaj.run({"run"});
  EXPECT_EQ(finished.status, 78) << finished.err;
  EXPECT_NE(finished.err.find("SALLA_API_TOKEN"), std::string::npos) << finished.err;
}

TEST_F(BadInput, AMalformedSettingsFileIsShownWithLineAndColumn) {
  SimStore store(kSmall);
  Falaj falaj(dir_ / "home", store.base_url());
  ASSERT_EQ(falaj.run({"init"}).status, 0);
  std::ofstream(dir_ / "home/falaj.toml") << "[warehouse]\ntype = \"oracle\"\n";
  const auto finished = falaj.run({"run"});
  EXPECT_EQ(finished.status, 78);
  EXPECT_NE(finished.err.find("falaj.toml"), std::string::npos) << finished.err;
  EXPECT_NE(finished.err.find("2"), std::string::npos) << finished.err;
  EXPECT_NE(finished.err.find("ducklake"), std::string::npos)
      << "accepted values: " << finished.err;
}

// Each fault hits the n-th request of any kind; falaj either rides it out or ends with a clear
// error, and in both cases the next run is complete.
class Fault : public testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(Fault, IsRiddenOutOrReportedAndTheNextRunCompletes) {
  TempDir dir;
  SimStore store(kSmall);
  Falaj falaj(dir / "home", store.base_url());
  falaj.set_environment("API_RETRY_DELAY", "0");
  for (const int nth : {1, 2, 5, 9, 40}) {
    store.post("/_sim/faults",
               fmt::format(R"({{{}, "nth": {}, "times": 1}})", GetParam().second, nth));
  }
  auto finished = falaj.run({"run"});
  for (int again = 0; again < 6 && finished.status != 0; ++again) {
    EXPECT_NE(finished.err, "");
    finished = falaj.run({"run"});
  }
  EXPECT_EQ(finished.status, 0) << finished.err;
  falaj.run_ok();
  expect_gold_equals_truth(falaj, store);
}

INSTANTIATE_TEST_SUITE_P(
    Answers, Fault,
    testing::Values(std::pair("Status500", R"("action": "status", "status": 500)"),
                    std::pair("Status429", R"("action": "status", "status": 429)"),
                    std::pair("Status404", R"("action": "status", "status": 404)"),
                    std::pair("Status422", R"("action": "status", "status": 422)"),
                    std::pair("Html", R"("action": "html")"),
                    std::pair("TruncatedJson", R"("action": "truncate")"),
                    std::pair("CutBody", R"("action": "cut_body")"),
                    std::pair("Reset", R"("action": "reset")"),
                    std::pair("InvalidUtf8", R"("action": "invalid_utf8")")),
    [](const auto& fault) { return std::string(fault.param.first); });

TEST_F(BadInput, ASecondFalajOnTheSameHomeIs75) {
  auto arguments = kSmall;
  arguments[arguments.size() - 3] = "basic";  // a small quota keeps the first one busy
  SimStore store(arguments);
  Falaj falaj(dir_ / "home", store.base_url());
  auto first = falaj.start({"run"});
  ASSERT_TRUE(first.ok());
  store.wait_for_requests(3, *first);
  const auto second = Falaj(falaj).run({"run"});
  EXPECT_EQ(second.status, 75) << second.err;
  EXPECT_NE(second.err.find(std::to_string(first->pid())), std::string::npos) << second.err;
}

TEST_F(BadInput, ACorruptPackageIsMovedAsideAndFetchedAgain) {
  SimStore store(kSmall);
  Falaj falaj(dir_ / "home", store.base_url());
  store.post("/_sim/faults", R"({"action": "status", "status": 500, "nth": 200, "times": 1000})");
  falaj.set_environment("API_MAX_RETRIES", "0");
  const auto interrupted = falaj.run({"run"});
  EXPECT_NE(interrupted.status, 0);
  store.post("/_sim/faults", R"({"clear": true})");
  falaj.run_ok();
  expect_gold_equals_truth(falaj, store);
}

TEST_F(BadInput, UserErrorsInSqlAreNotBugs) {
  SimStore store(kSmall);
  Falaj falaj(dir_ / "home", store.base_url());
  falaj.run_ok();
  EXPECT_EQ(falaj.run({"sql", "SELECT nonsense FROM nowhere"}).status, 64);
  const auto write = falaj.run({"sql", "DELETE FROM GOLD.gold_fact_orders"});
  EXPECT_NE(write.status, 0);
  const auto escape = falaj.run({"sql", "SELECT * FROM read_csv('/etc/passwd')"});
  EXPECT_NE(escape.status, 0);
  EXPECT_NE(falaj.value("SELECT COUNT(*) FROM GOLD.gold_fact_orders"), "0");
}

}  // namespace
}  // namespace falaj::test
