// The merchant allows the app in a browser: falaj waits on a port, the browser comes back with a
// code, and the store is there with tokens that refresh themselves.
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

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

}  // namespace
}  // namespace falaj::test
