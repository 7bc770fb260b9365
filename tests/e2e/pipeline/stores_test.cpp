// Several stores in one home: added by file, variable and list, read together and one by one, and
// their tokens seen by nobody.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>

#include <chrono>
#include <filesystem>
#include <fstream>

#include "support/programs.hpp"
#include "support/temp_dir.hpp"

namespace falaj::test {
namespace {

class Stores : public testing::Test {
 protected:
  Stores()
      : store_({"--stores", "3", "--orders", "40", "--customers", "20", "--products", "10",
                "--plan", "unlimited", "--orders-shape", "expanded"}),
        falaj_(dir_ / "home", store_.base_url(), "") {}
  std::string file(const std::string& name, const std::string& text) {
    std::ofstream(dir_ / name) << text;
    return (dir_ / name).string();
  }
  Json run_json(const std::vector<std::string>& arguments) {
    const auto finished = falaj_.run(arguments);
    EXPECT_EQ(finished.status, 0) << finished.out << finished.err;
    auto parsed = Json::parse(finished.out);
    return parsed.ok() ? *parsed : Json();
  }
  std::string stores_loaded() {
    return falaj_.value("SELECT COUNT(DISTINCT store_id) FROM GOLD.gold_fact_orders");
  }

  TempDir dir_;
  SimStore store_;
  Falaj falaj_;
};

TEST_F(Stores, AreAddedByFileVariableAndListAndReadTogether) {
  EXPECT_EQ(falaj_.run({"run"}).status, 78) << "no store at all";
  EXPECT_EQ(run_json({"store", "list", "--json"}).as_array().size(), 0U);
  falaj_.run({"store", "add", "one", "--token-file", file("one", "sim-token-1\n")});
  falaj_.set_environment("TOKEN_OF_TWO", "sim-token-2");
  falaj_.run({"store", "add", "two", "--token-env", "TOKEN_OF_TWO"});
  const auto listed = run_json({"store", "list", "--json"}).as_array();
  ASSERT_EQ(listed.size(), 2U);
  EXPECT_EQ(listed[0]["store_id"].as_int(), 1305146709);
  EXPECT_EQ(listed[1]["name"].as_string(), "two");
  EXPECT_EQ(listed[1]["plan"].as_string(), "special");

  falaj_.run_ok({"--store", "two"});
  EXPECT_EQ(stores_loaded(), "1");
  falaj_.run_ok({"--store", "one", "--store", "1305146710"});
  EXPECT_EQ(stores_loaded(), "2");
  EXPECT_EQ(run_json({"plan", "--json"})["stores"].as_array().size(), 2U);
  EXPECT_EQ(run_json({"plan", "--json", "--store", "two"})["store_id"].as_int(), 1305146710);
  const auto unknown = falaj_.run({"run", "--store", "four"});
  EXPECT_EQ(unknown.status, 69);
  EXPECT_NE(unknown.err.find("\"four\""), std::string::npos) << unknown.err;

  // A second name for a store is refused; --from adds the rest and says who is who.
  falaj_.run({"store", "remove", "one"});
  const auto again = falaj_.run({"store", "add", "uno", "--token-env", "TOKEN_OF_TWO"});
  EXPECT_EQ(again.status, 64);
  EXPECT_NE(again.err.find("here as \"two\""), std::string::npos) << again.err;
  const auto added = run_json({"store", "add", "--json", "--from",
                               file("list", "# ours\none sim-token-1\n\nthree\tsim-token-3\n")});
  EXPECT_EQ(added.as_array().size(), 2U);
  // SALLA_API_TOKEN's store is read once, whether the vault has it or not.
  falaj_.set_environment("SALLA_API_TOKEN", "sim-token-3");
  EXPECT_EQ(falaj_.run_ok()["stores"].as_array().size(), 3U);
  falaj_.run({"store", "remove", "three"});
  EXPECT_EQ(falaj_.run_ok()["stores"].as_array().size(), 3U);
  EXPECT_EQ(stores_loaded(), "3");
}

TEST_F(Stores, AWrongTokenIsNotAddedAndADeadOneNamesItsStore) {
  const auto refused = falaj_.run({"store", "add", "bad", "--token-file", file("t", "secret-x")});
  EXPECT_EQ(refused.status, 77) << refused.err;
  EXPECT_EQ(refused.err.find("secret-x"), std::string::npos);
  EXPECT_EQ(falaj_.run({"store", "add", "bad", "--token-file", file("t", "two words")}).status, 78);
  EXPECT_EQ(falaj_.run({"store", "add", "bad", "--token-file", file("t", "")}).status, 78);
  EXPECT_EQ(falaj_.run({"store", "show", "bad"}).status, 69);

  falaj_.run({"store", "add", "--from", file("list", "one sim-token-1\ntwo sim-token-2\n")});
  store_.post("/_sim/expire-token?store=2", "");
  const auto partly = falaj_.run({"run", "--json"});
  EXPECT_EQ(partly.status, 77) << "one store is read, the other named";
  EXPECT_NE(partly.err.find("two"), std::string::npos) << partly.err;
  EXPECT_EQ(stores_loaded(), "1");
  const auto checked = falaj_.run({"check"});
  EXPECT_NE(checked.out.find("ok       one: store"), std::string::npos) << checked.out;
  EXPECT_NE(checked.out.find("FAILED   two: store"), std::string::npos) << checked.out;
}

TEST_F(Stores, TokensAreSeenByNobody) {
  falaj_.run({"store", "add", "one", "--token-file", file("one", "sim-token-1")});
  std::string seen;
  for (const auto& words : std::vector<std::vector<std::string>>{{"store", "list"},
                                                                 {"store", "list", "--json"},
                                                                 {"store", "show", "one"},
                                                                 {"store", "show", "one", "--json"},
                                                                 {"config"},
                                                                 {"config", "--json"},
                                                                 {"run", "--log-level", "debug"},
                                                                 {"check"},
                                                                 {"plan"},
                                                                 {"status", "--json"},
                                                                 {"store", "rekey"},
                                                                 {"store", "remove", "one"}}) {
    const auto finished = falaj_.run(words);
    EXPECT_EQ(finished.status, 0) << words[0] << finished.err;
    seen += finished.out + finished.err;
  }
  EXPECT_EQ(seen.find("sim-token"), std::string::npos);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(dir_ / "home")) {
    if (!entry.is_regular_file()) continue;
    EXPECT_EQ(read_text_file(entry.path()).find("sim-token"), std::string::npos) << entry.path();
  }
}

TEST_F(Stores, AFastStoreIsInGoldWhileASlowOneIsStillRead) {
  falaj_.run({"store", "add", "--from", file("list", "s1 sim-token-1\ns2 sim-token-2\n")});
  std::ofstream(falaj_.home() + "/falaj.toml") << "[warehouse]\nrefresh_secs = 1\n";
  store_.post(
      "/_sim/faults",
      R"({"store": 1, "match": "/orders", "action": "delay", "delay_ms": 600000, "rate": 1})");
  auto child = falaj_.start({"run", "--quiet"});
  ASSERT_TRUE(child.ok()) << child.error().to_text();
  const auto orders_of = [&](const char* store) {
    const auto counted = falaj_.run(
        {"sql", "--csv",
         fmt::format("SELECT COUNT(*) FROM GOLD.gold_fact_orders WHERE store_id = {}", store)});
    return counted.status == 0 ? std::stoll(counted.out.substr(counted.out.find('\n') + 1)) : 0;
  };
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::minutes(10);
  while (orders_of("1305146710") < 40) {
    ASSERT_FALSE(child->has_ended());
    ASSERT_LT(std::chrono::steady_clock::now(), give_up) << "it waits for the slow one";
  }
  EXPECT_EQ(orders_of("1305146709"), 0);
  child->send_signal(SIGKILL);
  child->wait();

  store_.post("/_sim/faults", R"({"clear": true})");
  falaj_.run_ok({});
  EXPECT_EQ(stores_loaded(), "2");
  EXPECT_EQ(orders_of("1305146709"), 40);
}

TEST(ManyStores, AreReadAgainInTheMemoryOfOne) {
  SimStore store({"--stores", "20", "--orders", "10", "--customers", "2000", "--products", "10",
                  "--plan", "unlimited", "--orders-shape", "expanded", "--quirks-off",
                  "customers-bucket", "--time-scale", "1000"});
  const TempDir dir;
  Falaj falaj(dir / "home", store.base_url(), "");
  falaj.set_environment("FALAJ_TIME_SCALE", "1000");
  const auto list = (dir / "stores.txt").string();
  std::ofstream file(list);
  for (int i = 1; i <= 20; ++i) file << fmt::format("s{0} sim-token-{0}\n", i);
  file.close();
  ASSERT_EQ(falaj.run({"store", "add", "--from", list}).status, 0);
  falaj.run_ok();
  // What is known of each store is read from the warehouse now, by all of them at once.
  const auto report = falaj.run_ok();
  EXPECT_EQ(falaj.value("SELECT COUNT(*) FROM SILVER.silver_customers"), "40000");
  EXPECT_LE(report["peak_rss_bytes"].as_int(), 400'000'000);
}

}  // namespace
}  // namespace falaj::test
