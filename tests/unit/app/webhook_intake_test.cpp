// Events from the inbox into landing: once, whatever is killed when; by their rules; and only for
// stores that are known.
#include "app/webhook_intake.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "support/temp_dir.hpp"

namespace falaj::app {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr UtcTime kReceived{Micros(1'656'235'310'000'000)};  // 2022-06-26T09:21:50Z
constexpr const char* kSegment = "01G6FQZ0000000000000000000";

class WebhookIntakeTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto opened = landing::Landing::open(files_, clock_, (home_ / "landing").string());
    ASSERT_TRUE(opened.ok());
    landing_.emplace(std::move(*opened));
    auto state = state::StateStore::open(home_.path().string());
    ASSERT_TRUE(state.ok());
    state_.emplace(std::move(*state));
    ASSERT_TRUE(state_->save_store("f", {17, "store", "pro"}, kReceived).ok());
    fs::create_directories(home_ / "inbox");
  }

  static std::string event(const std::string& name, const std::string& data, int64_t store = 17) {
    return fmt::format(
        R"({{"event":"{}","merchant":{},"created_at":"2022-06-26 12:21:48","data":{}}})", name,
        store, data);
  }
  void put(const std::vector<std::string>& bodies, const std::string& name = kSegment) {
    std::string text;
    for (const auto& body : bodies) {
      const auto merchant = Json::parse(body)->operator[]("merchant").as_int();
      webhooks::append_record(text, {merchant, kReceived, sha256(body), body});
    }
    std::ofstream(home_ / ("inbox/" + name + ".events"), std::ios::binary) << text;
  }
  IntakeReport take_in(bool is_resumed = false) {
    WebhookIntake intake(inbox_, files_, *landing_, *state_, clock_, streams_);
    auto report = intake.run(is_resumed);
    EXPECT_TRUE(report.ok()) << report.error().to_text();
    return report.ok() ? std::move(*report) : IntakeReport();
  }
  std::map<std::string, std::vector<landing::PageRecord>> landed() {
    std::map<std::string, std::vector<landing::PageRecord>> pages;
    const auto list = landing_->list();
    EXPECT_TRUE(list.ok());
    for (const auto& package : list->packages) {
      auto reader = landing_->open_package(package.identity.package_id);
      EXPECT_TRUE(reader.ok());
      while (auto page = *(*reader)->next()) pages[package.identity.stream].push_back(*page);
    }
    return pages;
  }
  std::vector<extract::NamedEntity> named() { return read_named(*state_, StoreId(17))->all; }

  test::TempDir home_;
  landing::PosixFileStore files_;
  ManualClock clock_{kReceived};
  std::optional<landing::Landing> landing_;
  std::optional<state::StateStore> state_;
  connectors::salla::Streams streams_ = connectors::salla::built_in_streams();
  webhooks::Inbox inbox_{files_, clock_, (home_ / "inbox").string()};
};

TEST_F(WebhookIntakeTest, DoesWhatTheRulesSay) {
  put({event("order.created", R"({"id":5,"status":{},"amounts":{},"items":[]})"),
       event("order.status.updated", R"({"id":999,"order":{"id":6}})"),
       event("order.updated", R"({"id":6})"), event("order.deleted", R"({"id":7})"),
       event("order.updated", R"({"id":7})"), event("customer.login", R"({"id":8})"),
       event("order.teleported", R"({"id":9})")});
  EXPECT_EQ(take_in().events, 7);
  const auto pages = landed();
  EXPECT_EQ(pages.at("webhooks").size(), 7U);
  ASSERT_EQ(pages.at("orders").size(), 1U);
  EXPECT_EQ(pages.at("orders")[0].source, "webhook");
  EXPECT_EQ(pages.at("orders")[0].shape, "full");
  EXPECT_LT(pages.at("orders")[0].fetched_at, kReceived);
  ASSERT_EQ(pages.at("deletions").size(), 1U);
  EXPECT_NE(pages.at("deletions")[0].body.view().find(R"("id":7,"entity":"orders")"),
            std::string_view::npos);
  // Named twice, asked for once; what is gone is not asked for.
  EXPECT_EQ(named(), (std::vector<extract::NamedEntity>{{"orders", 6}}));
  EXPECT_TRUE(fs::is_empty(home_ / "inbox"));
}

TEST_F(WebhookIntakeTest, AKilledIntakeIsDoneAgainOnce) {
  const std::vector<std::string> bodies = {
      event("order.created", R"({"id":5,"status":{},"amounts":{},"items":[]})"),
      event("order.updated", R"({"id":6})")};
  put(bodies);
  take_in();
  const auto before = landed();
  // Killed after sealing and before the segment was removed.
  put(bodies);
  take_in();
  EXPECT_EQ(landed().at("webhooks").size(), before.at("webhooks").size());
  EXPECT_EQ(landed().at("orders").size(), 1U);
  // Killed while a package was written: what it left open is made anew, not sealed as it is.
  const auto list = landing_->list();
  for (const auto& package : list->packages) {
    const auto path = landing_->package_path(package.identity.package_id);
    fs::rename(path, path + ".open");
    fs::remove(path + ".open/manifest.json");
    fs::resize_file(path + ".open/frames.zst", 40);
  }
  put(bodies);
  take_in();
  EXPECT_EQ(landed().at("webhooks").size(), 2U);
  EXPECT_EQ(landed().at("orders").size(), 1U);
  EXPECT_EQ(landing_->recover()->packages_sealed, 0);
  EXPECT_EQ(named().size(), 1U);
}

TEST_F(WebhookIntakeTest, StoresThatAreNotKnownAreKeptAndNotActedUpon) {
  put({event("order.created", R"({"id":5,"status":{},"amounts":{},"items":[]})", 99)});
  take_in();
  const auto pages = landed();
  ASSERT_EQ(pages.size(), 1U);
  EXPECT_NE(pages.at("webhooks")[0].body.view().find(R"("taken_as":"ignore")"),
            std::string_view::npos);
}

TEST_F(WebhookIntakeTest, DamageCostsItsOwnEventAndTheFileIsKept) {
  put({event("order.updated", R"({"id":5})"), event("order.updated", R"({"id":6})"),
       event("order.updated", R"({"id":7})")});
  const auto path = home_ / ("inbox/" + std::string(kSegment) + ".events");
  const auto size = fs::file_size(path);
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(static_cast<std::streamoff>(size / 2));
  file.put('\x7f');
  file.close();
  const auto report = take_in();
  EXPECT_EQ(report.events, 2);
  ASSERT_EQ(report.notes.size(), 1U);
  EXPECT_NE(report.notes[0].find(".corrupt"), std::string::npos) << report.notes[0];
  EXPECT_EQ(named().size(), 2U);
  take_in();
  EXPECT_EQ(landed().at("webhooks").size(), 2U);
}

TEST_F(WebhookIntakeTest, WhatAResumedRunIsToldIsAskedForAgain) {
  put({event("order.updated", R"({"id":5})")});
  take_in(true);
  const auto known = read_named(*state_, StoreId(17));
  EXPECT_EQ(known->asked_again, known->all);
  NamedEntities left;
  left.all = known->asked_again;
  ASSERT_TRUE(save_named(*state_, StoreId(17), left, kReceived).ok());
  EXPECT_EQ(named().size(), 1U);
  EXPECT_TRUE(read_named(*state_, StoreId(17))->asked_again.empty());
}

}  // namespace
}  // namespace falaj::app
