// Whoever asks a store draws on the limit that all processes share, also the first time.
#include "stores/store_client.hpp"

#include <gtest/gtest.h>

#include <atomic>

#include "http/quota_state.hpp"
#include "http_server/server.hpp"
#include "state/shared_record.hpp"
#include "stores/quota_books.hpp"
#include "support/temp_dir.hpp"

namespace falaj::stores {
namespace {

constexpr int64_t kStore = 77;

class StoreClientTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto started = http_server::Server::start({}, [this](const http_server::Request& request) {
      http_server::Response response;
      response.headers = {{"Content-Type", "application/json"},
                          {"X-RateLimit-Limit", "360"},
                          {"X-RateLimit-Remaining", std::to_string(360 - ++served_)},
                          {"X-RateLimit-Reset", reset()}};
      const bool is_broken = request.path == "/store/info" && broken_ > 0;
      if (is_broken) --broken_;
      response.body =
          is_broken ? R"({"data":[]})" : R"({"data":{"id":77,"name":"Riyadh","plan":"pro"}})";
      return response;
    });
    ASSERT_TRUE(started.ok()) << started.error().to_text();
    server_ = std::move(*started);
    config::Settings settings;
    settings.api_base_url = "http://127.0.0.1:" + std::to_string(server_->port());
    settings.quota_directory = dir_ / "quota";
    home_ = std::make_unique<home::Home>(home::HomePaths{dir_ / "home"}, settings, clock_);
  }
  StoreAccess access() const { return access_by_token(*home_, Secret("a-token")); }
  // The end of this minute, as the server's clock has it.
  static std::string reset() {
    const auto now = std::chrono::duration_cast<std::chrono::seconds>(
        std::chrono::system_clock::now().time_since_epoch());
    return std::to_string(now.count() + 50);
  }
  // What other processes find in the shared record: how much of the store's minute is taken.
  int64_t counted() const {
    auto file = state::SharedRecord::open_existing(quota_file(*home_, std::to_string(kStore)));
    if (!file.ok()) return 0;
    file->lock();
    const auto record = *static_cast<const http::QuotaRecord*>(file->data());
    file->unlock();
    const auto state = http::quota_state(record, clock_.shared_now());
    return state.limit ? *state.limit - state.remaining : 0;
  }

  test::TempDir dir_;
  SystemClock clock_;
  int broken_ = 0;
  std::atomic<int64_t> served_ = 0;
  std::unique_ptr<http_server::Server> server_;
  std::unique_ptr<home::Home> home_;
};

TEST_F(StoreClientTest, ARequestOfAKnownStoreIsCounted) {
  StoreClient client(*home_, access(), StoreId(kStore), {});
  ASSERT_TRUE(client.ask_who().ok());
  EXPECT_EQ(client.info().name, "Riyadh");
  EXPECT_EQ(counted(), 1);
  ASSERT_TRUE(client.client().get("/orders").ok());
  EXPECT_EQ(counted(), 2);
  EXPECT_EQ(client.requests_made(), 2);
}

TEST_F(StoreClientTest, TheRequestThatTellsWhoAStoreIsCountsToo) {
  StoreClient client(*home_, access(), std::nullopt, {});
  ASSERT_TRUE(client.ask_who().ok());
  EXPECT_EQ(counted(), 1) << "sent before anybody knew whose limit it draws on";
  ASSERT_TRUE(client.client().get("/orders").ok());
  EXPECT_EQ(counted(), 2);
  EXPECT_EQ(client.requests_made(), 2);
}

TEST_F(StoreClientTest, ATokenIsAskedForItsStoreThroughTheLimit) {
  const auto store = ask_store(*home_, Secret("a-token"));
  ASSERT_TRUE(store.ok()) << store.error().to_text();
  EXPECT_EQ(store->id, kStore);
  EXPECT_EQ(counted(), 1);
}

TEST_F(StoreClientTest, AnAnswerThatCannotBeReadIsAskedForAgain) {
  broken_ = 1;
  StoreClient client(*home_, access(), StoreId(kStore), {});
  ASSERT_TRUE(client.ask_who().ok());
  EXPECT_EQ(client.requests_made(), 2);
}

TEST_F(StoreClientTest, ATokenOfAnotherStoreIsRefused) {
  auto other = access();
  other.name = "jeddah";
  other.id = StoreId(78);
  StoreClient client(*home_, other, other.id, {});
  const auto asked = client.ask_who();
  ASSERT_FALSE(asked.ok());
  EXPECT_EQ(asked.error().kind(), ErrorKind::kAuthFailed);
  EXPECT_NE(asked.error().to_text().find("opens another store, 77"), std::string::npos);
}

}  // namespace
}  // namespace falaj::stores
