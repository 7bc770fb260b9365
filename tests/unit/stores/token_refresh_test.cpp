// Refreshing tokens against a scripted network: whatever is lost, cut or refused, no refresh token
// is sent twice, and no token that arrived is lost.
#include "stores/token_refresh.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>

#include "state/refresh_journal.hpp"
#include "support/temp_dir.hpp"

namespace falaj::stores {
namespace {

using namespace std::chrono_literals;

constexpr UtcTime kNow{Micros(1'795'000'000'000'000)};
const StoreId kStore(11);

// Answers as Salla does: each refresh token is good once.
class FakeSalla final : public http::Transport {
 public:
  std::function<Result<http::HttpResponse>(int generation)> answers = [](int generation) {
    return pair(generation);
  };
  std::vector<std::string> sent;  // bodies
  std::function<void()> on_send = [] {};

  static http::HttpResponse pair(int generation) {
    http::HttpResponse response;
    response.status = 200;
    response.body = fmt::format(
        R"({{"access_token":"access-{0}","refresh_token":"refresh-{0}","expires_in":1209600}})",
        generation);
    return response;
  }
  static http::HttpResponse refusal(int status, const std::string& code) {
    http::HttpResponse response;
    response.status = status;
    response.body = fmt::format(R"({{"error":"{}","error_description":"no"}})", code);
    return response;
  }
  void start(http::HttpRequest request, Done done) override {
    sent.push_back(std::move(request.body));
    on_send();
    done_ = std::move(done);
  }
  void poll(std::chrono::milliseconds) override {
    if (done_) std::exchange(done_, nullptr)(answers(static_cast<int>(sent.size())));
  }
  size_t in_flight() const override { return done_ ? 1 : 0; }

 private:
  Done done_;
};

class TokenRefreshTest : public ::testing::Test {
 protected:
  TokenRefreshTest() : vault_(open()) {
    state::VaultStore store;
    store.id = kStore;
    store.name = "riyadh";
    store.origin = state::StoreOrigin::kAuthorized;
    store.added_at = kNow;
    EXPECT_TRUE(vault_
                    .put(store, {Secret("access-0"), Secret("refresh-0"), kNow, kNow + 14 * 24h,
                                 "orders.read offline_access"})
                    .ok());
    clock_.advance(14 * 24h - 12h);  // due, and not ended
  }
  state::TokenVault open() {
    auto vault = state::TokenVault::open(dir_.path().string(), {});
    EXPECT_TRUE(vault.ok());
    return std::move(vault).value();
  }
  RefreshParts parts() {
    return {dir_ / "state",
            vault_,
            salla_,
            clock_,
            {"https://accounts.salla.sa", Secret("id"), Secret("secret")},
            {}};
  }
  Result<state::StoreTokens> refresh(RefreshReason reason = RefreshReason::kDue,
                                     const std::string& seen = "access-0") {
    return refresh_tokens(parts(), kStore, reason, Secret(seen));
  }
  std::string vault_access() { return open().tokens(kStore)->access.expose(); }
  state::StoreState vault_state() { return open().find("riyadh")->state; }
  std::optional<state::RefreshJournal::Entry> journal() {
    auto file = state::RefreshJournal::open(dir_ / "state", kStore, clock_, 1s, {});
    EXPECT_TRUE(file.ok());
    return *file->read(*vault_.key());
  }

  test::TempDir dir_;
  ManualClock clock_{kNow};
  FakeSalla salla_;
  state::TokenVault vault_;
};

TEST_F(TokenRefreshTest, ADueTokenIsRenewedOnceForAllWhoSawTheOldOne) {
  const auto renewed = refresh();
  ASSERT_TRUE(renewed.ok()) << renewed.error().to_text();
  EXPECT_EQ(renewed->access.expose(), "access-1");
  EXPECT_EQ(renewed->scopes, "orders.read offline_access") << "kept where the answer names none";
  EXPECT_EQ(vault_access(), "access-1");
  EXPECT_FALSE(journal());
  // Another process that still holds the old one, for whatever reason.
  for (const auto reason :
       {RefreshReason::kDue, RefreshReason::kRefused, RefreshReason::kAsked, RefreshReason::kAgain})
    EXPECT_EQ(refresh(reason)->access.expose(), "access-1");
  EXPECT_EQ(salla_.sent.size(), 1U);
  EXPECT_EQ(refresh(RefreshReason::kDue, "access-1")->access.expose(), "access-1") << "not due";
  EXPECT_EQ(refresh(RefreshReason::kAsked, "access-1")->access.expose(), "access-2") << "asked";
  EXPECT_TRUE(*vault_.is_spent(Secret("refresh-0")));
}

TEST_F(TokenRefreshTest, TheBeginningIsDurableBeforeAnythingIsSent) {
  bool was_written = false;
  salla_.on_send = [&] {
    const auto text = test::read_text_file(dir_ / "state/refresh-11");
    was_written = text.find(state::fingerprint(Secret("refresh-0"))) != std::string::npos;
    EXPECT_EQ(text.find("refresh-0"), std::string::npos) << "never the token itself";
  };
  ASSERT_TRUE(refresh().ok());
  EXPECT_TRUE(was_written);
}

TEST_F(TokenRefreshTest, ALostAnswerIsNeverAskedForAgain) {
  salla_.answers = [](int) { return Error(ErrorKind::kUnavailable, "reset by peer"); };
  const auto lost = refresh();
  ASSERT_FALSE(lost.ok());
  EXPECT_EQ(lost.error().kind(), ErrorKind::kOutcomeUnknown);
  EXPECT_NE(lost.error().message().find("falaj store authorize riyadh"), std::string::npos);
  EXPECT_EQ(vault_state(), state::StoreState::kUnclear);
  // The access token can still be used, so a run goes on with it.
  const auto still = refresh();
  ASSERT_TRUE(still.ok()) << still.error().to_text();
  EXPECT_EQ(still->access.expose(), "access-0");
  // Not when the API refuses it, not when it has ended, not when a person asks.
  EXPECT_EQ(refresh(RefreshReason::kRefused).error().kind(), ErrorKind::kOutcomeUnknown);
  EXPECT_EQ(refresh(RefreshReason::kAsked).error().kind(), ErrorKind::kOutcomeUnknown);
  clock_.advance(24h);
  EXPECT_EQ(refresh().error().kind(), ErrorKind::kOutcomeUnknown);
  EXPECT_EQ(salla_.sent.size(), 1U);
  // A person may decide to.
  salla_.answers = FakeSalla::pair;
  EXPECT_EQ(refresh(RefreshReason::kAgain)->access.expose(), "access-2");
  EXPECT_EQ(vault_state(), state::StoreState::kActive);
}

TEST_F(TokenRefreshTest, AServersErrorLeavesTheOutcomeUnknown) {
  for (const int status : {500, 502, 503}) {
    salla_.answers = [&](int) { return FakeSalla::refusal(status, "server_error"); };
    EXPECT_FALSE(refresh(RefreshReason::kAsked).ok());
  }
  EXPECT_EQ(salla_.sent.size(), 1U);
}

TEST_F(TokenRefreshTest, WhatWasNeverSentOrNeverLookedAtIsTriedAgain) {
  Error refused(ErrorKind::kUnavailable, "connection refused");
  refused.vendor_code = http::kNotSent;
  salla_.answers = [&](int) { return refused; };
  EXPECT_EQ(refresh().error().kind(), ErrorKind::kUnavailable);
  salla_.answers = [](int) { return FakeSalla::refusal(401, "invalid_client"); };
  EXPECT_EQ(refresh().error().kind(), ErrorKind::kInvalidConfig);
  salla_.answers = [](int) { return FakeSalla::refusal(429, ""); };
  EXPECT_EQ(refresh().error().kind(), ErrorKind::kRateLimited);
  EXPECT_EQ(vault_state(), state::StoreState::kActive);
  salla_.answers = FakeSalla::pair;
  EXPECT_TRUE(refresh().ok());
}

TEST_F(TokenRefreshTest, ABurntFamilyIsRecordedAndLeftAlone) {
  salla_.answers = [](int) { return FakeSalla::refusal(401, "invalid_grant"); };
  const auto burnt = refresh();
  EXPECT_EQ(burnt.error().kind(), ErrorKind::kAuthFailed);
  EXPECT_NE(burnt.error().message().find("falaj store authorize riyadh"), std::string::npos);
  EXPECT_EQ(vault_state(), state::StoreState::kBurnt);
  for (const auto reason :
       {RefreshReason::kDue, RefreshReason::kRefused, RefreshReason::kAsked, RefreshReason::kAgain})
    EXPECT_EQ(refresh(reason).error().kind(), ErrorKind::kAuthFailed);
  EXPECT_EQ(salla_.sent.size(), 1U);
}

TEST_F(TokenRefreshTest, AnAnswerThatCouldNotGoIntoTheVaultGoesThereLater) {
  // What a process leaves that is killed after the answer, or whose disk is full.
  {
    auto file = state::RefreshJournal::open(dir_ / "state", kStore, clock_, 1s, {});
    ASSERT_TRUE(file->begin(Secret("refresh-0"), kNow).ok());
    ASSERT_TRUE(file->keep_answer(*vault_.key(), Secret("refresh-0"),
                                  {Secret("access-9"), Secret("refresh-9"), kNow, kNow + 28 * 24h,
                                   "orders.read"},
                                  kNow)
                    .ok());
  }
  EXPECT_EQ(vault_access(), "access-0");
  EXPECT_EQ(refresh()->access.expose(), "access-9");
  EXPECT_EQ(vault_access(), "access-9");
  EXPECT_TRUE(salla_.sent.empty()) << "nothing was asked for";
  EXPECT_FALSE(journal());
}

TEST_F(TokenRefreshTest, AnAnswerIsGoodForItsOwnStoreAndTokenOnly) {
  auto file = state::RefreshJournal::open(dir_ / "state", StoreId(12), clock_, 1s, {});
  ASSERT_TRUE(file->begin(Secret("refresh-0"), kNow).ok());
  ASSERT_TRUE(file->keep_answer(*vault_.key(), Secret("refresh-0"),
                                {Secret("stolen"), {}, kNow, {}, ""}, kNow)
                  .ok());
  std::filesystem::copy(dir_ / "state/refresh-12", dir_ / "state/refresh-11");
  EXPECT_FALSE(refresh().ok());
  EXPECT_EQ(vault_access(), "access-0");
}

TEST_F(TokenRefreshTest, ATornJournalCountsAsBegun) {
  ASSERT_TRUE(refresh(RefreshReason::kAsked).ok());
  {
    std::FILE* file = std::fopen((dir_ / "state/refresh-11").c_str(), "r+");
    std::fputs(R"({"fingerprint":"12)", file);
    std::fclose(file);
  }
  EXPECT_EQ(refresh(RefreshReason::kAsked, "access-1").error().kind(), ErrorKind::kOutcomeUnknown);
  EXPECT_EQ(salla_.sent.size(), 1U);
}

TEST_F(TokenRefreshTest, NewTokensEndEveryDoubt) {
  salla_.answers = [](int) { return Error(ErrorKind::kTimeout, "no answer"); };
  EXPECT_FALSE(refresh().ok());
  auto store = *vault_.find("riyadh");
  ASSERT_TRUE(
      put_store(vault_, dir_ / "state", clock_, store,
                {Secret("access-new"), Secret("refresh-new"), clock_.now(), clock_.now() + 1h, ""},
                {})
          .ok());
  salla_.answers = FakeSalla::pair;
  EXPECT_EQ(vault_state(), state::StoreState::kActive);
  EXPECT_EQ(refresh(RefreshReason::kAsked, "access-new")->access.expose(), "access-2");
}

TEST_F(TokenRefreshTest, AStaticTokenSaysWhatToDo) {
  auto store = *vault_.find("riyadh");
  store.origin = state::StoreOrigin::kStaticToken;
  ASSERT_TRUE(vault_.put(store, {Secret("static"), Secret(), kNow, {}, ""}).ok());
  const auto refused = refresh(RefreshReason::kAsked, "static");
  EXPECT_EQ(refused.error().kind(), ErrorKind::kAuthFailed);
  EXPECT_NE(refused.error().message().find("falaj store add riyadh"), std::string::npos);
}

TEST_F(TokenRefreshTest, AFullDiskStopsARefreshBeforeItIsSent) {
  // A folder in the journal's place: it can neither be made nor given room.
  std::filesystem::create_directory(dir_ / "state/refresh-11");
  EXPECT_EQ(refresh().error().kind(), ErrorKind::kStorageFailed);
  EXPECT_TRUE(salla_.sent.empty());
}

TEST(IsDue, ADayBeforeTheEndAndOfShortLivesTheLastQuarter) {
  const auto due = [](Micros life, Micros age) {
    return is_due({Secret("a"), Secret("r"), kNow, kNow + life, ""}, kNow + age);
  };
  EXPECT_FALSE(due(14 * 24h, 13 * 24h - 1s));
  EXPECT_TRUE(due(14 * 24h, 13 * 24h));
  EXPECT_FALSE(due(1h, 44min));
  EXPECT_TRUE(due(1h, 45min));
  EXPECT_FALSE(is_due({Secret("a"), Secret(), kNow, kNow + 1h, ""}, kNow + 2h)) << "static";
  EXPECT_FALSE(is_due({Secret("a"), Secret("r"), kNow, {}, ""}, kNow + 999h)) << "no end is known";
}

}  // namespace
}  // namespace falaj::stores
