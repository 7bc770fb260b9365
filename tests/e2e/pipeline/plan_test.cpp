// What `falaj plan` says is what the run or backfill after it takes: requests of each stream and
// rows, exact where the plan says so, within its range elsewhere.
#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "support/programs.hpp"
#include "support/temp_dir.hpp"

namespace falaj::test {
namespace {

struct Planned {
  int64_t least = 0;
  int64_t most = 0;  // -1: not known
  int64_t rows = 0;
  int64_t rows_most = 0;
  bool has_rows = true;

  bool is_exact() const { return most == least; }
};

void add(int64_t& sum, int64_t& sum_most, const Json& least, const Json& most) {
  sum += least.as_int();
  sum_most = most.is_null() || sum_most < 0 ? -1 : sum_most + most.as_int();
}

// A plan, and how many requests the store has counted for it.
class Plan {
 public:
  Plan(const Falaj& falaj, SimStore& store, std::vector<std::string> arguments) {
    const auto before = store.requests();
    arguments.insert(arguments.begin(), "plan");
    json_ = falaj.run_ok(std::move(arguments));
    EXPECT_EQ(json_["requests_made"].as_int(), store.requests() - before);
    for (const auto& line : json_["streams"].as_array()) {
      auto& stream = streams_[line["stream"].as_string()];
      add(stream.least, stream.most, line["requests"], line["requests_most"]);
      stream.has_rows = stream.has_rows && !line["rows"].is_null();
      if (stream.has_rows) add(stream.rows, stream.rows_most, line["rows"], line["rows_most"]);
    }
  }
  const Json& json() const { return json_; }
  int64_t made() const { return json_["requests_made"].as_int(); }
  bool is_exact() const { return json_["requests_most"].as_int(-1) == json_["requests"].as_int(); }
  const std::map<std::string, Planned>& streams() const { return streams_; }

 private:
  Json json_;
  std::map<std::string, Planned> streams_;
};

void expect_between(int64_t least, int64_t most, int64_t found, const std::string& what) {
  EXPECT_GE(found, least) << what;
  if (most >= 0) {
    EXPECT_LE(found, most) << what;
  }
}

// Runs what was planned and compares; the report. `vanished`: entities of lists that are gone; no plan
// knows of them, and each is asked for once.
Json run_as_planned(const Falaj& falaj, SimStore& store, const Plan& plan,
                    std::vector<std::string> arguments, bool is_resumed = false,
                    int64_t vanished = 0) {
  const auto with_vanished = [vanished](int64_t most) { return most < 0 ? most : most + vanished; };
  const auto before = store.requests();
  auto report = falaj.run_ok(std::move(arguments));
  const auto took = store.requests() - before;
  std::printf("planned %s requests (with %lld), taken %lld\n",
              plan.json()["requests"].dump().c_str(), static_cast<long long>(plan.made()),
              static_cast<long long>(took));
  expect_between(plan.json()["requests"].as_int(),
                 with_vanished(plan.json()["requests_most"].as_int(-1)), took, "all requests");
  std::map<std::string, std::pair<int64_t, int64_t>> streams;  // requests, rows
  for (const auto& line : report["streams"].as_array())
    streams[line["stream"].as_string()] = {line["requests"].as_int(), line["fetched"].as_int()};
  for (const auto& [name, planned] : plan.streams()) {
    const auto [requests, rows] = streams[name];
    // Made before there is a stream to count it in.
    if (name != "store_info") {
      expect_between(planned.least, with_vanished(planned.most), requests, name);
    }
    // A run's books have the rows of all its processes.
    const auto rows_most = is_resumed ? -1 : planned.rows_most;
    if (planned.has_rows) expect_between(planned.rows, rows_most, rows, name + ", rows");
  }
  for (const auto& [name, counts] : streams) {
    EXPECT_TRUE(counts.first == 0 || plan.streams().contains(name)) << name << " was not planned";
  }
  return report;
}

// Its clock runs as the machine's does: what a run has landed is told from what came before by time.
std::vector<std::string> small_store(const char* shape) {
  return {"--seed",         "51",        "--orders",   "180", "--customers", "150",
          "--plan",         "unlimited", "--products", "130", "--now",       "2026-11-24T09:00:00Z",
          "--orders-shape", shape};
}

class PlanTest : public ::testing::TestWithParam<const char*> {
 protected:
  void start() {
    store_.emplace(small_store(GetParam()));
    falaj_.emplace((dir_ / "home").string(), store_->base_url());
  }
  bool is_light() const { return std::string(GetParam()) == "light"; }
  Plan plan(std::vector<std::string> arguments = {}) {
    return Plan(*falaj_, *store_, std::move(arguments));
  }
  Json run(const Plan& plan, std::vector<std::string> arguments = {"run"}, int64_t vanished = 0) {
    return run_as_planned(*falaj_, *store_, plan, std::move(arguments), false, vanished);
  }

