// The first hour with a Snowflake account: what `falaj check` says of each failure that a newcomer
// meets, and the script that `falaj init --print-sql` prints. The account is fakesnow; what is in the
// way to one is a listener of this machine.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>

#include "support/fakesnow.hpp"
#include "support/programs.hpp"
#include "support/temp_dir.hpp"

namespace falaj::test {
namespace {

using Environment = std::map<std::string, std::string>;
constexpr const char* kPassword = "hush-hush-4711";
// Nothing listens there.
constexpr const char* kNowhere = "http://127.0.0.1:1";

std::string refused_login(const char* code, const char* message) {
  return fmt::format(R"({{"data":{{}},"code":"{}","message":"{}","success":false,"headers":null}})",
                     code, message);
}

// What `check` says of Snowflake: "name: detail -> remedy" a line.
std::string said(const Finished& finished, const std::string& state) {
  std::string text;
  const auto items = Json::parse(finished.out);
  EXPECT_TRUE(items.ok()) << finished.out << finished.err;
  if (!items.ok()) return text;
  for (const auto& item : items->as_array()) {
    const auto name = item["check"].as_string();
    if (name != "snowflake" && name != "warehouse" && name != "clock") continue;
    if (item["state"].as_string() != state) continue;
    text +=
        fmt::format("{}: {} -> {}\n", name, item["detail"].as_string(), item["remedy"].as_string());
  }
  return text;
}

struct Trouble {
  const char* name;
  Environment environment;
  const char* detail;
  const char* remedy;
};

class SnowflakeSetup : public ::testing::Test {
 protected:
  void SetUp() override {
    if (snowflake_driver().empty()) GTEST_SKIP() << "the Snowflake driver is not there";
  }
  // Its address, without a scheme.
  std::string listener(int status, const std::string& body, bool has_tls = false,
                       int seconds_ahead = 0) {
    ChildProcess::Options options;
    options.environment = {{"LISTENER_CLOCK", std::to_string(seconds_ahead)}};
    options.command = {"python3", support_script("listener.py"), std::to_string(status), body};
    if (has_tls) {
      options.command.push_back((dir_ / "cert.pem").string());
      options.command.push_back((dir_ / "key.pem").string());
    }
    auto started = ChildProcess::start(std::move(options));
    EXPECT_TRUE(started.ok()) << started.error().to_text();
    const auto port = started->read_line(std::chrono::seconds(30));
    EXPECT_TRUE(port.ok());
    listeners_.push_back(std::move(*started));
    return "127.0.0.1:" + (port.ok() ? *port : "0");
  }
  void run(const std::string& command) {
    const auto line = "cd '" + dir_.path().string() + "' && { " + command + "; } 2>/dev/null";
    ASSERT_EQ(std::system(line.c_str()), 0) << command;
  }
  // In a home of its own, so that many run beside each other.
  Finished check(const Environment& environment) {
    const auto home = dir_ / ("home" + std::to_string(homes_++));
    std::filesystem::create_directories(home);
    std::ofstream(home / "falaj.toml") << "[snowflake]\nlogin_timeout_secs = 3\n";
    Falaj falaj(home.string(), kNowhere);
    Environment all = {{"FALAJ_WAREHOUSE_TYPE", "snowflake"}, {"SNOWFLAKE_ACCOUNT", "org-acc"},
                       {"SNOWFLAKE_USER", "loader"},          {"SNOWFLAKE_ROLE", "loader_role"},
                       {"SNOWFLAKE_WAREHOUSE", "loader_wh"},  {"SNOWFLAKE_PASSWORD", kPassword}};
    for (const auto& [name, value] : environment) all[name] = value;
    for (const auto& [name, value] : all) falaj.set_environment(name, value);
    return falaj.run({"check", "--json"});
  }

  // All beside each other: each takes seconds of waiting.
  void expect_explained(const std::vector<Trouble>& troubles) {
    std::vector<std::future<Finished>> running;
    for (const auto& trouble : troubles) {
      running.push_back(std::async(std::launch::async, [&] { return check(trouble.environment); }));
    }
    for (size_t i = 0; i < troubles.size(); ++i) {
      const auto finished = running[i].get();
      const auto text = said(finished, "failed");
      EXPECT_NE(text.find(troubles[i].detail), std::string::npos)
          << troubles[i].name << ": " << text;
      EXPECT_NE(text.find(troubles[i].remedy), std::string::npos)
          << troubles[i].name << ": " << text;
      EXPECT_EQ((finished.out + finished.err).find(kPassword), std::string::npos)
          << troubles[i].name;
      EXPECT_NE(finished.status, 0) << troubles[i].name;
    }
  }

