// OAuth against a scripted network: what each answer means for tokens that may be used once only.
#include "connectors/salla/oauth.hpp"

#include <gtest/gtest.h>

namespace falaj::connectors::salla {
namespace {

constexpr UtcTime kNow{Micros(1'795'000'000'000'000)};
constexpr int64_t kNowSeconds = 1'795'000'000;

class OneAnswer final : public http::Transport {
 public:
  explicit OneAnswer(Result<http::HttpResponse> answer) : answer_(std::move(answer)) {}
  void start(http::HttpRequest request, Done done) override {
    requests.push_back(std::move(request));
    done_ = std::move(done);
  }
  void poll(std::chrono::milliseconds) override {
    if (done_) std::exchange(done_, nullptr)(answer_);
  }
  size_t in_flight() const override { return done_ ? 1 : 0; }
  std::vector<http::HttpRequest> requests;

 private:
  Result<http::HttpResponse> answer_;
  Done done_;
};

OauthApp app() {
  return {"https://accounts.salla.sa", Secret("client id"), Secret("client/secret")};
}

Result<TokenGrant> refreshed(Result<http::HttpResponse> answer) {
  OneAnswer transport(std::move(answer));
  const ManualClock clock(kNow);
  auto grant = refresh_grant(transport, clock, app(), Secret("the-refresh-token"));
  EXPECT_EQ(transport.requests.size(), 1U) << "sent once, whatever came back";
  if (!grant.ok()) {
    const auto text = grant.error().to_text();
    EXPECT_EQ(text.find("the-refresh-token"), std::string::npos) << text;
    EXPECT_EQ(text.find("secret"), std::string::npos) << text;
  }
  return grant;
}

http::HttpResponse answer(int status, std::string body) {
  http::HttpResponse response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

TEST(Oauth, SendsAFormOnce) {
  OneAnswer transport(answer(200, R"({"access_token":"a"})"));
  const ManualClock clock(kNow);
  ASSERT_TRUE(refresh_grant(transport, clock, app(), Secret("r t")).ok());
  const auto& request = transport.requests.at(0);
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.url, "https://accounts.salla.sa/oauth2/token");
  EXPECT_EQ(request.headers[0].second, "application/x-www-form-urlencoded");
  EXPECT_EQ(request.body,
            "grant_type=refresh_token&refresh_token=r%20t&client_id=client%20id&client_secret="
            "client%2Fsecret");
}

TEST(Oauth, TakesEveryFormOfAnEnd) {
  const auto end = [](const std::string& member) {
    const auto grant =
        parse_grant(R"({"access_token":"a","refresh_token":"r",)" + member + "}", kNow);
    EXPECT_TRUE(grant.ok());
    return grant->expires_at;
  };
  const UtcTime later(Micros((kNowSeconds + 1'209'600) * 1'000'000));
  EXPECT_EQ(end(R"("expires":1796209600)"), later) << "absolute";
  EXPECT_EQ(end(R"("expires":"1796209600")"), later);
  EXPECT_EQ(end(R"("expires_in":1209600)"), later);
  EXPECT_EQ(end(R"("expires":1796209600,"expires_in":5)"), later) << "documented one first";
  EXPECT_EQ(end(R"("expires":1209600)"), later) << "no time since 2001, so a duration";
  EXPECT_EQ(end(R"("expires":null)"), std::nullopt);
  EXPECT_EQ(end(R"("expires_in":"soon")"), std::nullopt);
  const auto wrapped = parse_grant(R"({"data":{"access_token":"a","scope":"x y"}})", kNow);
  ASSERT_TRUE(wrapped.ok());
  EXPECT_EQ(wrapped->scopes, "x y");
  EXPECT_TRUE(wrapped->refresh.empty());
}

TEST(Oauth, EachAnswerHasOneMeaning) {
  struct Case {
    Result<http::HttpResponse> answer;
    ErrorKind kind;
  };
  Error refused(ErrorKind::kUnavailable, "connection refused");
  refused.vendor_code = http::kNotSent;
  const std::vector<Case> cases = {
      {answer(401, R"({"error":"invalid_grant","error_description":"revoked"})"),
       ErrorKind::kAuthFailed},
      {answer(400, R"({"error":"invalid_grant"})"), ErrorKind::kAuthFailed},
      {answer(401, R"({"error":"invalid_client"})"), ErrorKind::kInvalidConfig},
      {answer(400, R"({"error":"unsupported_grant_type"})"), ErrorKind::kInvalidConfig},
      {answer(404, "<html>"), ErrorKind::kInvalidConfig},
      {answer(429, ""), ErrorKind::kRateLimited},
      {answer(403, "<html>blocked</html>"), ErrorKind::kOutcomeUnknown},
      {answer(400, R"({"error":"something_new"})"), ErrorKind::kOutcomeUnknown},
      {answer(500, R"({"error":"invalid_client"})"), ErrorKind::kOutcomeUnknown},
      {answer(503, ""), ErrorKind::kOutcomeUnknown},
      {answer(200, ""), ErrorKind::kOutcomeUnknown},
      {answer(200, "<html>"), ErrorKind::kOutcomeUnknown},
      {answer(200, R"({"refresh_token":"r"})"), ErrorKind::kOutcomeUnknown},
      {Error(ErrorKind::kUnavailable, "reset"), ErrorKind::kOutcomeUnknown},
      {Error(ErrorKind::kTimeout, "no answer"), ErrorKind::kOutcomeUnknown},
      {refused, ErrorKind::kUnavailable},
  };
  for (const auto& one : cases) {
    const auto grant = refreshed(one.answer);
    ASSERT_FALSE(grant.ok());
    EXPECT_EQ(grant.error().kind(), one.kind) << grant.error().to_text();
  }
}

TEST(Oauth, WithoutAnAppNothingIsSent) {
  OneAnswer transport(answer(200, "{}"));
  const ManualClock clock(kNow);
  const auto grant = refresh_grant(transport, clock,
                                   {"https://accounts.salla.sa", Secret(), Secret()}, Secret("r"));
  EXPECT_EQ(grant.error().kind(), ErrorKind::kInvalidConfig);
  EXPECT_TRUE(transport.requests.empty());
}

TEST(Oauth, TheStateComesBackWithoutItsHyphens) {
  EXPECT_EQ(authorize_url(app(), {"offline_access orders.read", "http://127.0.0.1:1/cb", "a-b"}),
            "https://accounts.salla.sa/oauth2/auth?client_id=client%20id&response_type=code&"
            "redirect_uri=http%3A%2F%2F127.0.0.1%3A1%2Fcb&scope=offline_access%20orders.read&"
            "state=a-b");
  EXPECT_TRUE(is_same_state("a-b-c", "abc"));
  EXPECT_TRUE(is_same_state("a-b-c", "a-b-c"));
  EXPECT_FALSE(is_same_state("a-b-c", "abd"));
  EXPECT_FALSE(is_same_state("", ""));
}

TEST(Oauth, ReadsTheEventsOfAnApp) {
  const auto event = parse_app_event(
      R"({"event":"app.store.authorize","merchant":1234509876,"created_at":"2026-11-25 10:00:00",
          "data":{"access_token":"a","refresh_token":"r","expires":1796209600,"scope":"orders.read",
          "token_type":"bearer"}})",
      kNow);
  ASSERT_TRUE(event.ok());
  EXPECT_EQ(event->merchant, 1234509876);
  EXPECT_EQ(event->grant->refresh.expose(), "r");
  const auto gone =
      parse_app_event(R"({"event":"app.uninstalled","merchant":"7","data":{}})", kNow);
  ASSERT_TRUE(gone.ok());
  EXPECT_EQ(gone->merchant, 7);
  EXPECT_FALSE(gone->grant);
  for (const char* bad : {"", "[]", R"({"event":"app.uninstalled"})",
                          R"({"event":"app.store.authorize","merchant":7,"data":{}})"})
    EXPECT_FALSE(parse_app_event(bad, kNow).ok()) << bad;
  const auto cut = parse_app_event(R"({"event":"app.store.authorize","access_token":"tok)", kNow);
  EXPECT_EQ(cut.error().to_text().find("tok"), std::string::npos);
}

TEST(Oauth, AMissingScopeIsRecognisedByItsSlugInAnyLanguage) {
  const auto says = [](const char* text) {
    return says_missing_scope(Error(ErrorKind::kAuthFailed, text));
  };
  EXPECT_TRUE(says("The access token should have access to one of those scopes: orders.read"));
  EXPECT_TRUE(says("يجب أن يملك رمز الوصول إحدى الصلاحيات: orders.read_write"));
  EXPECT_FALSE(says("The access token is invalid"));
  EXPECT_FALSE(says("رمز الوصول غير صالح"));
}

}  // namespace
}  // namespace falaj::connectors::salla
