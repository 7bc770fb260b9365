// A month of a store's life: each day orders come, change (old ones too, some without a trace in
// lists or in their updated_at), go and come back, also while a run reads them; events tell of it, of
// which some never come, others twice, late, out of order or signed by somebody else. After each
// night gold is what the store holds, row by row.
#include <gtest/gtest.h>

#include <chrono>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <random>
#include <set>

#include "base/hmac.hpp"
#include "support/long_tests.hpp"
#include "support/plain_client.hpp"
#include "support/programs.hpp"
#include "support/store_truth.hpp"
#include "support/temp_dir.hpp"
#include "support/webhook_receiver.hpp"

namespace falaj::test {
namespace {

struct Month {
  const char* name;
  std::vector<std::string> store;
  int days;
  bool has_webhooks = true;
  // Changes that no list tells of, and a round of rereading that takes a day.
  bool has_hidden_changes = false;
};

std::vector<std::string> store_of(const char* shape, const char* orders, const char* quirks,
                                  const char* token_secs = "1209600") {
  return {"--seed",           "31",        "--orders",    orders,
          "--customers",      "150",       "--products",  "40",
          "--plan",           "unlimited", "--now",       "2026-11-23T09:45:00Z",
          "--orders-shape",   shape,       "--quirks-on", quirks,
          "--token-lifetime", token_secs};
}

int64_t seconds_since_1970(const std::string& iso8601) {
  std::tm parts{};
  EXPECT_NE(::strptime(iso8601.c_str(), "%Y-%m-%dT%H:%M:%S", &parts), nullptr) << iso8601;
  return ::timegm(&parts);
}

// A store, falaj beside it, and what happens to them in the course of a day.
class StoreLife {
 public:
  StoreLife(const Month& month, unsigned seed) : month_(month), random_(seed), store_(month.store) {
    falaj_.set_environment("SALLA_WEBHOOK_SECRET", "s3");
    if (month.has_hidden_changes) {
      std::filesystem::create_directories(falaj_.home());
      std::ofstream(falaj_.home() + "/falaj.toml") << "[extract]\nreread_days = 1\n";
    }
    follow_clock();
    if (month.has_webhooks) install();
    falaj_.run_ok();
  }

  void live_a_day() {
    pass_hours(8);
    change_orders();
    // What a run at noon has read again is not read again at night.
    if (chance(4) && !month_.has_hidden_changes) run_while_orders_change();
    pass_hours(16);
    change_orders();
    if (receiver_) wait_for_deliveries(store_);
    // Some nights the run is left out.
    if (!chance(3)) falaj_.run_ok();
    if (receiver_ && chance(3)) receiver_->process().send_signal(SIGKILL);
  }
  // The nightly comparison; its report.
  Json night() {
    auto report = falaj_.run_ok({"reconcile"});
    EXPECT_TRUE(report["mismatches"].as_array().empty()) << report["mismatches"].dump();
    return report;
  }
  void expect_gold_is_right() {
    expect_gold_equals_truth(falaj_, store_);
    expect_each_order_equals_truth(falaj_, store_, seen_);
  }
  const Falaj& falaj() const { return falaj_; }
  SimStore& store() { return store_; }
  int64_t deliveries() const { return deliveries_; }

 private:
  bool chance(unsigned one_in) { return random_() % one_in == 0; }

