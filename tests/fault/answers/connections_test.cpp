// Every row of docs/faults.md, "No connection" and "After a 429".
#include <gtest/gtest.h>

#include <functional>
#include <map>

#include "base/clock.hpp"
#include "fault/answers/small_run.hpp"
#include "http/client.hpp"
#include "support/fault_table.hpp"

namespace falaj::test {
namespace {

constexpr const char* kConnections = "No connection";
constexpr const char* kWaits = "After a 429";

// The address of each kind of server that is none.
const std::map<std::string, std::function<std::string(SimStore&)>>& addresses() {
  static const std::map<std::string, std::function<std::string(SimStore&)>> all = {
      {"unknown-host", [](SimStore&) { return "https://no-such-store.invalid/admin/v2"; }},
      {"refused", [](SimStore&) { return "http://127.0.0.1:1/admin/v2"; }},
      {"no-tls", [](SimStore& store) { return "https" + store.base_url().substr(4); }},
      {"plain-http", [](SimStore&) { return "http://store.example/admin/v2"; }},
  };
  return all;
}

TEST(Connections, DoWhatTheirRowsSay) {
  SimStore store(small_store());
  for (const auto& row : fault_rows(kConnections)) {
    SCOPED_TRACE(row.id);
    if (row.id == "redirected") continue;
    const auto found = addresses().find(row.id);
    ASSERT_NE(found, addresses().end());
    SmallRun home(found->second(store));
    const auto finished = home.run();
    EXPECT_EQ("ends " + std::to_string(finished.status), row["falaj"]) << finished.err;
    for (const auto& part : row.quoted("the message has"))
      EXPECT_NE(finished.err.find(part), std::string::npos) << finished.err;
    EXPECT_EQ(finished.err.find("sim-token"), std::string::npos) << finished.err;
    // With a store at the address the same home goes on.
    SmallRun right(store.base_url());
    EXPECT_EQ(right.run().status, 0);
  }
}

TEST(Connections, ARedirectTakesTheTokenNowhere) {
  const auto row = fault_row(kConnections, "redirected");
  SimStore store(small_store());
  SimStore elsewhere(small_store());
  for (const int status : {301, 302, 303, 307, 308}) {
    SmallRun home(store.base_url());
    store.post(
        "/_sim/faults",
        fmt::format(R"({{"clear": true, "rules": [{{"action": "status", "status": {}, "body": "", )"
                    R"("times": 1000, "headers": {{"Location": "{}/orders"}}}}]}})",
                    status, elsewhere.base_url()));
    const auto finished = home.run();
    EXPECT_EQ("ends " + std::to_string(finished.status), row["falaj"]) << finished.err;
    for (const auto& part : row.quoted("the message has"))
      EXPECT_NE(finished.err.find(part), std::string::npos) << finished.err;
  }
  EXPECT_EQ(elsewhere.requests(), 0);
}

TEST(FaultTable, EveryConnectionHasATestAndEveryTestARow) {
  std::vector<std::string> tested = {"redirected"};
  for (const auto& [id, unused] : addresses()) tested.push_back(id);
  expect_every_row_is_tested(kConnections, tested);
}

// The value of Retry-After of each row, or none.
const std::map<std::string, const char*>& retry_afters() {
  static const std::map<std::string, const char*> all = {
      {"retry-after", "7"},
      {"retry-after-absent", nullptr},
      {"retry-after-zero", "0"},
      {"retry-after-words", "soon"},
      {"retry-after-negative", "-3"},
      {"retry-after-huge", "999999"},
      {"retry-after-longer", "99999999999999999999"},
      {"retry-after-date", "Wed, 21 Oct 2026 07:28:00 GMT"}};
  return all;
}

class OneAnswer final : public http::Transport {
 public:
  void start(http::HttpRequest, Done done) override { started_.push_back(std::move(done)); }
  void poll(std::chrono::milliseconds) override {
    for (auto& done : std::exchange(started_, {})) {
      done(asked++ == 0 ? first : second);
    }
  }
  size_t in_flight() const override { return started_.size(); }

  http::HttpResponse first;
  http::HttpResponse second;
  int asked = 0;

 private:
  std::vector<Done> started_;
};

TEST(AfterA429, FalajWaitsAsTheTableSays) {
  for (const auto& row : fault_rows(kWaits)) {
    SCOPED_TRACE(row.id);
    const auto found = retry_afters().find(row.id);
    ASSERT_NE(found, retry_afters().end());
    ManualClock clock(UtcTime(Micros(1'795'000'020'000'000)));
    OneAnswer transport;
    transport.first.status = 429;
    transport.first.body = R"({"message":"Too Many Attempts."})";
    if (found->second != nullptr) transport.first.headers.add("Retry-After", found->second);
    transport.second.status = 200;
    transport.second.body = R"({"data":[]})";
    http::ClientOptions options;
    options.base_url = "http://127.0.0.1:1/admin/v2";
    options.token = Secret("t");
    std::stop_source stop;
    http::Client client(transport, clock, std::move(options), stop.get_token());
    const auto start = clock.now();
    ASSERT_TRUE(client.get("/orders").ok());
    const auto waited = std::chrono::duration<double>(clock.now() - start).count();
    const auto seconds = std::stod(row["waits, seconds"]);
    EXPECT_GE(waited, seconds);
    EXPECT_LE(waited, seconds * 1.1 + 1) << "a tenth of jitter";
  }
}

TEST(FaultTable, EveryDiskFaultHasATest) {
  std::string tests;
  for (const char* file : {"e2e/pipeline/bad_values_test.cpp", "e2e/pipeline/bad_input_test.cpp",
                           "e2e/pipeline/bad_disk_test.cpp", "fault/pipeline/kill_test.cpp",
                           "unit/operate/webhook_intake_test.cpp", "e2e/pipeline/place_test.cpp",
                           "unit/cli/output_test.cpp"})
    tests += read_test_source(file);
  for (const auto& row : fault_rows("Disks and processes")) {
    const auto& name = row["test"];
    const auto dot = name.find('.');
    EXPECT_NE(tests.find(name.substr(0, dot) + ", " + name.substr(dot + 1) + ")"),
              std::string::npos)
        << row.id << ": no test is called " << name;
  }
}

TEST(FaultTable, EveryWaitHasATestAndEveryTestARow) {
  std::vector<std::string> tested;
  for (const auto& [id, unused] : retry_afters()) tested.push_back(id);
  expect_every_row_is_tested(kWaits, tested);
}

}  // namespace
}  // namespace falaj::test
