// Events from the simulated store, through the receiver and a run, to gold; and what a kill costs.
#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <set>
#include <thread>

#include "base/hmac.hpp"
#include "support/plain_client.hpp"
#include "support/programs.hpp"
#include "support/store_truth.hpp"
#include "support/temp_dir.hpp"
#include "support/webhook_receiver.hpp"

namespace falaj::test {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

class WebhooksTest : public testing::Test {
 protected:
  WebhooksTest() { falaj_.set_environment("SALLA_WEBHOOK_SECRET", "s3"); }

  void send_to(const Receiver& receiver, const std::string& more) {
    store_.post("/_sim/webhooks",
                R"({"url":")" + receiver.url() + R"(","secret":"s3")" + more + "}");
  }

  TempDir dir_;
  SimStore store_{{"--orders", "300", "--customers", "80", "--products", "20", "--plan",
                   "unlimited", "--seed", "5"}};
  Falaj falaj_{(dir_ / "home").string(), store_.base_url()};
};

TEST_F(WebhooksTest, EventsReachGoldAndRepeatsChangeNothing) {
  falaj_.run_ok();
  // What comes in the second in which a run ended may have come before its end, and is asked for.
  for (const auto ended = std::time(nullptr); std::time(nullptr) <= ended;)
    falaj_.run({"--version"});
  Receiver receiver(falaj_);
  send_to(receiver, R"(,"twice":0.4,"dates":"mixed","shuffle":true,"wrong_signature":0.2)"
                    R"(,"retries":2,"retry_ms":20,"seed":3)");
  store_.post("/_sim/mutate", R"({"create":6,"change":9,"delete":3,"seed":2})");
  const auto state = wait_for_deliveries(store_);
  EXPECT_GT(state["delivered"].as_int(), 15);
  EXPECT_GT(state["given_up"].as_int(), 0) << "those signed wrong";
  falaj_.run_ok();
  expect_gold_equals_truth(falaj_, store_);
  EXPECT_EQ(falaj_.value("SELECT COUNT(*) FROM (SELECT body_sha256 FROM BRONZE.bronze_webhooks "
                         "GROUP BY body_sha256 HAVING COUNT(*) > 1)"),
            "0");
  const auto events = falaj_.value("SELECT COUNT(*) FROM BRONZE.bronze_webhooks");
  EXPECT_GT(std::stoll(events), 10);
  EXPECT_EQ(falaj_.value("SELECT COUNT(*) FROM BRONZE.bronze_webhooks WHERE event_created_at IS "
                         "NULL OR merchant <> 1305146709 OR received_at IS NULL"),
            "0");
  EXPECT_GT(std::stoll(
                falaj_.value("SELECT COUNT(*) FROM BRONZE.bronze_orders WHERE source = 'webhook'")),
            0);
  EXPECT_GT(std::stoll(falaj_.value("SELECT COUNT(*) FROM BRONZE.bronze_deletions WHERE reason = "
                                    "'webhook'")),
            0);
  const auto third = falaj_.run_ok();
  EXPECT_EQ(third["rows_loaded"].as_int(), 0);
}

TEST_F(WebhooksTest, WithoutTheListsAnEventIsEnough) {
  falaj_.run_ok();
  Receiver receiver(falaj_);
  send_to(receiver, "");
  const auto changed = store_.post("/_sim/mutate", R"({"change":1,"seed":4})");
  const auto id = changed["changed_ids"].as_array()[0].as_int();
  wait_for_deliveries(store_);
  // The status event is narrow: its order is asked for once, whatever else the run finds.
  falaj_.run_ok();
  EXPECT_EQ(
      store_.get("/_sim/counters?url=GET%20/admin/v2/orders/" + std::to_string(id))["requests"]
          .as_int(),
      2)
      << "one of the first run, one of the second";
  expect_gold_equals_truth(falaj_, store_);
}

TEST_F(WebhooksTest, ANarrowEventOfAnUnknownOrderAsksForIt) {
  falaj_.run_ok();
  Receiver receiver(falaj_);
  PlainClient client(receiver.port());
  const std::string body =
      R"({"event":"order.shipment.cancelled","merchant":1305146709,)"
      R"("created_at":"2026-01-01 10:00:00","data":{"id":123456789,"reference_id":1}})";
  client.send("POST /webhooks/salla HTTP/1.1\r\nHost: h\r\nX-Salla-Signature: " +
              to_hex(hmac_sha256("s3", body)) +
              "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  EXPECT_TRUE(client.answer().starts_with("HTTP/1.1 200"));
  falaj_.run_ok();
  const auto asked = "/_sim/counters?url=GET%20/admin/v2/orders/123456789";
  EXPECT_EQ(store_.get(asked)["requests"].as_int(), 1);
  falaj_.run_ok();
  EXPECT_EQ(store_.get(asked)["requests"].as_int(), 1) << "it is forgotten once it was asked for";
}

TEST_F(WebhooksTest, SubscriptionsAreMadeOnceListedAndRemoved) {
  const std::vector<std::string> add = {"webhooks",
                                        "register",
                                        "--json",
                                        "--url",
                                        "https://shop.example.com/webhooks/salla",
                                        "--event",
                                        "order.created",
                                        "--event",
                                        "order.deleted"};
  const auto states = [&](const Finished& finished) {
    std::vector<std::string> all;
    const auto list = Json::parse(finished.out);
    if (!list.ok()) return std::vector<std::string>{finished.out + finished.err};
    for (const auto& hook : list->as_array()) all.push_back(hook["state"].as_string());
    return all;
  };
  using States = std::vector<std::string>;
  EXPECT_EQ(states(falaj_.run(add)), (States{"made", "made"}));
  EXPECT_EQ(states(falaj_.run(add)), (States{"kept", "kept"}));
  EXPECT_EQ(states(falaj_.run({"webhooks", "list", "--json"})), (States{"active", "active"}));
  const auto refused = falaj_.run({"webhooks", "register", "--json", "--url", "http://localhost/x",
                                   "--event", "order.created"});
  EXPECT_EQ(refused.status, 69) << refused.out;
  EXPECT_NE(refused.out.find("failed: "), std::string::npos) << refused.out;
  EXPECT_EQ(states(falaj_.run({"webhooks", "remove", "--json", "--url",
                               "https://shop.example.com/webhooks/salla"})),
            (States{"removed", "removed"}));
  EXPECT_EQ(states(falaj_.run({"webhooks", "list", "--json"})), States{});
}

// Sends events one after the other until the receiver is gone; those that were answered 200.
std::vector<std::string> send_until_gone(uint16_t port, int sender, std::atomic<int>& count) {
  std::vector<std::string> answered;
  PlainClient client(port);
  for (int i = 0; i < 100'000; ++i) {
    const auto body = R"({"event":"customer.login","merchant":1305146709,"created_at":)"
                      R"("2026-01-01 10:00:00","data":{"id":)" +
                      std::to_string(sender) + R"(,"n":)" + std::to_string(i) + "}}";
    const auto digest = to_hex(sha256(body));
    if (!client.send("POST /webhooks/salla HTTP/1.1\r\nHost: h\r\nX-Salla-Signature: " +
                     to_hex(hmac_sha256("s3", body)) +
                     "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body)) {
      break;
    }
    if (!client.answer().starts_with("HTTP/1.1 200")) break;
    answered.push_back(digest);
    ++count;
  }
  return answered;
}

TEST_F(WebhooksTest, AKilledReceiverHasKeptWhatItAnswered) {
  std::vector<std::string> answered;
  for (int round = 0; round < 3; ++round) {
    Receiver receiver(falaj_);
    std::vector<std::vector<std::string>> by_sender(4);
    std::vector<std::thread> senders;
    std::atomic<int> count{0};
    for (int i = 0; i < 4; ++i) {
      senders.emplace_back([&, i] {
        by_sender[static_cast<size_t>(i)] = send_until_gone(receiver.port(), round * 10 + i, count);
      });
    }
    while (count < 50 * (round + 1)) std::this_thread::sleep_for(1ms);
    ::kill(receiver.process().pid(), SIGKILL);
    for (auto& sender : senders) sender.join();
    for (const auto& list : by_sender) answered.insert(answered.end(), list.begin(), list.end());
  }
  ASSERT_GE(answered.size(), 300U);
  falaj_.run_ok();
  std::multiset<std::string> kept;
  for (const auto& row : falaj_.sql("SELECT body_sha256 FROM BRONZE.bronze_webhooks"))
    kept.insert(row["body_sha256"].as_string());
  for (const auto& digest : answered) EXPECT_EQ(kept.count(digest), 1U);
  EXPECT_EQ(std::set<std::string>(kept.begin(), kept.end()).size(), kept.size());
  EXPECT_TRUE(fs::is_empty(fs::path(falaj_.home()) / "inbox"));
}

}  // namespace
}  // namespace falaj::test