  TempDir dir_;
  std::vector<ChildProcess> listeners_;
  std::atomic<int> homes_{0};
};

TEST_F(SnowflakeSetup, CheckExplainsWhatIsInTheWay) {
  run("openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj "
      "/CN=inspector -addext subjectAltName=IP:127.0.0.1");
  const std::string page = "<html>sign in to the hotel</html>";
  const std::vector<Trouble> troubles = {
      {"refused",
       {{"SNOWFLAKE_HOST", kNowhere}},
       "login-request\": dial tcp",
       "Nothing listens at"},
      {"DNS",
       {{"SNOWFLAKE_HOST", "https://falaj-test.invalid"}},
       "lookup falaj-test.invalid",
       "DNS"},
      {"TLS inspection",
       {{"SNOWFLAKE_HOST", "https://" + listener(200, "{}", true)}},
       "certificate signed by unknown authority",
       "update-ca-certificates"},
      {"no TLS",
       {{"SNOWFLAKE_HOST", "https://" + listener(200, "{}")}},
       "TLS handshake",
       "does not speak TLS"},
      {"proxy wants a password",
       {{"HTTPS_PROXY", "http://" + listener(407, "")}},
       "Proxy Authentication Required",
       "name:password@host:port"},
      {"proxy is gone", {{"HTTPS_PROXY", kNowhere}}, "proxyconnect", "NO_PROXY=org-acc."},
      {"wrong account",
       {{"SNOWFLAKE_HOST", "http://" + listener(403, page)}},
       "HTTP: 403",
       "No account of this name"},
      {"wrong address",
       {{"SNOWFLAKE_HOST", "http://" + listener(404, page)}},
       "HTTP: 404",
       "No account of this name"},
      {"hotel",
       {{"SNOWFLAKE_HOST", "http://" + listener(200, page)}},
       "invalid character",
       "not Snowflake"}};
  expect_explained(troubles);
}

TEST_F(SnowflakeSetup, CheckExplainsRefusedLogins) {
  const std::vector<Trouble> troubles = {
      {"network policy",
       {{"SNOWFLAKE_HOST",
         "http://" + listener(200, refused_login("390422",
                                                 "Incoming request with IP/Token 203.0.113.7 "
                                                 "is not allowed to access Snowflake."))}},
       "390422",
       "('203.0.113.7')"},
      {"role",
       {{"SNOWFLAKE_HOST",
         "http://" + listener(200, refused_login("390189",
                                                 "Role 'LOADER_ROLE' specified in the connect "
                                                 "string is not granted to this user."))}},
       "390189",
       "GRANT ROLE \"LOADER_ROLE\" TO USER \"LOADER\""},
      {"warehouse",
       {{"SNOWFLAKE_HOST",
         "http://" + listener(200, refused_login("390201",
                                                 "The requested warehouse does not exist or "
                                                 "not authorized."))}},
       "390201",
       "ON WAREHOUSE \"LOADER_WH\" TO ROLE \"LOADER_ROLE\""},
  };
  expect_explained(troubles);
}

TEST_F(SnowflakeSetup, CheckPrintsTheStatementThatRegistersTheKey) {
  run("openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out plain.p8");
  run("openssl pkcs8 -topk8 -v2 aes256 -in plain.p8 -passout pass:open-sesame -out locked.p8");
  run("openssl rsa -in plain.p8 -pubout -outform DER | openssl base64 -A > public");
  const auto address = listener(
      200, refused_login("390144", "JWT token is invalid. [7fb87e37-2f26-4a10-9f9c-72276ea898bf]"));
  const auto finished = check({{"SNOWFLAKE_HOST", "http://" + address},
                               {"SNOWFLAKE_PASSWORD", ""},
                               {"SNOWFLAKE_PRIVATE_KEY_PATH", (dir_ / "locked.p8").string()},
                               {"SNOWFLAKE_PRIVATE_KEY_PASSPHRASE", "open-sesame"}});
  const auto text = said(finished, "failed");
  EXPECT_NE(text.find("ALTER USER \"LOADER\" SET RSA_PUBLIC_KEY = '" +
                      read_text_file(dir_ / "public") + "'"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("SYSTEM$GET_LOGIN_FAILURE_DETAILS('7fb87e37-2f26-4a10-9f9c-72276ea898bf')"),
            std::string::npos)
      << text;
  EXPECT_EQ((finished.out + finished.err).find("open-sesame"), std::string::npos);
}

// Snowflake refuses what was signed at another time; its answer to anybody says what time it is there.
TEST_F(SnowflakeSetup, CheckComparesTheClocks) {
  run("openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out plain.p8");
  const auto refusal = refused_login("390144", "JWT token is invalid.");
  for (const auto& [ahead, wanted] :
       {std::pair{7200, "clock is 7200 s behind"}, std::pair{-600, "clock is 600 s ahead of"}}) {
    const auto finished =
        check({{"SNOWFLAKE_HOST", "http://" + listener(200, refusal, false, ahead)},
               {"SNOWFLAKE_PASSWORD", ""},
               {"SNOWFLAKE_PRIVATE_KEY_PATH", (dir_ / "plain.p8").string()}});
    const auto text = said(finished, "failed");
    // A second may pass between the two.
    const std::string later = ahead > 0 ? "clock is 7199 s behind" : "clock is 601 s ahead of";
    EXPECT_TRUE(text.find(wanted) != std::string::npos || text.find(later) != std::string::npos)
        << text;
    EXPECT_NE(text.find("timedatectl"), std::string::npos) << text;
  }
}

TEST_F(SnowflakeSetup, CheckOfAnAccountThatWorks) {
  if (!has_fakesnow()) GTEST_SKIP() << "fakesnow is not there: tools/fetch-deps fakesnow";
  const auto finished = check({{"SNOWFLAKE_HOST", fakesnow_url()}});
  EXPECT_EQ(said(finished, "failed"), "") << finished.err;
  const auto text = said(finished, "ok");
  EXPECT_NE(text.find("snowflake: loader signs in to 127.0.0.1:"), std::string::npos) << text;
  EXPECT_NE(text.find("by password"), std::string::npos) << text;
  EXPECT_NE(text.find("s away from Snowflake's"), std::string::npos) << text;
  EXPECT_NE(text.find("warehouse: SALLA_DWH in Snowflake account org-acc, 0 tables"),
            std::string::npos)
      << text;
}

// Whoever runs the printed script has the tables that a run makes itself, column by column.
TEST_F(SnowflakeSetup, ThePrintedScriptMakesWhatARunMakes) {
  if (!has_fakesnow()) GTEST_SKIP() << "fakesnow is not there: tools/fetch-deps fakesnow";
  SimStore store({"--orders", "20", "--plan", "unlimited", "--orders-shape", "expanded"});
  const auto configured = [&](const std::string& home, const std::string& database) {
    Falaj falaj((dir_ / home).string(), store.base_url());
    for (const auto& [name, value] : Environment{{"FALAJ_WAREHOUSE_TYPE", "snowflake"},
                                                 {"SNOWFLAKE_ACCOUNT", "fakesnow"},
                                                 {"SNOWFLAKE_USER", "falaj"},
                                                 {"SNOWFLAKE_PASSWORD", kPassword},
                                                 {"SNOWFLAKE_HOST", fakesnow_url()},
                                                 {"SNOWFLAKE_DATABASE", database}}) {
      falaj.set_environment(name, value);
    }
    return falaj;
  };
  const auto printed = configured("printed", "PRINTED");
  const auto script = printed.run({"init", "--print-sql"});
  ASSERT_EQ(script.status, 0) << script.err;
  std::ofstream(dir_ / "script.sql") << script.out;
  ChildProcess::Options options;
  options.command = {fakesnow_command()[0], "-B",      support_script("run_sql.py"),
                     fakesnow_url(),        "PRINTED", (dir_ / "script.sql").string()};
  auto runner = ChildProcess::start(std::move(options));
  ASSERT_TRUE(runner.ok());
  std::vector<std::string> refused;
  for (;;) {
    const auto line = runner->read_line(std::chrono::seconds(120));
    ASSERT_TRUE(line.ok());
    if (*line == "done") break;
    refused.push_back(line->substr(0, line->find('\t')));
  }
  // What the emulator has no notion of.
  for (const auto& statement : refused) {
    const bool is_known = statement.starts_with("CREATE RESOURCE MONITOR") ||
                          statement.starts_with("CREATE WAREHOUSE") ||
                          statement.starts_with("CREATE ROLE") || statement.starts_with("GRANT") ||
                          statement.starts_with("CREATE USER") ||
                          statement.starts_with("ALTER USER") || statement.starts_with("USE ROLE");
    EXPECT_TRUE(is_known) << statement;
  }
  const auto made = configured("made", "MADE");
  made.run_ok();
  const char* columns =
      "SELECT table_schema, table_name, column_name, data_type, is_nullable FROM "
      "INFORMATION_SCHEMA.COLUMNS WHERE table_schema IN ('BRONZE', 'SILVER', 'GOLD', 'OPS') ORDER "
      "BY "
      "table_schema, table_name, ordinal_position";
  const auto of_run = made.csv(columns);
  EXPECT_NE(of_run.find("WRITER_TURN"), std::string::npos);
  EXPECT_EQ(printed.csv(columns), of_run);
}

}  // namespace
}  // namespace falaj::test
