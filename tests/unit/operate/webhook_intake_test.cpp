// Events from the inbox into landing: once, whatever is killed when; by their rules; and only for
// stores that are known.
#include "webhooks/intake.hpp"

#include "run/named_entities.hpp"
#include "run/webhook_events.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <random>

#include "base/hmac.hpp"
#include "base/log.hpp"
#include "operate/webhook_receiver.hpp"
#include "support/long_tests.hpp"
#include "support/plain_client.hpp"
#include "support/temp_dir.hpp"
#include "unit/landing/faulty_file_store.hpp"

namespace falaj::operate {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr UtcTime kReceived{Micros(1'656'235'310'000'000)};  // 2022-06-26T09:21:50Z
constexpr const char* kSegment = "01G6FQZ0000000000000000000";

// A home with one store and an inbox, on a disk that can be full.
class IntakeHome {
 public:
  void open() {
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
  Result<webhooks::IntakeReport> try_to_take_in(bool is_resumed = false) {
    run::WebhookEvents events(*state_, clock_, streams_, is_resumed);
    webhooks::Intake intake(inbox_, files_, *landing_, events);
    return intake.run();
  }
  webhooks::IntakeReport take_in(bool is_resumed = false) {
    auto report = try_to_take_in(is_resumed);
    EXPECT_TRUE(report.ok()) << report.error().to_text();
    return report.ok() ? std::move(*report) : webhooks::IntakeReport();
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
  std::vector<extract::NamedEntity> named() { return run::read_named(*state_, StoreId(17))->all; }

  test::TempDir home_;
  test::FaultyFileStore files_;
  ManualClock clock_{kReceived};
  std::optional<landing::Landing> landing_;
  std::optional<state::StateStore> state_;
  connectors::salla::Streams streams_ = connectors::salla::built_in_streams();
  webhooks::Inbox inbox_{files_, clock_, (home_ / "inbox").string()};
};

class WebhookIntakeTest : public ::testing::Test, protected IntakeHome {
 protected:
  void SetUp() override { open(); }
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

TEST_F(WebhookIntakeTest, ANarrowOrderIsLandedAsPartsAndAskedFor) {
  put({event("order.shipment.creating",
             R"({"id":5,"status":{},"amounts":{},"items":[{"id":1,"product_id":2}]})")});
  take_in();
  const auto pages = landed();
  ASSERT_EQ(pages.at("orders").size(), 1U);
  EXPECT_EQ(pages.at("orders")[0].shape, "parts");
  EXPECT_EQ(named(), (std::vector<extract::NamedEntity>{{"orders", 5}}));
}

// What a run commits is newer than what was before it, and this is committed after the run.
TEST_F(WebhookIntakeTest, WhatCameWhileARunWasReadingIsAskedFor) {
  const auto created = event("order.created", R"({"id":5,"status":{},"amounts":{},"items":[]})");
  const RunId run("01G6FQZ0000000000000000001");
  ASSERT_TRUE(state_->start_run(run, kReceived - 60s).ok());
  ASSERT_TRUE(state_->finish_run(run, "done", kReceived - 10s, "{}").ok());
  put({created});
  take_in();
  EXPECT_EQ(landed().at("orders").size(), 1U) << "the run had ended";
  const RunId next("01G6FQZ0000000000000000002");
  ASSERT_TRUE(state_->start_run(next, kReceived - 5s).ok());
  put({created}, "01G6FQZ0000000000000000003");
  take_in();
  EXPECT_EQ(landed().at("orders").size(), 1U);
  EXPECT_EQ(named(), (std::vector<extract::NamedEntity>{{"orders", 5}})) << "it is not over";
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
  // Killed while a package was written: what it left open is made again, not sealed as it is.
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
  const auto known = run::read_named(*state_, StoreId(17));
  EXPECT_EQ(known->asked_again, known->all);
  run::NamedEntities left;
  left.all = known->asked_again;
  ASSERT_TRUE(run::save_named(*state_, StoreId(17), left, kReceived).ok());
  EXPECT_EQ(named().size(), 1U);
  EXPECT_TRUE(run::read_named(*state_, StoreId(17))->asked_again.empty());
}

// Events on their way through a receiver and an intake whose disk is full from some change on.
class FullDisk : public IntakeHome {
 public:
  FullDisk() {
    open();
    for (int i = 0; i < 3; ++i) {
      bodies_.push_back(
          event("order.created",
                fmt::format(R"({{"id":{},"status":{{}},"amounts":{{}},"items":[]}})", 10 + i)));
      bodies_.push_back(event("order.updated", fmt::format(R"({{"id":{}}})", 20 + i)));
      bodies_.push_back(event("order.deleted", fmt::format(R"({{"id":{}}})", 30 + i)));
    }
  }

  void receive(int full_from, const std::function<void(FullDisk&)>& make_room) {
    config::Settings settings;
    settings.webhooks_address = "127.0.0.1";
    settings.webhooks_port = 0;
    settings.webhooks_path = "/w";
    settings.webhook_secret = Secret("s3");
    const home::Home home({home_.path().string()}, settings, clock_);
    auto options = receiver_options(home);
    ASSERT_TRUE(options.ok());
    options->inbox.segment_bytes_max = 500;  // several files
    UlidGenerator ulids(clock_, 7);
    auto receiver =
        webhooks::Receiver::start(files_, clock_, ulids, std::move(*options), receiver_hooks(home));
    ASSERT_TRUE(receiver.ok());
    test::PlainClient client((*receiver)->port());
    files_.fail_change_from(full_from == 0 ? 0 : files_.changes() + full_from);
    std::vector<std::string> refused;
    for (const auto& body : bodies_) {
      if (deliver(client, body) != 200) refused.push_back(body);
    }
    refused_ = refused.size();
    make_room(*this);
    for (const auto& body : refused) EXPECT_EQ(deliver(client, body), 200) << "delivered again";
    (*receiver)->stop();
  }
  // What the run asks for, deletes and loads once everything is taken in.
  void expect_everything_once() {
    const auto pages = landed();
    std::map<std::string, int> events;
    for (const auto& page : pages.at("webhooks")) {
      const auto row = Json::parse(page.body.view());
      ++events[(*row)["data"].as_array()[0]["body_sha256"].as_string()];
    }
    EXPECT_EQ(events.size(), bodies_.size());
    for (const auto& body : bodies_) EXPECT_EQ(events[to_hex(sha256(body))], 1) << body;
    EXPECT_EQ(pages.at("orders").size(), 3U);
    EXPECT_EQ(pages.at("deletions").size(), 3U);
    EXPECT_EQ(named(),
              (std::vector<extract::NamedEntity>{{"orders", 20}, {"orders", 21}, {"orders", 22}}));
    EXPECT_TRUE(fs::is_empty(home_ / "inbox"));
  }
  size_t refused() const { return refused_; }

 private:
  static int deliver(test::PlainClient& client, const std::string& body) {
    client.send(
        "POST /w HTTP/1.1\r\nHost: h\r\nX-Salla-Signature: " + to_hex(hmac_sha256("s3", body)) +
        "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    const auto answer = client.answer();
    const int status = answer.size() < 12 ? 0 : std::atoi(answer.c_str() + 9);
    EXPECT_TRUE(status == 200 || status == 503) << answer;
    return status;
  }

  std::vector<std::string> bodies_;
  size_t refused_ = 0;
};

void make_room(FullDisk& disk) {
  disk.files_.fail_change_from(0);
}

bool survives_receiving(int full_from) {
  FullDisk disk;
  disk.receive(full_from, make_room);
  disk.take_in();
  disk.expect_everything_once();
  return disk.refused() == 0;
}

bool survives_taking_in(int full_from) {
  FullDisk disk;
  disk.receive(0, make_room);
  disk.files_.fail_change_from(disk.files_.changes() + full_from);
  const auto taken = disk.try_to_take_in();
  EXPECT_TRUE(taken.ok() || taken.error().kind() == ErrorKind::kStorageFailed);
  make_room(disk);
  disk.take_in();
  disk.expect_everything_once();
  return taken.ok();
}

// Full at the n-th change of the disk, n = 1, 2, ... until all goes well: first while events are
// received, then while a run takes them in. Every fifth n, from another one each time, unless there is
// time for all.
TEST(WebhookIntakeDisk, AFullDiskAtAnyWriteCostsNothing) {
  const int step = test::is_long() ? 1 : 5;
  const auto first = 1 + static_cast<int>(std::random_device()() % static_cast<unsigned>(step));
  std::printf("from change %d on, every %d\n", first, step);
  set_log_level(LogLevel::kOff);
  for (const auto& survives : {survives_receiving, survives_taking_in}) {
    int full_from = first;
    for (bool is_over = false; !is_over && full_from < 200; full_from += step) {
      SCOPED_TRACE(fmt::format("{} from change {} on",
                               survives == survives_receiving ? "receiving" : "taking in",
                               full_from));
      is_over = survives(full_from);
    }
    EXPECT_GT(full_from, 15) << "too few changes to show anything";
    EXPECT_LT(full_from, 200);
  }
  set_log_level(LogLevel::kWarn);
}

}  // namespace
}  // namespace falaj::operate
