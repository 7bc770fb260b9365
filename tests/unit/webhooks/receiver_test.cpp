// The receiver, asked over a socket: what it keeps, what it refuses, and that it takes no harm.
#include "webhooks/receiver.hpp"

#include <gtest/gtest.h>

#include <atomic>

#include "base/hmac.hpp"
#include "support/plain_client.hpp"
#include "support/temp_dir.hpp"
#include "unit/landing/faulty_file_store.hpp"
#include "webhooks/inbox.hpp"

namespace falaj::webhooks {
namespace {

using namespace std::chrono_literals;
using test::PlainClient;

constexpr const char* kPath = "/webhooks/salla";

std::string post(const std::string& body, const std::string& headers) {
  return fmt::format("POST {} HTTP/1.1\r\nHost: h\r\nContent-Length: {}\r\n{}\r\n{}", kPath,
                     body.size(), headers, body);
}

std::string signed_post(const std::string& body, const std::string& secret = "secret") {
  return post(body, "X-Salla-Signature: " + to_hex(hmac_sha256(secret, body)) + "\r\n");
}

class ReceiverTest : public testing::Test {
 protected:
  void start(ReceiverOptions options = {}) {
    options.strategy = Strategy::kSignature;
    if (options.secrets.general.empty() && options.secrets.of_store.empty())
      options.secrets.general.emplace_back("secret");
    options.inbox.directory = directory_;
    ReceiverHooks hooks;
    // Bodies "KEEP n ..." are of store n; "TOKEN" has credentials; others are no events.
    hooks.inspect = [](std::string_view body) -> Result<Inspection> {
      if (body.starts_with("TOKEN")) return Inspection{1, "TOKEN ***", true};
      if (!body.starts_with("KEEP ")) return Error(ErrorKind::kBadResponse, "no event");
      return Inspection{std::atoll(std::string(body.substr(5)).c_str()), std::nullopt, false};
    };
    hooks.take_credentials = [this](std::string_view) -> Status {
      ++credentials_;
      if (credentials_fail_) return Error(ErrorKind::kStorageFailed, "the vault is locked");
      return {};
    };
    auto started = Receiver::start(files_, clock_, ulids_, std::move(options), std::move(hooks));
    ASSERT_TRUE(started.ok());
    receiver_ = std::move(started).value();
  }
  int ask(const std::string& request) {
    PlainClient client(receiver_->port());
    client.send(request);
    return status_of(client.answer());
  }
  static int status_of(const std::string& answer) {
    return answer.size() < 12 ? 0 : std::atoi(answer.c_str() + 9);
  }
  std::vector<std::string> kept() {
    receiver_->stop();
    Inbox inbox(files_, clock_, directory_);
    std::vector<std::string> bodies;
    const auto report = inbox.collect(0s);
    for (const auto& name : report->names) {
      const auto segment = inbox.read(name);
      for (const auto& record : segment->content.records) bodies.emplace_back(record.body);
    }
    return bodies;
  }

