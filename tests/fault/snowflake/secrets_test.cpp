// Passwords, keys, passphrases, tokens and what the driver makes of them are sent to the account and
// seen nowhere else: everything that falaj wrote is searched for them.
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "base/private_key.hpp"
#include "fault/snowflake/falaj_on_stub.hpp"

namespace falaj::test {
namespace {

using namespace std::chrono_literals;

#define FALAJ_REQUIRE_DRIVER() \
  if (snowflake_driver().empty()) GTEST_SKIP() << "the Snowflake driver is not there: make deps"

// A way to sign in: what is set, and every text that must not be seen.
struct SignIn {
  std::string name;
  std::map<std::string, std::string> environment;
  std::vector<std::string> secrets;
};

constexpr const char* kPassphrase = "passphrase-7Q2mVx9LkTz4";
constexpr const char* kPassword = "password-Jw83nBq0ZsYe";
constexpr const char* kOauthToken = "oauth-token-Xv51RmTc7pLo";
constexpr const char* kAccessToken = "access-token-Ug64HnWd8aFi";

std::string shell(const std::string& command) {
  ChildProcess::Options options;
  options.command = {"/bin/sh", "-c", command};
  auto child = ChildProcess::start(std::move(options));
  EXPECT_TRUE(child.ok());
  std::string out = child->read_rest();
  EXPECT_EQ(child->wait().status, 0) << command;
  return out;
}

// The lines of a PEM between its first and last.
void add_lines(const std::string& pem, std::vector<std::string>& secrets) {
  constexpr size_t kWholeLine = 40;
  size_t at = 0;
  while (at < pem.size()) {
    const auto end = std::min(pem.find('\n', at), pem.size());
    const std::string line = pem.substr(at, end - at);
    if (line.size() >= kWholeLine && line.find('-') == std::string::npos) secrets.push_back(line);
    at = end + 1;
  }
}

class Secrets : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override { FALAJ_REQUIRE_DRIVER(); }

  // An encrypted key, as docs/snowflake.md says to make it; lines of both of its forms are secret.
  std::string encrypted_key(std::vector<std::string>& secrets) {
    const std::string pem = shell(
        "openssl genrsa 2048 2>/dev/null | openssl pkcs8 -topk8 -v2 "
        "aes256 -passout pass:" +
        std::string(kPassphrase));
    add_lines(pem, secrets);
    const auto opened = open_private_key(Secret(pem), Secret(kPassphrase));
    EXPECT_TRUE(opened.ok());
    if (opened.ok()) add_lines(opened->expose(), secrets);
    secrets.emplace_back(kPassphrase);
    return pem;
  }

  SignIn sign_in(const std::string& name) {
    SignIn way{name, {}, {}};
    if (name == "KeyFile" || name == "KeyText") {
      const std::string pem = encrypted_key(way.secrets);
      way.environment["SNOWFLAKE_PRIVATE_KEY_PASSPHRASE"] = kPassphrase;
      if (name == "KeyText") {
        way.environment["SNOWFLAKE_PRIVATE_KEY"] = pem;
      } else {
        std::ofstream(dir_ / "key.p8") << pem;
        way.environment["SNOWFLAKE_PRIVATE_KEY_PATH"] = (dir_ / "key.p8").string();
      }
    } else if (name == "OauthToken") {
      way.environment["SNOWFLAKE_OAUTH_TOKEN"] = kOauthToken;
      way.secrets = {kOauthToken};
    } else if (name == "AccessToken") {
      way.environment["SNOWFLAKE_ACCESS_TOKEN"] = kAccessToken;
      way.secrets = {kAccessToken};
    } else {
      way.environment["SNOWFLAKE_PASSWORD"] = kPassword;
      way.secrets = {kPassword};
    }
    return way;
  }

  Falaj falaj_with(const SignIn& way, const std::string& base_url) {
    Falaj falaj(dir_ / "home", base_url);
    falaj.set_environment("FALAJ_WAREHOUSE_TYPE", "snowflake");
    falaj.set_environment("SNOWFLAKE_HOST", stub_.url());
    falaj.set_environment("SNOWFLAKE_ACCOUNT", "stub");
    falaj.set_environment("SNOWFLAKE_USER", "falaj");
    std::filesystem::create_directories(dir_ / "home");
    std::ofstream(dir_ / "home" / "falaj.toml") << "[snowflake]\nlogin_timeout_secs = 1\n";
    for (const auto& [variable, value] : way.environment) falaj.set_environment(variable, value);
    return falaj;
  }

  // Runs a command and keeps what it printed; its standard error goes to a file that the next
  // command replaces.
  int run(const Falaj& falaj, const std::vector<std::string>& words) {
    const auto finished = falaj.run(words);
    seen_ += finished.out + finished.err;
    return finished.status;
  }

