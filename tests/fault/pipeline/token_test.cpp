// Tokens under fire: processes that refresh at once, kills, lost answers and full disks. Salla
// revokes an install whose refresh token is used twice; here that must never happen.
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <random>
#include <thread>

#include "support/long_tests.hpp"
#include "support/programs.hpp"
#include "support/store_truth.hpp"
#include "support/temp_dir.hpp"

namespace falaj::test {
namespace {

using namespace std::chrono_literals;

class Tokens : public testing::Test {
 protected:
  explicit Tokens(std::vector<std::string> more = {}) : store_(options(std::move(more))) {
    prepare(falaj_);
  }
  static std::vector<std::string> options(std::vector<std::string> more) {
    std::vector<std::string> all = {"--orders",   "300", "--customers", "60",
                                    "--products", "30",  "--plan",      "unlimited"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  void prepare(Falaj& falaj) {
    falaj.set_environment("SALLA_ACCOUNTS_URL", store_.accounts_url());
    falaj.set_environment("SALLA_CLIENT_ID", "an-app");
    falaj.set_environment("SALLA_CLIENT_SECRET", "app-secret");
    falaj.set_environment("LOG_LEVEL", "debug");
  }
  // The tokens of a fresh install.
  void install() {
    const auto event = store_.post("/_sim/install", "");
    std::ofstream(dir_ / "tokens") << event["data"].dump();
    const auto added =
        falaj_.run({"store", "add", "one", "--token-file", (dir_ / "tokens").string()});
    EXPECT_EQ(added.status, 0) << added.err;
  }
  // What happened to the store's tokens: "refreshed", "reused".
  int64_t count(const std::string& what) {
    return store_.get("/_sim/tokens").as_array()[0][what].as_int(-1);
  }
  void fault(const std::string& rule) { store_.post("/_sim/faults", rule); }
  void clear_faults() { fault(R"({"clear":true})"); }
  std::string state() {
    const auto shown = falaj_.run({"store", "show", "one", "--json"});
    return Json::parse(shown.out).value()["state"].as_string();
  }
  static void expect_no_token_in(const std::string& text) {
    for (const char* secret : {"sim-access", "sim-refresh", "sim-token", "app-secret"})
      EXPECT_EQ(text.find(secret), std::string::npos) << text;
  }

  TempDir dir_;
  SimStore store_;
  Falaj falaj_{dir_ / "home", store_.base_url(), ""};
};

TEST_F(Tokens, TwoProcessesRefreshingAtOnceNeverBurnTheFamily) {
  const int rounds = is_long() ? 1000 : 60;
  install();
  std::filesystem::create_directory_symlink(dir_ / "home", dir_ / "same");
  Falaj other(dir_ / "same", store_.base_url(), "");
  prepare(other);
  // Long enough that the two meet.
  fault(R"({"action":"delay","match":"/oauth2/token","delay_ms":10,"rate":1})");
  const auto since = std::chrono::steady_clock::now();
  for (int round = 0; round < rounds; ++round) {
    auto first = falaj_.start({"store", "refresh", "one", "--now"});
    auto second = other.start({"store", "refresh", "one", "--now"});
    ASSERT_TRUE(first.ok() && second.ok());
    ASSERT_EQ(first->wait().status, 0) << round << read_text_file(falaj_.stderr_path());
    ASSERT_EQ(second->wait().status, 0) << round << read_text_file(other.stderr_path());
    ASSERT_EQ(count("reused"), 0) << "the family burnt in round " << round;
  }
  const auto refreshed = count("refreshed");
  EXPECT_GE(refreshed, rounds);
  EXPECT_LT(refreshed, 2 * rounds) << "the two never met";
  EXPECT_EQ(count("unknown"), 0);
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - since).count();
  std::printf(
      "%d rounds of two processes in %.1f s: %lld refreshes, %lld times one took the "
      "other's, 0 reused\n",
      rounds, seconds, static_cast<long long>(refreshed),
      static_cast<long long>(2 * rounds - refreshed));
  clear_faults();
  EXPECT_EQ(falaj_.run({"check"}).status, 0);
}

TEST_F(Tokens, KillsAtAnyMomentNeverBurnTheFamily) {
  const int kills = is_long() ? 400 : 30;
  std::random_device device;
  const char* given = std::getenv("FALAJ_TEST_SEED");
  const auto seed = given != nullptr ? static_cast<unsigned>(std::atoi(given)) : device();
  std::printf("FALAJ_TEST_SEED=%u\n", seed);
  std::mt19937 random(seed);
  std::uniform_int_distribution<int> moment(0, 60);
  install();
  fault(R"({"action":"delay","match":"/oauth2/token","delay_ms":10,"rate":1})");
  int unclear = 0;
  for (int kill = 0; kill < kills; ++kill) {
    auto child = falaj_.start({"store", "refresh", "one", "--now"});
    ASSERT_TRUE(child.ok());
    std::this_thread::sleep_for(std::chrono::milliseconds(moment(random)));
    child->send_signal(SIGKILL);
    child->wait();
    const auto next = falaj_.run({"store", "refresh", "one", "--now"});
    ASSERT_EQ(count("reused"), 0) << kill;
    if (next.status == 0) continue;
    // Killed while its answer was under way: nobody knows, and nobody guesses.
    ASSERT_NE(next.err.find("outcome is not known"), std::string::npos) << next.err;
    EXPECT_EQ(state(), "unclear");
    expect_no_token_in(next.err);
    ++unclear;
    install();
  }
  std::printf("%d kills, %d of them while an answer was under way\n", kills, unclear);
  EXPECT_EQ(falaj_.run({"check"}).status, 0);
}

TEST_F(Tokens, ALostAnswerIsReportedAndNotAskedForAgain) {
  install();
  fault(R"({"action":"reset","match":"/oauth2/token"})");
  const auto lost = falaj_.run({"store", "refresh", "one", "--now"});
  EXPECT_EQ(lost.status, 75) << lost.err;
  EXPECT_NE(lost.err.find("falaj store authorize one"), std::string::npos) << lost.err;
  EXPECT_EQ(count("refreshed"), 1) << "Salla did execute it";
  // The access token still works, so the store is read.
  falaj_.run_ok();
  store_.post("/_sim/expire-token", "");
  for (int i = 0; i < 3; ++i) {
    const auto dead = falaj_.run({"run", "--quiet"});
    EXPECT_NE(dead.status, 0);
    EXPECT_NE(dead.err.find("outcome is not known"), std::string::npos) << dead.err;
    EXPECT_NE(falaj_.run({"store", "refresh", "one", "--now"}).status, 0);
  }
  EXPECT_EQ(count("refreshed"), 1);
  EXPECT_EQ(count("reused"), 0);
  install();
  falaj_.run_ok();
}

TEST_F(Tokens, AnAnswerOfTroubleFromTheServerIsNotTrusted) {
  install();
  // It was executed even so: see salla-sim.
  fault(R"({"action":"status","status":500,"match":"/oauth2/token"})");
  EXPECT_NE(falaj_.run({"store", "refresh", "one", "--now"}).status, 0);
  EXPECT_NE(falaj_.run({"store", "refresh", "one", "--now"}).status, 0);
  EXPECT_EQ(count("refreshed"), 1);
  EXPECT_EQ(count("reused"), 0);
  // A person may say so; here it burns, and that is recorded and said.
  const auto burnt = falaj_.run({"store", "refresh", "one", "--again"});
  EXPECT_EQ(burnt.status, 77);
  EXPECT_EQ(count("reused"), 1);
  EXPECT_EQ(state(), "burnt");
  EXPECT_EQ(falaj_.run({"store", "refresh", "one", "--again"}).status, 77);
  EXPECT_EQ(count("reused"), 1) << "no more is sent";
  const auto run = falaj_.run({"run", "--quiet"});
  EXPECT_EQ(run.status, 77);
  EXPECT_NE(run.err.find("falaj store authorize one"), std::string::npos) << run.err;
  EXPECT_NE(falaj_.run({"check"}).out.find("burnt"), std::string::npos);
  install();
  EXPECT_EQ(state(), "active");
}

TEST_F(Tokens, ARunGoesOnWithTheNewTokenWhenTheOldOneEnds) {
  install();
  auto child = falaj_.start({"run", "--quiet"});
  ASSERT_TRUE(child.ok());
  store_.wait_for_requests(100, *child);
  store_.post("/_sim/expire-token", "");
  EXPECT_EQ(child->wait().status, 0) << read_text_file(falaj_.stderr_path());
  EXPECT_EQ(count("refreshed"), 1) << "once for all that were under way";
  EXPECT_EQ(count("reused"), 0);
  expect_gold_equals_truth(falaj_, store_);
  expect_no_token_in(read_text_file(falaj_.stderr_path()));
}

TEST_F(Tokens, A401OfATokenThatWorksElsewhereSpendsNoRefreshToken) {
  install();
  // Says nothing of scopes, as in another language.
  fault(R"({"action":"status","status":401,"match":"/orders","rate":1})");
  const auto finished = falaj_.run({"run", "--quiet"});
  EXPECT_EQ(finished.status, 77) << finished.err;
  EXPECT_NE(finished.err.find("takes this token elsewhere"), std::string::npos) << finished.err;
  EXPECT_EQ(count("refreshed"), 0);
}

class FewScopes : public Tokens {
 protected:
  FewScopes() : Tokens({"--scopes", "customers.read products.read"}) {}
};

TEST_F(FewScopes, AMissingScopeSpendsNoRefreshToken) {
  install();
  const auto finished = falaj_.run({"run", "--quiet"});
  EXPECT_EQ(finished.status, 77) << finished.err;
  EXPECT_NE(finished.err.find("orders.read"), std::string::npos) << finished.err;
  EXPECT_EQ(count("refreshed"), 0);
}

TEST_F(Tokens, AFullDiskLosesNoTokenThatArrived) {
  install();
  const auto home = (dir_ / "home").string();
  // A disk of its own below state/, as small as may be, which fills while the answer is under way.
  const auto small_disk = fmt::format(
      "cd {0} && cp -a state copy && mount -t tmpfs -o size=300k none state && cp -a copy/. state",
      home);
  const auto fill = std::string("dd if=/dev/zero of=state/fill bs=4k 2>/dev/null");
  fault(R"({"action":"delay","match":"/oauth2/token","delay_ms":1500})");
  const auto script = fmt::format(
      "{0}; {1}; \"$0\" store refresh one --now && exit 91; rm state/fill; "
      "(sleep 0.7; {1}) & \"$0\" store refresh one --now || exit 92; wait; rm state/fill; "
      "test $(tr -d '\\0' < state/refresh-1305146709 | wc -c) -gt 0 || exit 93; "
      "\"$0\" store refresh one --now || exit 94; "
      "test $(tr -d '\\0' < state/refresh-1305146709 | wc -c) -eq 0 || exit 95; true",
      small_disk, fill);
  auto child = falaj_.start_apart(script, {"store", "refresh", "one", "--now"});
  ASSERT_TRUE(child.ok());
  const auto status = child->wait().status;
  EXPECT_EQ(status, 0) << read_text_file(falaj_.stderr_path());
  EXPECT_EQ(count("refreshed"), 2)
      << "none on a full disk, one whose answer waited beside the vault, one with its token";
  EXPECT_EQ(count("reused"), 0);
}

}  // namespace
}  // namespace falaj::test
