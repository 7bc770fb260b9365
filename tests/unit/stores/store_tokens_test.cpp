// Tokens that Salla sends: installs, updates, and events that come late, twice or out of order.
#include "stores/store_tokens.hpp"

#include <gtest/gtest.h>

#include "support/temp_dir.hpp"

namespace falaj::stores {
namespace {

using namespace std::chrono_literals;
using state::StoreState;

constexpr UtcTime kNow{Micros(1'795'000'000'000'000)};

class StoreTokensTest : public ::testing::Test {
 protected:
  std::string accept(const std::string& body) {
    auto said = accept_store_authorization(home_, body);
    EXPECT_TRUE(said.ok()) << said.error().to_text();
    EXPECT_EQ(said->find("token-"), std::string::npos) << "no token in the log: " << *said;
    return *said;
  }
  // The event of an install at the clock's time.
  std::string install(const std::string& suffix) {
    const auto now =
        std::chrono::duration_cast<std::chrono::seconds>(clock_.now().time_since_epoch());
    return fmt::format(
        R"({{"event":"app.store.authorize","merchant":77,"created_at":"2026-11-25 10:00:00","data":)"
        R"({{"access_token":"token-a{0}","refresh_token":"token-r{0}","expires":{1},)"
        R"("scope":"orders.read offline_access","token_type":"bearer"}}}})",
        suffix, now.count() + 1'209'600);
  }
  static std::string uninstall() {
    return R"({"event":"app.uninstalled","merchant":77,"created_at":"2026-11-25 11:00:00","data":{}})";
  }
  state::TokenVault vault() {
    auto opened = state::TokenVault::open(dir_.path().string(), {});
    EXPECT_TRUE(opened.ok());
    return std::move(opened).value();
  }
  std::string access() { return vault().tokens(StoreId(77))->access.expose(); }
  StoreState store_state() { return vault().find("77")->state; }

  test::TempDir dir_;
  ManualClock clock_{kNow};
  home::Home home_{{dir_.path().string()}, {}, clock_};
};

TEST_F(StoreTokensTest, AnInstallAddsAStoreAndAnUpdateGivesItNewTokens) {
  accept(install("1"));
  const auto store = *vault().find("store-77");
  EXPECT_EQ(store.id, StoreId(77));
  EXPECT_EQ(store.origin, state::StoreOrigin::kInstalled);
  EXPECT_TRUE(store.can_refresh);
  EXPECT_EQ(store.expires_at, kNow + 14 * 24h);
  clock_.advance(1h);
  accept(install("2"));
  EXPECT_EQ(access(), "token-a2");
}

TEST_F(StoreTokensTest, AnEventThatComesLateDoesNotPutBackOldTokens) {
  const auto first = install("1");
  accept(first);
  clock_.advance(1h);
  accept(install("2"));
  accept(first);
  EXPECT_EQ(access(), "token-a2") << "older ones";
  // The same after a refresh spent what the event brought.
  auto opened = vault();
  ASSERT_TRUE(opened
                  .replace_tokens(StoreId(77),
                                  {Secret("token-a3"), Secret("token-r3"), clock_.now(), {}, ""},
                                  Secret("token-r2"), clock_.now())
                  .ok());
  accept(install("2"));
  EXPECT_EQ(access(), "token-a3");
  ASSERT_TRUE(opened.mark(StoreId(77), StoreState::kBurnt, "refused").ok());
  accept(install("2"));
  EXPECT_EQ(store_state(), StoreState::kBurnt) << "a spent token does not heal";
  accept(install("4"));
  EXPECT_EQ(store_state(), StoreState::kActive);
}

TEST_F(StoreTokensTest, AnUninstallIsBelievedOnceItCannotBeOlderThanTheInstall) {
  accept(uninstall());  // of a store that is not here
  accept(install("1"));
  clock_.advance(10min);
  accept(uninstall());
  EXPECT_EQ(store_state(), StoreState::kActive);
  clock_.advance(1h);
  accept(uninstall());
  EXPECT_EQ(store_state(), StoreState::kUninstalled);
  accept(install("2"));
  EXPECT_EQ(store_state(), StoreState::kActive);
}

TEST_F(StoreTokensTest, OtherEventsAndBrokenBodiesChangeNothing) {
  EXPECT_TRUE(concerns_tokens("app.store.authorize"));
  EXPECT_TRUE(concerns_tokens("app.uninstalled"));
  EXPECT_FALSE(concerns_tokens("order.created"));
  accept(R"({"event":"app.installed","merchant":77,"data":{}})");
  for (const char* bad : {"", "{}", R"({"event":"app.store.authorize","merchant":77,"data":{}})"}) {
    const auto said = accept_store_authorization(home_, bad);
    ASSERT_FALSE(said.ok());
    EXPECT_EQ(said.error().kind(), ErrorKind::kBadResponse);
  }
  EXPECT_FALSE(state::TokenVault::exists(dir_.path().string()));
}

}  // namespace
}  // namespace falaj::stores
