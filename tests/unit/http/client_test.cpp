// Verdicts, quota and the client against a scripted transport and a clock that moves when told.
#include "http/client.hpp"

#include <gtest/gtest.h>

#include "base/waits.hpp"
#include "http/transport.hpp"
#include "http/verdict.hpp"

namespace falaj::http {
namespace {

using namespace std::chrono_literals;
using Action = Verdict::Action;

constexpr UtcTime kStart{Micros(1'795'000'020'000'000)};  // 20 s into a minute

HttpResponse answer(int status, std::string body = R"({"data":[]})",
                    const std::vector<std::pair<std::string, std::string>>& headers = {}) {
  HttpResponse response;
  response.status = status;
  response.body = std::move(body);
  for (const auto& [name, value] : headers) response.headers.add(name, value);
  return response;
}

TEST(Verdict, EachStatusHasItsKind) {
  const std::vector<std::pair<int, ErrorKind>> table = {
      {401, ErrorKind::kAuthFailed},  {403, ErrorKind::kNotAllowed},
      {404, ErrorKind::kNotFound},    {410, ErrorKind::kNotFound},
      {408, ErrorKind::kTimeout},     {422, ErrorKind::kBadResponse},
      {429, ErrorKind::kRateLimited}, {500, ErrorKind::kUnavailable},
      {502, ErrorKind::kUnavailable}, {503, ErrorKind::kUnavailable},
      {504, ErrorKind::kUnavailable}};
  for (const auto& [status, kind] : table) {
    const auto usable = classify(answer(status, R"({"error":{"code":"c","message":"said"}})"));
    ASSERT_FALSE(usable.ok()) << status;
    EXPECT_EQ(usable.error().kind(), kind) << status;
    EXPECT_EQ(usable.error().http_status, status);
    EXPECT_NE(usable.error().message().find("said"), std::string::npos) << "the API's own words";
  }
  const auto moved = classify(answer(301, "", {{"Location", "http://elsewhere.example/"}}));
  EXPECT_EQ(moved.error().kind(), ErrorKind::kBadResponse);
  EXPECT_NE(moved.error().message().find("http://elsewhere.example/"), std::string::npos);
  for (const int status : {404, 410, 422}) {
    EXPECT_EQ(classify(answer(status, "<html>")).error().kind(), ErrorKind::kUnavailable)
        << status << " of a proxy says nothing about an order";
  }
  EXPECT_TRUE(classify(answer(200)).ok());
  EXPECT_TRUE(classify(answer(204, "")).ok());
  for (const auto* body : {"", "<html>blocked</html>", "  \n"}) {
    EXPECT_EQ(classify(answer(200, body)).error().kind(), ErrorKind::kBadResponse) << body;
  }
}

TEST(Verdict, AMissingScopeIsToldFromABadToken) {
  const auto scope = classify(answer(
      401,
      R"({"error":{"message":"The access token should have access to one of those scopes: x"}})"));
  const auto token = classify(answer(401, R"({"error":{"message":"Unauthorized"}})"));
  EXPECT_NE(scope.error().message().find("partner portal"), std::string::npos);
  EXPECT_NE(token.error().message().find("expired or revoked"), std::string::npos);
}

TEST(Verdict, WhatMayPassIsTriedAgainWithGrowingWaits) {
  RetryPolicy policy;
  policy.max_retries = 3;
  const Error down(ErrorKind::kUnavailable, "down");
  EXPECT_EQ(judge(down, {.failures = 1}, policy).wait, 1s);
  EXPECT_EQ(judge(down, {.failures = 2}, policy).wait, 2s);
  EXPECT_EQ(judge(down, {.failures = 3}, policy).wait, 4s);
  EXPECT_EQ(judge(down, {.failures = 4}, policy).action, Action::kGiveUp);
  for (const auto kind : {ErrorKind::kAuthFailed, ErrorKind::kNotFound}) {
    EXPECT_EQ(judge(Error(kind, "no"), {.failures = 1}, policy).action, Action::kGiveUp);
  }
  Error refused(ErrorKind::kBadResponse, "422");
  refused.http_status = 422;
  EXPECT_EQ(judge(refused, {.failures = 1}, policy).action, Action::kGiveUp);
  refused.http_status = 200;
  EXPECT_EQ(judge(refused, {.failures = 1}, policy).action, Action::kRetry) << "HTML from a proxy";
}

TEST(Verdict, RateLimitsWaitAsToldWithinReason) {
  const RetryPolicy policy;
  Error limited(ErrorKind::kRateLimited, "429");
  EXPECT_EQ(judge(limited, {}, policy).wait, 60s);
  limited.retry_after = 7s;
  EXPECT_EQ(judge(limited, {}, policy).wait, 7s);
  EXPECT_EQ(judge(limited, {}, policy).action, Action::kWaitForQuota);
  limited.retry_after = 24h;
  EXPECT_EQ(judge(limited, {}, policy).wait, 15min);
  EXPECT_EQ(judge(limited, {.limited_for = 44min}, policy).action, Action::kWaitForQuota);
  EXPECT_EQ(judge(limited, {.limited_for = 45min}, policy).action, Action::kGiveUp);
  Headers headers;
  headers.add("retry-after", "12");
  EXPECT_EQ(parse_retry_after(headers), 12s);
  for (const auto* bad : {"", "-3", "soon", "Wed, 21 Oct 2026 07:28:00 GMT"}) {
    Headers other;
    other.add("Retry-After", bad);
    EXPECT_EQ(parse_retry_after(other), std::nullopt) << bad;
  }
}

// Answers in the order of the script; the last one again and again.
class ScriptedTransport final : public Transport {
 public:
  std::vector<std::function<Result<HttpResponse>()>> script;
  std::vector<HttpRequest> requests;

  void start(HttpRequest request, Done done) override {
    requests.push_back(std::move(request));
    started_.push_back(std::move(done));
  }
  void poll(std::chrono::milliseconds) override {
    for (auto& done : std::exchange(started_, {})) {
      const auto& next = script[std::min(at_++, script.size() - 1)];
      done(next());
    }
  }
  size_t in_flight() const override { return started_.size(); }

 private:
  std::vector<Done> started_;
  size_t at_ = 0;
};

class ClientTest : public ::testing::Test {
 protected:
  Client make() {
    ClientOptions options;
    options.base_url = "http://127.0.0.1:1/admin/v2";
    options.token = Secret("the-token");
    options.retry = retry_;
    options.deadline = deadline_;
    options.bucket_of = [](std::string_view path) {
      return path.starts_with("/customers") ? Bucket::kCustomers : Bucket::kStore;
    };
    return {transport_, clock_, std::move(options), stop_.get_token()};
  }
  ManualClock clock_{kStart};
  RetryPolicy retry_;
  std::optional<Micros> deadline_;
  ScriptedTransport transport_;
  std::stop_source stop_;
};

TEST_F(ClientTest, AuthorisesAndHandsBackTheAnswer) {
  transport_.script = {[] { return answer(200, R"({"data":1})"); }};
  auto client = make();
  const auto got = client.get("/orders?page=1");
  ASSERT_TRUE(got.ok()) << got.error().to_text();
  EXPECT_EQ(got->body, R"({"data":1})");
  EXPECT_EQ(transport_.requests[0].url, "http://127.0.0.1:1/admin/v2/orders?page=1");
  EXPECT_EQ(transport_.requests[0].headers[0].second, "Bearer the-token");
  EXPECT_FALSE(client.poll()) << "idle";
}

TEST_F(ClientTest, RidesOutFailuresAndWaitsInBetween) {
  transport_.script = {
      []() -> Result<HttpResponse> { return Error(ErrorKind::kUnavailable, "connection reset"); },
      [] { return answer(503, "{}"); }, [] { return answer(200, "<html>"); },
      [] { return answer(200); }};
  auto client = make();
  EXPECT_TRUE(client.get("/orders").ok());
  EXPECT_EQ(client.counters().requests, 4);
  EXPECT_EQ(client.counters().retries, 3);
  EXPECT_GE(clock_.now() - kStart, 7s) << "1 + 2 + 4 seconds";
  EXPECT_LE(clock_.now() - kStart, 8s) << "and a tenth of jitter";
}

TEST_F(ClientTest, WaitsForTheQuotaThatA429Reports) {
  transport_.script = {[] {
                         return answer(429, "{}", {{"Retry-After", "30"}});
                       },
                       [] { return answer(200); }};
  auto client = make();
  EXPECT_TRUE(client.get("/orders").ok());
  EXPECT_EQ(client.counters().rate_limited, 1);
  EXPECT_GE(clock_.now() - kStart, 30s);
}

// A clock that moves by itself and takes down what stands in the list of waits meanwhile.
class WatchedClock final : public Clock {
 public:
  std::vector<Wait> seen;

  UtcTime now() const override { return clock_.now(); }
  Micros steady_now() const override { return clock_.steady_now(); }
  bool wait_for(Micros duration, std::stop_token stop) override {
    for (auto& each : current_waits()) seen.push_back(std::move(each.wait));
    return clock_.wait_for(duration, std::move(stop));
  }

 private:
  ManualClock clock_{kStart};
};

TEST_F(ClientTest, AWaitSaysWhatItIsForAndWhoseItIs) {
  transport_.script = {[] { return answer(503, "{}"); },
                       []() -> Result<HttpResponse> { return Error(ErrorKind::kTimeout, "late"); },
                       [] {
                         return answer(429, "{}", {{"Retry-After", "30"}});
                       },
                       [] { return answer(200); }};
  WatchedClock clock;
  ClientOptions options;
  options.base_url = "http://127.0.0.1:1/admin/v2";
  options.whose = "riyadh";
  Client client(transport_, clock, std::move(options), {});
  ASSERT_TRUE(client.get("/orders").ok());
  ASSERT_EQ(clock.seen.size(), 3U);
  EXPECT_EQ(clock.seen[0].what, WaitFor::kRetry);
  EXPECT_EQ(clock.seen[0].cause, "HTTP 503");
  EXPECT_EQ(clock.seen[1].cause, "no whole answer");
  EXPECT_EQ(clock.seen[2].what, WaitFor::kQuota);
  EXPECT_EQ(clock.seen[2].cause, "HTTP 429");
  EXPECT_GE(clock.seen[2].lasts, 30s);
  for (const auto& wait : clock.seen) EXPECT_EQ(wait.subject, "riyadh");
  EXPECT_TRUE(current_waits().empty());
}

TEST_F(ClientTest, AWaitForTheMinuteToEndIsForTheQuota) {
  const auto reset = std::to_string((kStart + 40s).time_since_epoch() / 1s);
  transport_.script = {[&] {
    return answer(200, "{}",
                  {{"X-RateLimit-Limit", "120"},
                   {"X-RateLimit-Remaining", "0"},
                   {"X-RateLimit-Reset", reset}});
  }};
  WatchedClock clock;
  ClientOptions options;
  options.base_url = "http://127.0.0.1:1/admin/v2";
  options.whose = "riyadh";
  Client client(transport_, clock, std::move(options), {});
  ASSERT_TRUE(client.get("/store/info").ok());
  EXPECT_TRUE(clock.seen.empty());
  ASSERT_TRUE(client.get("/orders").ok());
  ASSERT_FALSE(clock.seen.empty());
  EXPECT_EQ(clock.seen[0].what, WaitFor::kQuota);
  EXPECT_EQ(clock.seen[0].cause, "");
  EXPECT_GE(clock.seen[0].lasts, 39s);
}

TEST_F(ClientTest, ARequestThatIsRefusedForEverIsGivenUpWhenItHasWaitedLongEnough) {
  transport_.script.assign(1, [] { return answer(429, "{}", {{"Retry-After", "30"}}); });
  retry_.rate_limit_max = 5min;
  auto client = make();
  const auto got = client.get("/orders");
  ASSERT_FALSE(got.ok());
  EXPECT_EQ(got.error().kind(), ErrorKind::kRateLimited);
  EXPECT_GE(clock_.now() - kStart, 5min);
  EXPECT_LE(clock_.now() - kStart, 6min);
}

TEST_F(ClientTest, AWaitThatWouldOutlastTheDeadlineEndsAtOnce) {
  transport_.script.assign(1, [] { return answer(429, "{}", {{"Retry-After", "600"}}); });
  deadline_ = clock_.steady_now() + 20s;
  auto client = make();
  const auto got = client.get("/orders");
  ASSERT_FALSE(got.ok());
  EXPECT_EQ(got.error().kind(), ErrorKind::kCancelled);
  EXPECT_EQ(got.error().vendor_code, kTimeIsUp);
  EXPECT_LT(clock_.now() - kStart, 1s) << "nobody waits for nothing";
  EXPECT_FALSE(client.get("/customers").ok());
  EXPECT_EQ(transport_.requests.size(), 1U) << "nothing is sent afterwards";
}

// Never answers; time goes by while it is polled.
class SilentTransport final : public Transport {
 public:
  explicit SilentTransport(ManualClock& clock) : clock_(clock) {}
  void start(HttpRequest, Done done) override { started_.push_back(std::move(done)); }
  void poll(std::chrono::milliseconds) override { clock_.advance(100ms); }
  size_t in_flight() const override { return started_.size(); }
  void drop_all(const Error& reason) override {
    for (auto& done : std::exchange(started_, {})) done(reason);
  }

 private:
  ManualClock& clock_;
  std::vector<Done> started_;
};

TEST(ClientEnd, WhatIsUnderWayIsDroppedASecondAfterAStopAndAfterTheDeadline) {
  ManualClock clock(kStart);
  SilentTransport transport(clock);
  ClientOptions options;
  options.base_url = "http://127.0.0.1:1";
  options.deadline = clock.steady_now() + 5s;
  std::stop_source stop;
  Client late(transport, clock, options, stop.get_token());
  const auto first = late.get("/orders");
  EXPECT_EQ(first.error().vendor_code, kTimeIsUp);
  EXPECT_GE(clock.now() - kStart, 6s);
  EXPECT_LE(clock.now() - kStart, 7s);
  options.deadline.reset();
  Client stopped(transport, clock, options, stop.get_token());
  std::optional<Result<ApiResponse>> got;
  stopped.fetch("/orders", [&](Result<ApiResponse> answer) { got.emplace(std::move(answer)); });
  const auto before = clock.now();
  stop.request_stop();
  while (stopped.poll()) {
  }
  ASSERT_TRUE(got.has_value());
  EXPECT_EQ(got->error().kind(), ErrorKind::kCancelled);
  EXPECT_LE(clock.now() - before, 2s);
}

HttpResponse limited_answer(int status, int64_t limit, int64_t remaining, UtcTime reset) {
  return answer(status, "{}",
                {{"X-RateLimit-Limit", std::to_string(limit)},
                 {"X-RateLimit-Remaining", std::to_string(remaining)},
                 {"X-RateLimit-Reset", std::to_string(reset.time_since_epoch() / 1s)}});
}

TEST_F(ClientTest, CustomersThatMustWaitHoldUpNobodyElse) {
  // The customers' bucket is refused, as Salla may announce it; the store's own has room.
  transport_.script = {[&] { return limited_answer(200, 120, 119, kStart + 40s); },
                       [&] { return limited_answer(429, 500, 0, kStart + 8min); },
                       [&] { return limited_answer(200, 120, 100, kStart + 40s); }};
  auto client = make();
  ASSERT_TRUE(client.get("/store/info").ok());
  std::vector<std::string> order;
  const auto ask = [&](const std::string& path) {
    client.fetch(path, [&order, path](Result<ApiResponse> got) {
      order.push_back(path + (got.ok() ? "" : " failed"));
    });
  };
  ask("/customers?page=1");
  clock_.advance(1s);
  for (int page = 1; page <= 5; ++page) ask(fmt::format("/orders?page={}", page));
  while (order.size() < 5 && client.poll()) {
  }
  EXPECT_LT(clock_.now() - kStart, 5s) << "orders did not wait";
  EXPECT_EQ(order, (std::vector<std::string>{"/orders?page=1", "/orders?page=2", "/orders?page=3",
                                             "/orders?page=4", "/orders?page=5"}));
  while (client.poll()) {
  }
  EXPECT_EQ(order.back(), "/customers?page=1");
  EXPECT_GE(clock_.now() - kStart, 8min) << "as long as the refusal said";
  EXPECT_EQ(client.counters().rate_limited, 1);
  EXPECT_EQ(client.quota().limit_per_minute, 120) << "500 is not the store's limit";
}

TEST_F(ClientTest, ARefusedCustomerWhoseStoreIsUsedUpStopsTheStore) {
  transport_.script = {[&] { return limited_answer(200, 120, 1, kStart + 40s); },
                       [&] { return limited_answer(429, 120, 0, kStart + 40s); },
                       [&] { return limited_answer(200, 120, 119, kStart + 100s); }};
  auto client = make();
  ASSERT_TRUE(client.get("/store/info").ok());
  ASSERT_TRUE(client.get("/customers?page=1").ok());
  EXPECT_GE(clock_.now() - kStart, 40s);
  EXPECT_LT(clock_.now() - kStart, 50s) << "the minute's end was announced";
}

TEST_F(ClientTest, GivesUpWithWhatWasAskedAndWhatCameBack) {
  transport_.script = {[] { return answer(500, R"({"message":"Server Error"})"); }};
  auto client = make();
  const auto got = client.get("/products?page=3");
  ASSERT_FALSE(got.ok());
  const auto text = got.error().to_text();
  EXPECT_NE(text.find("/products?page=3"), std::string::npos) << text;
  EXPECT_NE(text.find("Server Error"), std::string::npos) << text;
  EXPECT_EQ(text.find("the-token"), std::string::npos) << text;
  EXPECT_EQ(transport_.requests.size(), 6U) << "one and five more";
}

TEST_F(ClientTest, AStopGivesBackWhatWaits) {
  transport_.script = {[] { return answer(503, "{}"); }};
  auto client = make();
  std::vector<ErrorKind> kinds;
  for (int i = 0; i < 3; ++i) {
    client.fetch("/orders", [&](Result<ApiResponse> got) { kinds.push_back(got.error().kind()); });
  }
  stop_.request_stop();
  while (client.poll()) {
  }
  EXPECT_EQ(kinds, std::vector<ErrorKind>(3, ErrorKind::kCancelled));
}

// Hands out what it is told to.
class ScriptedTokens final : public TokenSource {
 public:
  Result<Secret> token() override {
    if (problem) return *problem;
    return Secret(current);
  }
  Result<Secret> replace(const Secret& refused, const Error& why) override {
    asked.push_back(refused.expose());
    if (refused.expose() == current && next.empty()) return why;
    if (refused.expose() == current) current = std::exchange(next, "");
    return Secret(current);
  }
  std::string current = "old";
  std::string next = "new";
  std::optional<Error> problem;
  std::vector<std::string> asked;
};

class RenewalTest : public ClientTest {
 protected:
  Client make() {
    ClientOptions options;
    options.base_url = "http://127.0.0.1:1/admin/v2";
    options.tokens = tokens_;
    options.quota.per_second_without_headers = 0;
    return {transport_, clock_, std::move(options), stop_.get_token()};
  }
  std::string sent_with(size_t request) { return transport_.requests[request].headers[0].second; }
  std::shared_ptr<ScriptedTokens> tokens_ = std::make_shared<ScriptedTokens>();
};

TEST_F(RenewalTest, RequestsUnderWayGoOnWithTheNewToken) {
  size_t answered = 0;
  bool is_dead = false;
  transport_.script = {[&] {
    const bool is_refused = is_dead && sent_with(answered) == "Bearer old";
    ++answered;
    return answer(is_refused ? 401 : 200);
  }};
  auto client = make();
  ASSERT_TRUE(client.get("/orders").ok()) << "the first is sent alone, to learn the quota";
  is_dead = true;
  int good = 0;
  for (int i = 0; i < 3; ++i)
    client.fetch("/orders", [&](Result<ApiResponse> got) { good += got.ok() ? 1 : 0; });
  while (client.poll()) {
  }
  EXPECT_EQ(good, 3);
  EXPECT_EQ(tokens_->asked, std::vector<std::string>(3, "old")) << "all three were under way";
  EXPECT_EQ(transport_.requests.size(), 7U);
}

TEST_F(RenewalTest, ASecondRefusalStands) {
  transport_.script = {[] { return answer(401, R"({"error":{"message":"no"}})"); }};
  auto client = make();
  const auto got = client.get("/orders");
  ASSERT_FALSE(got.ok());
  EXPECT_EQ(got.error().kind(), ErrorKind::kAuthFailed);
  EXPECT_EQ(transport_.requests.size(), 2U);
}

TEST_F(RenewalTest, WithoutATokenNothingIsSent) {
  transport_.script = {[] { return answer(200); }};
  tokens_->problem = Error(ErrorKind::kAuthFailed, "the merchant must install the app again");
  auto client = make();
  const auto got = client.get("/orders");
  ASSERT_FALSE(got.ok());
  EXPECT_NE(got.error().to_text().find("install the app again"), std::string::npos);
  EXPECT_TRUE(transport_.requests.empty());
}

TEST(Transport, PlainHttpGoesToThisMachineOnly) {
  for (const auto* url : {"http://127.0.0.1:80/x", "http://localhost/x", "http://[::1]:8080/",
                          "https://api.salla.dev/admin/v2"}) {
    EXPECT_TRUE(check_url(url).ok()) << url;
  }
  for (const auto* url : {"http://api.salla.dev/admin/v2", "http://127.0.0.1.evil.example/",
                          "ftp://127.0.0.1/", "api.salla.dev", ""}) {
    EXPECT_FALSE(check_url(url).ok()) << url;
  }
}

}  // namespace
}  // namespace falaj::http