  // The merchant installs the app: the tokens, which end after fourteen days, come as an event.
  void install() {
    falaj_.set_environment("SALLA_API_TOKEN", "");
    falaj_.set_environment("SALLA_ACCOUNTS_URL", store_.accounts_url());
    falaj_.set_environment("SALLA_CLIENT_ID", "client");
    falaj_.set_environment("SALLA_CLIENT_SECRET", "client-secret");
    receiver_.emplace(falaj_);
    const auto body = store_.post("/_sim/install", "").dump();
    PlainClient salla(receiver_->port());
    salla.send("POST /webhooks/salla HTTP/1.1\r\nHost: h\r\nX-Salla-Signature: " +
               to_hex(hmac_sha256("s3", body)) +
               "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    EXPECT_TRUE(salla.answer().starts_with("HTTP/1.1 200"));
  }
  // Every falaj that is started from now on has the store's time.
  void follow_clock() {
    const auto store_now = seconds_since_1970(store_.get("/_sim/clock")["now"].as_string());
    const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    falaj_.set_environment("FALAJ_CLOCK_AHEAD_SECS", std::to_string(store_now - now));
  }
  void pass_hours(int hours) {
    if (receiver_) deliveries_ = wait_for_deliveries(store_)["delivered"].as_int();
    receiver_.reset();
    store_.post("/_sim/clock", R"({"advance_hours":)" + std::to_string(hours) + "}");
    follow_clock();
    if (!month_.has_webhooks) return;
    receiver_.emplace(falaj_);
    // What was held back until now comes too.
    store_.post("/_sim/webhooks",
                R"({"url":")" + receiver_->url() +
                    R"(","secret":"s3","lost":0.2,"twice":0.1,"late":0.2,"late_hours":11,)"
                    R"("wrong_signature":0.1,"shuffle":true,"dates":"mixed","retries":1,)"
                    R"("retry_ms":10,"seed":)" +
                    std::to_string(random_() % 100'000) + "}");
  }
  // Half a per cent of the orders, at least one of each kind.
  void change_orders() {
    const auto orders = store_.get("/_sim/truth")["orders"].as_int();
    const auto some = [&](int64_t most) {
      return 1 +
             static_cast<int64_t>(random_() % static_cast<uint64_t>(std::max<int64_t>(1, most)));
    };
    Json day;
    day.set("create", some(orders / 120));
    day.set("change", std::max<int64_t>(1, orders / 200));
    day.set("reprice", some(2));
    day.set("hidden", month_.has_hidden_changes ? some(2) : 0);
    day.set("silent", some(2));
    day.set("delete", some(2));
    day.set("revive", static_cast<int64_t>(random_() % 2));
    day.set("seed", static_cast<int64_t>(random_() % 100'000));
    store_.post("/_sim/mutate", day.dump());
  }
  void run_while_orders_change() {
    const auto requests = store_.requests();
    auto run = falaj_.start({"run", "--quiet"});
    ASSERT_TRUE(run.ok());
    store_.wait_for_requests(requests + 1 + static_cast<int64_t>(random_() % 30), *run);
    change_orders();
    EXPECT_EQ(run->wait().status, 0) << read_text_file(falaj_.stderr_path());
  }

  const Month& month_;
  std::mt19937 random_;
  TempDir dir_;
  SimStore store_;
  Falaj falaj_{(dir_ / "home").string(), store_.base_url()};
  std::optional<Receiver> receiver_;
  std::set<int64_t> seen_;
  int64_t deliveries_ = 0;
};

class SimulatedMonth : public testing::TestWithParam<Month> {};

TEST_P(SimulatedMonth, AfterEachNightGoldIsWhatTheStoreHolds) {
  const char* given = std::getenv("FALAJ_TEST_SEED");
  // Unless long, the one in which an event takes an order back to an earlier state and time of change.
  constexpr unsigned kSeed = 575901414;
  const auto own = is_long() ? std::random_device()() : kSeed;
  const auto seed = given != nullptr ? static_cast<unsigned>(std::atoi(given)) : own;
  std::printf("FALAJ_TEST_SEED=%u\n", seed);
  StoreLife life(GetParam(), seed);
  life.expect_gold_is_right();
  const int days = is_long() ? 30 : GetParam().days;
  for (int day = 1; day <= days && !HasFailure(); ++day) {
    SCOPED_TRACE("day " + std::to_string(day));
    life.live_a_day();
    life.night();
    life.expect_gold_is_right();
  }
  // Nothing is left to repair.
  const auto again = life.night();
  EXPECT_EQ(again["rows_loaded"].as_int(-1), 0) << again["streams"].dump();
  if (!GetParam().has_webhooks) return;
  const auto tokens = life.store().get("/_sim/tokens").as_array().at(0);
  EXPECT_EQ(tokens["reused"].as_int(), 0);
  EXPECT_EQ(tokens["refreshed"].as_int(), days / 14) << "each pair is good for a fortnight";
  EXPECT_GT(life.deliveries(), 4 * days);
  EXPECT_NE(life.falaj().value("SELECT COUNT(*) FROM BRONZE.bronze_webhooks WHERE taken_as = "
                               "'use_body'"),
            "0");
  EXPECT_NE(life.falaj().value("SELECT COUNT(*) FROM BRONZE.bronze_webhooks WHERE taken_as = "
                               "'refetch' AND taken_because LIKE 'written%'"),
            "0")
      << "those that came late";
}

INSTANTIATE_TEST_SUITE_P(
    Stores, SimulatedMonth,
    testing::Values(Month{"light", store_of("light", "600", ""), 5},
                    Month{"expanded", store_of("expanded", "600", ""), 3},
                    Month{"unsorted", store_of("light", "150", "ignored-sort"), 2, true, true},
                    Month{"silence", store_of("light", "150", "", "0"), 2, false, true}),
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
