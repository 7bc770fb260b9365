// Answers that are whole but wrong, and disks that are full or damaged: what cannot become a row is
// in quarantine with a reason, what broke on disk is fetched again, and gold ends equal to the
// store.
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <fstream>

#include "support/long_tests.hpp"
#include "support/programs.hpp"
#include "support/store_truth.hpp"
#include "support/temp_dir.hpp"

namespace falaj::test {
namespace {

// Of the small lists that each run reads.
constexpr int64_t kListRequests = 40;

namespace fs = std::filesystem;

std::vector<std::string> small_store(const char* shape) {
  return {"--seed",     "6",  "--orders", "150",       "--customers",    "60",
          "--products", "20", "--plan",   "unlimited", "--orders-shape", shape};
}

class BadValues : public testing::Test {
 protected:
  // A run whose answers to `path` are damaged three times, then one without faults.
  void run_damaged(const char* shape, const std::string& path, const std::string& action,
                   int64_t quarantined) {
    SCOPED_TRACE(std::string(shape) + " " + path + " " + action);
    SimStore store(small_store(shape));
    Falaj falaj(dir_ / std::to_string(homes_++), store.base_url());
    // Of this path alone, not of those below it.
    store.post("/_sim/faults", R"({"contains": ")" + path + R"(?", "action": ")" + action +
                                   R"(", "nth": 1, "times": 3})");
    const auto report = falaj.run_ok();
    int64_t counted = 0;
    for (const auto& stream : report["streams"].as_array())
      counted += stream["quarantined"].as_int();
    EXPECT_EQ(counted, quarantined) << report.dump();
    EXPECT_EQ(falaj.value("SELECT COUNT(*) FROM SILVER.quarantine WHERE rule IS NOT NULL AND "
                          "message LIKE '%found%expected%' AND raw_data <> ''"),
              std::to_string(quarantined));
    EXPECT_NE(report.dump().find("in quarantine"), std::string::npos);
    store.post("/_sim/faults", R"({"clear": true})");
    falaj.run_ok();
    expect_gold_equals_truth(falaj, store);
  }

  TempDir dir_;
  int homes_ = 0;
};

TEST_F(BadValues, NumbersBeyondTheirColumnsGoToQuarantineAndAreAskedForAgain) {
  run_damaged("light", "/orders", "malformed_value", 3);
}

TEST_F(BadValues, WrongTypesGoToQuarantineAndAreAskedForAgain) {
  run_damaged("light", "/orders/items", "wrong_type", 3);
  run_damaged("light", "/orders", "wrong_type", 3);
  run_damaged("expanded", "/orders", "wrong_type", 3);
}

TEST_F(BadValues, WhatIsLoadedLaterClosesItsQuarantine) {
  SimStore store(small_store("light"));
  Falaj falaj(dir_ / "home", store.base_url());
  store.post("/_sim/faults",
             R"({"match": "/orders/items", "action": "wrong_type", "nth": 5, "times": 4})");
  falaj.run_ok();
  const std::string open = "SELECT COUNT(*) FROM SILVER.quarantine WHERE resolved_at IS NULL";
  EXPECT_EQ(falaj.value(open), "4");
  EXPECT_EQ(falaj.value("SELECT COUNT(DISTINCT parent_id) FROM SILVER.quarantine"), "4");
  store.post("/_sim/faults", R"({"clear": true})");
  const auto before = store.requests();
  falaj.run_ok();
  EXPECT_EQ(falaj.value(open), "0");
  EXPECT_LE(store.requests() - before, 4 * 2 + 8 + kListRequests)
      << "only the four orders were asked for again";
  expect_gold_equals_truth(falaj, store);
}

TEST_F(BadValues, APageOfTenMegabytesIsRead) {
  SimStore store(small_store("light"));
  Falaj falaj(dir_ / "home", store.base_url());
  store.post("/_sim/faults", R"({"match": "/customers", "action": "huge_body", "times": 1})");
  store.post("/_sim/faults", R"({"match": "/orders", "action": "huge_body", "times": 2})");
  falaj.run_ok();
  expect_gold_equals_truth(falaj, store);
}

TEST_F(BadValues, AnExpiredTokenIs77AndTheNextOneGoesOn) {
  SimStore store(small_store("light"));
  Falaj falaj(dir_ / "home", store.base_url());
  auto child = falaj.start({"run", "--quiet"});
  ASSERT_TRUE(child.ok());
  store.wait_for_requests(100, *child);
  store.post("/_sim/expire-token", "{}");
  EXPECT_EQ(child->wait().status, 77);
  const auto asked = store.requests();
  EXPECT_LT(asked, 300) << "the run ended before it had everything";
  const auto fresh = store.refresh_token();
  Falaj next(falaj.home(), store.base_url(), fresh);
  next.run_ok();
  EXPECT_LE(store.requests(), 300 + 60 + kListRequests)
      << "what had landed was not asked for again";
  expect_gold_equals_truth(next, store);
}

// Kills a run that has landed pages and loaded none of them, or few.
void interrupt(const Falaj& falaj, SimStore& store, int64_t requests) {
  auto child = falaj.start({"run", "--quiet"});
  ASSERT_TRUE(child.ok());
  store.wait_for_requests(requests, *child);
  child->send_signal(SIGKILL);
  EXPECT_TRUE(child->wait().signalled);
}

