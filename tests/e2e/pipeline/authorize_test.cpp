// The merchant allows the app in a browser: falaj waits on a port, the browser comes back with a
// code, and the store is there with tokens that refresh themselves.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <filesystem>
#include <thread>

#include "base/hmac.hpp"
#include "base/sha256.hpp"
#include "support/plain_client.hpp"
#include "support/programs.hpp"
#include "support/temp_dir.hpp"

namespace falaj::test {
namespace {

using namespace std::chrono_literals;

class Authorize : public testing::Test {
 protected:
  Authorize() : store_({"--orders", "5", "--stores", "2", "--plan", "unlimited"}) {
    falaj_.set_environment("SALLA_ACCOUNTS_URL", store_.accounts_url());
    falaj_.set_environment("SALLA_CLIENT_ID", "an-app");
    falaj_.set_environment("SALLA_CLIENT_SECRET", "app-secret");
  }
  // Starts the command; the address that it prints.
  std::string begin(std::vector<std::string> more = {}) {
    std::vector<std::string> words = {"store", "authorize", "riyadh", "--no-browser", "--json"};
    words.insert(words.end(), more.begin(), more.end());
    auto child = falaj_.start(words);
    EXPECT_TRUE(child.ok());
    child_.emplace(std::move(child).value());
    std::string printed;
    while (printed.find("comes back to ") == std::string::npos && !child_->has_ended()) {
      std::this_thread::sleep_for(1ms);
      printed = read_text_file(falaj_.stderr_path());
    }
    const auto at = printed.find("http://");
    return printed.substr(at, printed.find_first_of(" \n", at) - at);
  }
  static std::string location(const std::string& answer) {
    const auto at = answer.find("Location: ") + 10;
    return answer.substr(at, answer.find("\r\n", at) - at);
  }
  int64_t count(const std::string& what) {
    return store_.get("/_sim/tokens").as_array()[1][what].as_int(-1);
  }

  TempDir dir_;
  SimStore store_;
  Falaj falaj_{dir_ / "home", store_.base_url(), ""};
  std::optional<ChildProcess> child_;
};

TEST_F(Authorize, ACodeBecomesTokensThatRefreshThemselves) {
  const auto url = begin();
  EXPECT_NE(url.find("scope=offline_access%20"), std::string::npos) << url;
  EXPECT_NE(url.find("orders.read"), std::string::npos) << url;
  const auto back = location(browse(url + "&store=2"));
  // Somebody else's code is refused and the waiting goes on.
  const auto own = back.substr(0, back.find('?'));
  EXPECT_NE(browse(own + "?code=stolen&state=guessed").find(" 400 "), std::string::npos);
  EXPECT_NE(browse(own + "?code=stolen").find(" 400 "), std::string::npos);
  EXPECT_NE(browse(own.substr(0, own.rfind('/')) + "/other").find(" 404 "), std::string::npos);
  EXPECT_NE(browse(back).find(" 200 "), std::string::npos);
  const auto out = child_->read_rest();
  EXPECT_EQ(child_->wait().status, 0) << read_text_file(falaj_.stderr_path());
  const auto store = Json::parse(out).value();
  EXPECT_EQ(store["store_id"].as_int(), 1305146710);
  EXPECT_EQ(store["access"].as_string(), "authorized");
  EXPECT_TRUE(store["can_refresh"].as_bool());
  EXPECT_EQ(count("exchanged"), 1);
  EXPECT_EQ(falaj_.run({"store", "refresh", "riyadh", "--now"}).status, 0);
  EXPECT_EQ(count("refreshed"), 1);
  falaj_.run_ok();
  // The merchant may allow it again, for the same store.
  browse(location(browse(begin() + "&store=2")));
  EXPECT_EQ(child_->wait().status, 0);
  browse(location(browse(begin() + "&store=1")));
  EXPECT_EQ(child_->wait().status, 64) << "the name of another store";
  EXPECT_EQ(count("reused"), 0);
}

TEST_F(Authorize, ARefusalAndALongWaitSaySo) {
  const auto url = begin();
  browse(location(browse(url + "&deny=1")));
  EXPECT_EQ(child_->wait().status, 77);
  EXPECT_NE(read_text_file(falaj_.stderr_path()).find("access_denied"), std::string::npos);
  begin({"--wait", "1"});
  EXPECT_EQ(child_->wait().status, 75);
  EXPECT_NE(read_text_file(falaj_.stderr_path()).find("did not come back"), std::string::npos);
  EXPECT_EQ(falaj_.run({"store", "list", "--json"}).out, "[]\n");
  falaj_.set_environment("SALLA_CLIENT_SECRET", "");
  EXPECT_EQ(falaj_.run({"store", "authorize", "riyadh"}).status, 78);
}

// What Salla sends when a merchant installs the app, to the receiver as it runs.
class Installs : public Authorize {
 protected:
  Installs() {
    falaj_.set_environment("SALLA_WEBHOOK_SECRET", "hook-secret");
    auto child = falaj_.start({"webhooks", "serve", "--port", "0"});
    EXPECT_TRUE(child.ok());
    child_.emplace(std::move(child).value());
    const auto line = child_->read_line(20s);
    EXPECT_TRUE(line.ok()) << line.error().to_text();
    const auto colon = line->find("127.0.0.1:");
    port_ = static_cast<uint16_t>(std::atoi(line->c_str() + colon + 10));
  }
  // The status line of the answer.
  std::string post(const std::string& body) {
    PlainClient client(port_);
    client.send(
        fmt::format("POST /webhooks/salla HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Salla-Signature: "
                    "{}\r\nContent-Length: {}\r\n\r\n{}",
                    to_hex(hmac_sha256("hook-secret", body)), body.size(), body));
    const auto answer = client.answer();
    return answer.substr(0, answer.find("\r\n"));
  }
  uint16_t port_ = 0;
};

TEST_F(Installs, BringAStoreWithItsTokens) {
  const auto event = store_.post("/_sim/install?store=2", "").dump();
  EXPECT_EQ(post(event), "HTTP/1.1 200 OK");
  falaj_.run_ok();
  const auto shown = falaj_.run({"store", "show", "1305146710", "--json"});
  const auto store = Json::parse(shown.out).value();
  EXPECT_EQ(store["name"].as_string(), "store-1305146710");
  EXPECT_EQ(store["access"].as_string(), "installed");
  EXPECT_EQ(store["plan"].as_string(), "special") << "the run took down what the store is";
  EXPECT_EQ(falaj_.run({"store", "refresh", "store-1305146710", "--now"}).status, 0);
  EXPECT_EQ(post(event), "HTTP/1.1 200 OK") << "again, late";
  EXPECT_EQ(falaj_.run({"store", "refresh", "store-1305146710", "--now"}).status, 0);
  EXPECT_EQ(count("reused"), 0);
  EXPECT_EQ(count("refreshed"), 2);
  // Nothing of the tokens is in the inbox.
  child_->send_signal(SIGTERM);
  child_->wait();
  for (const auto& entry : std::filesystem::recursive_directory_iterator(dir_ / "home")) {
    if (!entry.is_regular_file()) continue;
    EXPECT_EQ(read_text_file(entry.path()).find("sim-refresh"), std::string::npos) << entry.path();
  }
}

}  // namespace
}  // namespace falaj::test
