// When a run ends that somebody wants to end: by a signal, whatever it is doing, and by its own budget,
// whatever it waits for.
#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/file.h>

#include <chrono>
#include <functional>
#include <optional>
#include <sstream>
#include <thread>

#include "base/unique_fd.hpp"
#include "support/programs.hpp"
#include "support/temp_dir.hpp"

namespace falaj::test {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto kPatience = 2s;
// The machine may be busy with something else: a case holds if it holds once.
constexpr int kTries = 3;

struct Case {
  std::string name;
  std::vector<std::string> command;
  std::string faults;  // posted to the store before
  // What the process says, or has done, when the signal is sent.
  std::function<bool(ChildProcess&)> is_there;
  int status = 75;
};

// Processor time in hundredths of a second.
int64_t ticks_of(pid_t pid) {
  const auto stat = read_text_file("/proc/" + std::to_string(pid) + "/stat");
  std::istringstream fields(stat.substr(std::min(stat.size(), stat.rfind(')') + 1)));
  std::string field;
  int64_t ticks = 0;
  for (int i = 3; fields >> field && i <= 15; ++i) {
    if (i >= 14) ticks += std::stoll(field);
  }
  return ticks;
}

class Stop : public ::testing::Test {
 protected:
  bool says(const std::string& text) const {
    return read_text_file(falaj_.stderr_path()).find(text) != std::string::npos;
  }
  // In the note that `falaj status` reads.
  bool is_at(const std::string& stage) {
    return watcher_.run({"status", "--json"}).out.find("\"stage\": \"" + stage + "\"") !=
           std::string::npos;
  }
  // From the signal to the end; nothing when it ended before.
  std::optional<Clock::duration> time_to_end(const Case& one) {
    store_.post("/_sim/faults", R"({"clear": true})");
    if (!one.faults.empty()) store_.post("/_sim/faults", one.faults);
    // What the store asked the one before to wait for is not this one's.
    falaj_.set_environment("FALAJ_QUOTA_DIR", (dir_ / fmt::format("quota-{}", ++quotas_)).string());
    auto child = falaj_.start(one.command);
    if (!child.ok()) {
      ADD_FAILURE() << child.error().to_text();
      return std::nullopt;
    }
    const auto give_up = Clock::now() + 120s;
    while (!one.is_there(*child)) {
      if (child->has_ended() || Clock::now() > give_up) {
        ADD_FAILURE() << "never there: " << read_text_file(falaj_.stderr_path());
        return std::nullopt;
      }
      std::this_thread::sleep_for(20ms);
    }
    const auto sent = Clock::now();
    child->send_signal(SIGINT);
    const auto exit = child->wait();
    const auto took = Clock::now() - sent;
    EXPECT_FALSE(exit.signalled) << exit.status;
    EXPECT_EQ(exit.status, one.status) << read_text_file(falaj_.stderr_path());
    return took;
  }
  void expect_ends(const Case& one) {
    SCOPED_TRACE(one.name);
    std::string seen;
    for (int i = 0; i < kTries; ++i) {
      const auto took = time_to_end(one);
      if (!took || *took < kPatience) return;
      seen += fmt::format(" {} ms",
                          std::chrono::duration_cast<std::chrono::milliseconds>(*took).count());
    }
    ADD_FAILURE() << one.name << " ended after" << seen;
  }

  TempDir dir_;
  SimStore store_{{"--orders", "1500", "--customers", "100", "--products", "20", "--plan",
                   "unlimited", "--orders-shape", "light"}};
  Falaj falaj_{(dir_ / "home").string(), store_.base_url()};
  // The same home under another name, so that what this one says goes to another file.
  Falaj watcher_{falaj_.home() + "/", store_.base_url()};
  int quotas_ = 0;
};

TEST_F(Stop, ASignalEndsEachCommandWithinTwoSecondsWhateverItDoes) {
  const auto has_asked = [this](int64_t requests) {
    return [this, requests](ChildProcess&) { return store_.requests() >= requests; };
  };
  const auto all = R"({"action": "status", "status": )";
  const std::string from_ten_on = R"(, "nth": 10, "times": 100000)";
  expect_ends({"a wait for quota",
               {"run"},
               all + ("429" + from_ten_on) + R"(, "headers": {"Retry-After": "600"}})",
               [this](ChildProcess&) { return says("for the quota of "); }});
  falaj_.set_environment("API_RETRY_DELAY", "300");
  expect_ends(
      {"a wait after a 503", {"run"}, all + ("503" + from_ten_on) + "}", [this](ChildProcess&) {
         return says("waiting ");
       }});
  falaj_.set_environment("API_RETRY_DELAY", "1");
  store_.reset_counters();
  expect_ends({"orders in full flow", {"run"}, "", has_asked(400)});
  store_.reset_counters();
  expect_ends({"a backfill",
               {"backfill", "--from", "2020-01-01", "--to", "2026-12-31"},
               "",
               has_asked(30)});
  expect_ends({"the models", {"run"}, "", [this](ChildProcess&) { return is_at("transform"); }});
  // Somebody else writes to the lake.
  {
    const UniqueFd lock(::open((dir_ / "home/lake/catalog.lock").c_str(), O_RDWR | O_CLOEXEC));
    ASSERT_EQ(::flock(lock.get(), LOCK_EX), 0);
    expect_ends(
        {"another writer's turn", {"run"}, "", [this](ChildProcess&) { return says("waiting "); }});
  }
  expect_ends({"a statement",
               {"sql",
                "SELECT COUNT(*) FROM range(1000000) AS a, range(1000000) AS b WHERE "
                "a.range * 7 % 11 = b.range % 13"},
               "",
               [](ChildProcess& child) { return ticks_of(child.pid()) > 60; }});
  falaj_.set_environment("SALLA_WEBHOOK_SECRET", "hook-secret");
  expect_ends({"the receiver",
               {"webhooks", "serve", "--port", "0"},
               "",
               [](ChildProcess& child) { return child.read_line(60s).ok(); },
               0});
}

// Ten minutes of patience that the store asks for are no reason to overrun three seconds.
TEST_F(Stop, ABudgetHoldsAcrossAWaitAndAcrossAResume) {
  const auto faults =
      R"({"action": "status", "status": 429, "nth": 60, "times": 100000, "headers": {"Retry-After": "600"}})";
  store_.post("/_sim/faults", faults);
  std::string run_id;
  for (int i = 0; i < 2; ++i) {
    const auto since = Clock::now();
    const auto finished = falaj_.run({"run", "--for", "3s"});
    EXPECT_EQ(finished.status, 75) << finished.err;
    EXPECT_NE(finished.err.find("(--for)"), std::string::npos) << finished.err;
    EXPECT_LT(Clock::now() - since, 60s) << "ten minutes, if the wait were sat out";
    const auto shown = *Json::parse(watcher_.run({"status", "--json"}).out);
    const auto& newest = shown["runs"].as_array().at(0)["run_id"].as_string();
    if (i > 0) {
      EXPECT_EQ(newest, run_id) << "it was not taken up again";
    }
    run_id = newest;
  }
  // Those that were under way at once, and what the second asks before it knows that it has to wait.
  EXPECT_LE(store_.requests(), 60 + 20);
}

}  // namespace
}  // namespace falaj::test