TEST_F(BadValues, ATokenOfAnotherStoreTakesNothingFromTheRunBefore) {
  auto options = small_store("light");
  options.insert(options.end(), {"--stores", "2"});
  SimStore stores(options);
  Falaj falaj(dir_ / "home", stores.base_url(), "sim-token-1");
  interrupt(falaj, stores, 200);
  Falaj other(falaj.home(), stores.base_url(), "sim-token-2");
  other.run_ok();
  falaj.run_ok();
  const auto store_ids = falaj.sql("SELECT store_id FROM GOLD.gold_dim_store WHERE store_id <> 0");
  EXPECT_EQ(store_ids.size(), 2U);
  for (const int number : {1, 2}) {
    const auto truth = stores.get("/_sim/truth?store=" + std::to_string(number));
    EXPECT_EQ(falaj.value("SELECT COUNT(*) FROM (SELECT SUM(total_amount) AS t FROM "
                          "GOLD.gold_fact_orders GROUP BY store_id) WHERE t = " +
                          truth["total"].as_string()),
              "1")
        << "store " << number << " has " << truth["total"].as_string();
  }
}

TEST_F(BadValues, TheDemoKeepsOutOfARealHome) {
  SimStore store(small_store("light"));
  Falaj falaj(dir_ / "home", store.base_url());
  falaj.run_ok();
  const auto refused = falaj.run({"demo", "--orders", "10"});
  EXPECT_EQ(refused.status, 64);
  EXPECT_NE(refused.err.find("--home"), std::string::npos) << refused.err;
  Falaj demo(dir_ / "demo", store.base_url());
  EXPECT_EQ(demo.run({"demo", "--orders", "10"}).status, 0);
  EXPECT_EQ(demo.run({"demo", "--orders", "10"}).status, 0) << "its own home it may use again";
  // And a real store keeps out of the demo's.
  const auto token = (dir_ / "token").string();
  std::ofstream(token) << "sim-token\n";
  for (const auto& words :
       std::vector<std::vector<std::string>>{{"run"},
                                             {"reconcile"},
                                             {"plan"},
                                             {"store", "add", "riyadh", "--token-file", token},
                                             {"webhooks", "serve"}}) {
    const auto kept_out = demo.run(words);
    EXPECT_EQ(kept_out.status, 78) << words[0] << kept_out.err;
    EXPECT_NE(kept_out.err.find("--home DIR"), std::string::npos) << kept_out.err;
  }
  EXPECT_EQ(demo.value("SELECT COUNT(DISTINCT store_id) FROM GOLD.gold_fact_orders"), "1");
}

TEST_F(BadValues, DamagedPackagesAreMovedAsideAndFetchedAgain) {
  std::vector<int> places = {20, 90};  // of a package, in percent
  for (int at = 1; test::is_long() && at < 100; at += 4) places.push_back(at);
  for (const int at : places) {
    SCOPED_TRACE(at);
    SimStore store(small_store("light"));
    Falaj falaj(dir_ / std::to_string(homes_++), store.base_url());
    interrupt(falaj, store, 100 + 2 * at);
    int damaged = 0;
    for (const auto& entry : fs::recursive_directory_iterator(falaj.home() + "/landing")) {
      if (entry.path().extension() != ".zst" || entry.file_size() < 400) continue;
      std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
      const auto place = static_cast<std::streamoff>(entry.file_size()) * at / 100;
      file.seekg(place);
      const auto byte = static_cast<char>(file.get() ^ 0x55);
      file.seekp(place);
      file.put(byte);
      ++damaged;
    }
    EXPECT_GT(damaged, 0);
    falaj.run_ok();
    falaj.run_ok();
    expect_gold_equals_truth(falaj, store);
  }
}

TEST_F(BadValues, AFullDiskInLandingIs74AndWithRoomTheRunGoesOn) {
  SimStore store(small_store("light"));
  Falaj falaj(dir_ / "home", store.base_url());
  ASSERT_EQ(falaj.run({"init"}).status, 0);
  const auto landing = falaj.home() + "/landing";
  auto probe = ChildProcess::start(
      {.command = {"/usr/bin/unshare", "--user", "--map-root-user", "--mount", "true"}});
  if (!probe.ok() || probe->wait().status != 0) GTEST_SKIP() << "no user namespaces here";
  // A small file system of its own below landing/, seen by this run alone.
  auto full =
      falaj.start_apart("mount -t tmpfs -o size=48k none '" + landing + "'", {"run", "--quiet"});
  ASSERT_TRUE(full.ok());
  EXPECT_EQ(full->wait().status, 74);
  const auto text = read_text_file(falaj.stderr_path());
  EXPECT_NE(text.find("landing"), std::string::npos) << text;
  EXPECT_NE(text.find("No space left"), std::string::npos) << text;
  EXPECT_NE(text.find("falaj run"), std::string::npos) << "what to do next: " << text;
  falaj.run_ok();
  expect_gold_equals_truth(falaj, store);
}

}  // namespace
}  // namespace falaj::test