  TempDir dir_;
  std::optional<SimStore> store_;
  std::optional<Falaj> falaj_;
};

INSTANTIATE_TEST_SUITE_P(Shapes, PlanTest, ::testing::Values("light", "expanded"),
                         [](const auto& shape) { return std::string(shape.param); });

TEST_P(PlanTest, AFirstRunAndTheNextOnesTakeWhatTheyAreSaidToTake) {
  start();
  const auto first = plan();
  EXPECT_LE(first.made(), 35);
  EXPECT_TRUE(first.streams().at("orders").is_exact());
  EXPECT_EQ(first.streams().contains("order_items"), is_light());
  EXPECT_TRUE(first.is_exact()) << first.json().dump();
  run(first);

  const auto unchanged = plan();
  EXPECT_TRUE(unchanged.is_exact()) << unchanged.json().dump();
  run(unchanged);

  store_->post("/_sim/clock", R"({"advance_hours": 3})");
  store_->post("/_sim/mutate", R"({"create": 7, "change": 25, "seed": 3})");
  const auto changed = plan();
  EXPECT_TRUE(changed.is_exact()) << changed.json().dump();
  if (is_light()) {
    EXPECT_GE(changed.streams().at("order_items").least, 32);
    EXPECT_LE(changed.streams().at("order_items").least, 33);
  }
  run(changed);

  store_->post("/_sim/mutate", R"({"change": 5, "delete": 3, "seed": 4})");
  const auto deleted = plan();
  EXPECT_FALSE(deleted.is_exact() && is_light()) << "rows that it has not seen may have changed";
  const auto before = store_->requests();
  constexpr int64_t kShipmentsGone = 3;
  run(deleted, {"run"}, kShipmentsGone);
  EXPECT_LE(store_->requests() - before, deleted.json()["requests"].as_int() + kShipmentsGone)
      << "and they have not";
}

TEST_P(PlanTest, DeepeningAndABackfillTakeWhatTheyAreSaidToTake) {
  start();
  const auto summary = plan({"--depth", "summary"});
  EXPECT_EQ(summary.streams().count("invoices"), 0U);
  run(summary, {"run", "--depth", "summary"});

  const auto newest = falaj_->value("SELECT MAX(order_date) FROM SILVER.silver_orders");
  const auto from = falaj_->value("SELECT MAX(order_date) - 40 FROM SILVER.silver_orders");
  const auto middle = falaj_->value("SELECT MAX(order_date) - 25 FROM SILVER.silver_orders");
  const std::vector<std::string> days = {"--from", middle, "--to", newest, "--stream", "orders"};
  const auto backfill = plan(days);
  const auto inside = falaj_->value(
      "SELECT COUNT(*) FROM SILVER.silver_orders WHERE order_date >= DATE '" + middle + "'");
  ASSERT_NE(inside, "0");
  EXPECT_TRUE(backfill.is_exact()) << backfill.json().dump();
  ASSERT_EQ(backfill.json()["windows"].as_array().size(), 1U);
  EXPECT_EQ(backfill.json()["windows"].as_array()[0]["from"].as_string(), middle);
  EXPECT_EQ(std::to_string(backfill.json()["windows"].as_array()[0]["rows"].as_int()), inside);
  std::vector<std::string> command = {"backfill"};
  command.insert(command.end(), days.begin(), days.end());
  run(backfill, command);

  // Days of which some are deep already, and every stream that has days.
  const auto wider = plan({"--from", from, "--to", newest});
  EXPECT_EQ(wider.streams().count("customers"), 1U);
  EXPECT_EQ(wider.streams().count("invoices"), 1U);
  run(wider, {"backfill", "--from", from, "--to", newest});

  const auto deepening = plan();
  if (is_light()) {
    const auto shallow =
        falaj_->value("SELECT COUNT(*) FROM SILVER.silver_orders WHERE detail_depth = 'summary'");
    EXPECT_GE(deepening.streams().at("order_items").least, std::stoll(shallow));
  }
  run(deepening);
  EXPECT_EQ(falaj_->value("SELECT COUNT(*) FROM SILVER.silver_orders WHERE detail_depth = "
                          "'summary'"),
            "0");
}

TEST(Plan, LooksAtALongListWindowByWindow) {
  TempDir dir;
  SimStore store({"--seed", "55", "--orders", "21000", "--customers", "50", "--products", "10",
                  "--plan", "unlimited", "--now", "2026-11-24T09:00:00Z"});
  const Falaj falaj((dir / "home").string(), store.base_url());
  const std::vector<std::string> days = {"--from",   "2015-01-01", "--to",    "2026-12-31",
                                         "--stream", "orders",     "--depth", "summary"};
  const Plan backfill(falaj, store, days);
  EXPECT_GT(backfill.json()["windows"].as_array().size(), 2U);
  int64_t rows = 0;
  for (const auto& window : backfill.json()["windows"].as_array()) rows += window["rows"].as_int();
  EXPECT_EQ(rows, 21'000);
  EXPECT_TRUE(backfill.is_exact()) << backfill.json().dump();
  EXPECT_LT(backfill.made(), 60);
  std::vector<std::string> command = {"backfill"};
  command.insert(command.end(), days.begin(), days.end());
  run_as_planned(falaj, store, backfill, command);
}

TEST(Plan, SaysWhatItDoesNotKnow) {
  TempDir dir;
  SimStore store({"--seed", "52", "--orders", "900", "--customers", "40", "--products", "10",
                  "--plan", "unlimited", "--now", "2026-11-24T09:00:00Z"});
  Falaj falaj((dir / "home").string(), store.base_url());
  falaj.run_ok({"run", "--depth", "summary"});
  // More than a plan walks down.
  store.post("/_sim/clock", R"({"advance_hours": 3})");
  store.post("/_sim/mutate", R"({"change": 850, "seed": 3})");
  const auto plan = falaj.run_ok({"plan"});
  EXPECT_TRUE(plan["requests_most"].is_null()) << plan.dump();
  EXPECT_GE(plan["requests"].as_int(), 2 * 900);
  EXPECT_TRUE(plan["limit_per_minute"].is_null());
  const auto text = falaj.run({"plan"});
  EXPECT_NE(text.out.find("at least"), std::string::npos) << text.out;
  EXPECT_EQ(falaj.run({"plan", "--from", "2026-01-01"}).status, 64);
  EXPECT_EQ(falaj.run({"plan", "--from", "2026-02-01", "--to", "2026-01-01"}).status, 64);
  EXPECT_EQ(falaj.run({"plan", "--from", "2026-01-01", "--to", "2026-02-01", "--stream", "brands"})
                .status,
            64);
}

TEST(Plan, SaysWhatThatIsOfTheLimits) {
  TempDir dir;
  SimStore store({"--seed", "56", "--orders", "900", "--customers", "40000", "--products", "10",
                  "--plan", "pro"});
  const Falaj falaj((dir / "home").string(), store.base_url());
  const auto plan = falaj.run_ok({"plan"});
  EXPECT_EQ(plan["limit_per_minute"].as_int(), 360);
  EXPECT_NEAR(plan["quota_minutes"].as_double(), plan["requests"].as_double() / 360, 0.001);
  // 669 requests and the plan's own are more than ten minutes allow.
  const auto& customers = plan["customers"];
  EXPECT_GE(customers["requests"].as_int(), 40'000 / 60);
  EXPECT_GE(customers["used"].as_int(), 1);
  EXPECT_EQ(customers["limit"].as_int(), 500);
  EXPECT_EQ(customers["wait_minutes"].as_double(), 10);
  EXPECT_NE(falaj.run({"plan"}).out.find("at least 10 minutes, beside the rest"),
            std::string::npos);
}

// A plan leaves nothing behind: the run after it does what it would have done.
TEST(Plan, WritesNothing) {
  TempDir dir;
  SimStore store({"--seed", "53", "--orders", "60", "--customers", "20", "--products", "10",
                  "--plan", "unlimited"});
  Falaj falaj((dir / "home").string(), store.base_url());
  falaj.run_ok({"plan"});
  for (const char* folder : {"state", "landing", "lake", "inbox"})
    EXPECT_FALSE(std::filesystem::exists(dir / "home" / folder)) << folder;
}

TEST(Plan, KnowsWhatAnInterruptedRunHasLanded) {
  TempDir dir;
  SimStore store({"--seed", "54", "--orders", "400", "--customers", "20", "--products", "10",
                  "--plan", "unlimited"});
  Falaj falaj((dir / "home").string(), store.base_url());
  auto running = falaj.start({"run", "--quiet"});
  ASSERT_TRUE(running.ok());
  store.wait_for_requests(400, *running);
  running->send_signal(SIGTERM);
  EXPECT_EQ(running->wait().status, 75);
  const Plan plan(falaj, store, {});
  EXPECT_NE(plan.json()["notes"].dump().find("goes on with it"), std::string::npos);
  run_as_planned(falaj, store, plan, {"run"}, true);
}

TEST(Plan, KnowsWhichStoreOfARunDidNotEnd) {
  TempDir dir;
  SimStore store({"--seed", "55", "--stores", "2", "--orders", "100", "--customers", "20",
                  "--products", "10", "--plan", "unlimited"});
  Falaj falaj((dir / "home").string(), store.base_url(), "");
  const auto list = (dir / "stores.txt").string();
  std::ofstream(list) << "s1 sim-token-1\ns2 sim-token-2\n";
  ASSERT_EQ(falaj.run({"store", "add", "--from", list}).status, 0);
  store.post("/_sim/faults", R"({"store": 2, "match": "/orders/items", "action": "status",
                                 "status": 401, "nth": 61, "times": 1000})");
  EXPECT_NE(falaj.run({"run", "--quiet"}).status, 0);
  store.post("/_sim/faults", R"({"clear": true})");

  const Plan ended(falaj, store, {"--store", "s1"});
  EXPECT_EQ(ended.json()["notes"].dump().find("goes on with it"), std::string::npos);
  const Plan cut(falaj, store, {"--store", "s2"});
  EXPECT_NE(cut.json()["notes"].dump().find("goes on with it"), std::string::npos);
  EXPECT_LE(cut.streams().at("order_items").least, 40);
  run_as_planned(falaj, store, cut, {"run", "--store", "s2"});
}

}  // namespace
}  // namespace falaj::test