  test::TempDir home_;
  std::string directory_ = (home_ / "inbox").string();
  test::FaultyFileStore files_;
  SystemClock clock_;
  UlidGenerator ulids_{clock_, 7};
  std::unique_ptr<Receiver> receiver_;
  std::atomic<int> credentials_{0};
  std::atomic<bool> credentials_fail_{false};
};

TEST_F(ReceiverTest, KeepsWhatIsSigned) {
  start();
  EXPECT_EQ(ask(signed_post("KEEP 1 a")), 200);
  EXPECT_EQ(ask(signed_post("KEEP 2 b")), 200);
  EXPECT_EQ(receiver_->counters().kept, 2);
  EXPECT_EQ(kept(), (std::vector<std::string>{"KEEP 1 a", "KEEP 2 b"}));
}

TEST_F(ReceiverTest, AReplayIsAnsweredAndNotKeptAgain) {
  start();
  for (int i = 0; i < 5; ++i) EXPECT_EQ(ask(signed_post("KEEP 1 a")), 200);
  EXPECT_EQ(receiver_->counters().repeated, 4);
  EXPECT_EQ(kept(), (std::vector<std::string>{"KEEP 1 a"}));
}

TEST_F(ReceiverTest, RefusesWhatIsNotSignedOrNoEvent) {
  start();
  EXPECT_EQ(ask(signed_post("KEEP 1 a", "wrong")), 401);
  EXPECT_EQ(ask(post("KEEP 1 a", "")), 401);
  EXPECT_EQ(ask(post("rubbish", "")), 401);
  EXPECT_EQ(ask(signed_post("rubbish")), 400);
  EXPECT_EQ(ask("GET /webhooks/salla HTTP/1.1\r\nHost: h\r\n\r\n"), 405);
  EXPECT_EQ(ask("POST /other HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n"), 404);
  const auto counted = receiver_->counters();
  EXPECT_EQ(counted.not_genuine, 3);
  EXPECT_EQ(counted.malformed, 1);
  EXPECT_TRUE(kept().empty());
}

TEST_F(ReceiverTest, StoresWithSecretsOfTheirOwn) {
  ReceiverOptions options;
  options.secrets.general.emplace_back("general");
  options.secrets.of_store[17].emplace_back("theirs");
  start(std::move(options));
  EXPECT_EQ(ask(signed_post("KEEP 17 a", "theirs")), 200);
  EXPECT_EQ(ask(signed_post("KEEP 17 b", "general")), 401);
  EXPECT_EQ(ask(signed_post("KEEP 18 c", "general")), 200);
  EXPECT_EQ(ask(signed_post("KEEP 18 d", "theirs")), 401);
  EXPECT_EQ(ask(signed_post("rubbish", "general")), 400);
  EXPECT_EQ(ask(post("rubbish", "")), 401);
}

TEST_F(ReceiverTest, RefusesTheOversizedTheSlowAndTheTooMany) {
  ReceiverOptions options;
  options.server.body_bytes_max = 1000;
  options.server.request_deadline = 100ms;
  options.server.connections_max = 2;
  start(std::move(options));
  {
    PlainClient large(receiver_->port());
    large.send(post(std::string(2000, 'x'), ""));
    EXPECT_EQ(status_of(large.read_rest()), 413);
  }
  {
    PlainClient slow(receiver_->port());
    slow.send("POST /webhooks/salla HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nKEEP");
    EXPECT_EQ(status_of(slow.read_rest()), 408);
  }
  PlainClient first(receiver_->port());
  first.send(signed_post("KEEP 1 a"));
  EXPECT_EQ(status_of(first.answer()), 200);
  PlainClient second(receiver_->port());
  second.send(signed_post("KEEP 1 b"));
  EXPECT_EQ(status_of(second.answer()), 200);
  PlainClient third(receiver_->port());
  EXPECT_EQ(status_of(third.read_rest()), 503);
  first.send(signed_post("KEEP 1 c"));
  EXPECT_EQ(status_of(first.answer()), 200);
  EXPECT_EQ(kept().size(), 3U);
}

TEST_F(ReceiverTest, AFullDiskAsksForAnotherDelivery) {
  start();
  EXPECT_EQ(ask(signed_post("KEEP 1 a")), 200);
  files_.fail_write_from(files_.writes() + 1);
  EXPECT_EQ(ask(signed_post("KEEP 1 b")), 503);
  files_.fail_write_from(0);
  EXPECT_EQ(ask(signed_post("KEEP 1 b")), 200);
  EXPECT_EQ(receiver_->counters().failed, 1);
  EXPECT_EQ(kept(), (std::vector<std::string>{"KEEP 1 a", "KEEP 1 b"}));
}

TEST_F(ReceiverTest, CredentialsAreHandedOnAndNotKept) {
  start();
  credentials_fail_ = true;
  EXPECT_EQ(ask(signed_post("TOKEN abc")), 503);
  credentials_fail_ = false;
  EXPECT_EQ(ask(signed_post("TOKEN abc")), 200);
  EXPECT_EQ(ask(signed_post("TOKEN abc")), 200);
  EXPECT_EQ(credentials_, 2);
  EXPECT_EQ(kept(), (std::vector<std::string>{"TOKEN ***"}));
}

}  // namespace
}  // namespace falaj::webhooks