  // What the logins brought: that is where secrets belong, and tokens made of them.
  std::set<std::string> sent() {
    std::set<std::string> texts;
    for (const auto& login : stub_.logins()) {
      for (const char* member : {"TOKEN", "PASSWORD"}) {
        const std::string text = login["data"][member].as_string();
        if (!text.empty()) texts.insert(text);
      }
    }
    return texts;
  }

  void expect_unseen(const std::vector<std::string>& secrets) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(dir_.path())) {
      if (!entry.is_regular_file() || entry.path().filename() == "key.p8") continue;
      expect_none(secrets, read_text_file(entry.path()), entry.path().string());
    }
    expect_none(secrets, seen_, "what was printed");
    EXPECT_GT(seen_.size(), 1000U);
  }

  static void expect_none(const std::vector<std::string>& secrets, const std::string& text,
                          const std::string& where) {
    for (const auto& secret : secrets) {
      const auto at = text.find(secret);
      EXPECT_EQ(at, std::string::npos)
          << where << ": ..." << text.substr(at < 80 ? 0 : at - 80, 80) << "[here]";
    }
  }

  const TempDir dir_;
  SnowflakeStub stub_;
  std::string seen_;
};

TEST_P(Secrets, AreSeenNowhere) {
  auto way = sign_in(GetParam());
  SimStore store({"--orders", "5", "--customers", "3", "--products", "2", "--plan", "unlimited"});
  const Falaj falaj = falaj_with(way, store.base_url());
  EXPECT_EQ(run(falaj, {"run", "--log-level", "debug"}), 0) << seen_;
  for (const auto& words : std::vector<std::vector<std::string>>{{"check", "--log-level", "debug"},
                                                                 {"config"},
                                                                 {"config", "--json"},
                                                                 {"init", "--print-sql"},
                                                                 {"status", "--json"},
                                                                 {"sql", "SELECT nothing"}}) {
    (void)run(falaj, words);
  }
  // Refusals whose texts bring back what was sent, as proxies do, and failures of the service.
  const auto secrets_sent = sent();
  ASSERT_FALSE(secrets_sent.empty());
  for (const char* code : {"390100", "390144", "503"}) {
    for (const auto& words : std::vector<std::vector<std::string>>{
             {"sql", "--log-level", "debug", "SELECT 1"}, {"check", "--json"}}) {
      stub_.echo_logins(code, 10);
      EXPECT_NE(run(falaj, words), 0);
    }
  }
  EXPECT_NE(run(falaj, {"run", "--log-level", "debug"}), 0);
  stub_.echo_logins("", 0);
  // An answer in the middle of which the session is gone.
  stub_.script({.fault = StubFault::kCutAnswer, .part = "range(3)"});
  EXPECT_NE(run(falaj, {"sql", "--log-level", "debug", "SELECT * FROM range(3)"}), 0);
  for (const auto& text : sent()) way.secrets.push_back(text);
  way.secrets.insert(way.secrets.end(), {"session-token-", "master-token-"});
  expect_unseen(way.secrets);
}

INSTANTIATE_TEST_SUITE_P(Ways, Secrets,
                         ::testing::Values("KeyFile", "KeyText", "OauthToken", "AccessToken",
                                           "Password"),
                         [](const auto& way) { return std::string(way.param); });

// While a statement runs: no secret in the command line, no core when it crashes.
TEST_F(Secrets, ARunningFalajShowsNoneAndLeavesNoCore) {
  const auto way = sign_in("Password");
  stub_.script({.fault = StubFault::kSlow, .part = "range(3)"});
  const Falaj falaj = falaj_with(way, "http://127.0.0.1:1");
  auto child = falaj.start({"sql", "SELECT * FROM range(3)"});
  ASSERT_TRUE(child.ok());
  stub_.wait_for(1);
  const std::string proc = "/proc/" + std::to_string(child->pid());
  expect_none(way.secrets, read_text_file(proc + "/cmdline"), "command line");
  expect_none(way.secrets, read_text_file(proc + "/comm"), "name");
  const std::string limit = proc_line(child->pid(), "limits", "Max core file size");
  EXPECT_EQ(limit.find_first_not_of(' '), limit.find("0 "))
      << limit << ": a crash would leave a core";
  // The kernel gives what belongs to a process that leaves no core to root.
  child->send_signal(SIGSEGV);
  (void)child->read_rest();
  (void)child->wait();
  for (const auto& entry : std::filesystem::recursive_directory_iterator(dir_.path())) {
    EXPECT_EQ(entry.path().filename().string().find("core"), std::string::npos) << entry.path();
  }
}

}  // namespace
}  // namespace falaj::test
