#include "connectors/salla/oauth.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "base/json.hpp"
#include "base/json_part.hpp"

namespace falaj::connectors::salla {
namespace {

using namespace std::chrono_literals;

// A number below this is no time since 1970 that a token could end at (it is September 2001), but a
// number of seconds from now.
constexpr int64_t kFirstAbsoluteTime = 1'000'000'000;
constexpr auto kPollSlice = 50ms;

// What OAuth's servers say when they did not look at the grant at all (RFC 6749 5.2).
constexpr std::array kRefusedBefore = {"invalid_client", "unauthorized_client",
                                       "unsupported_grant_type", "invalid_request",
                                       "invalid_scope"};

std::optional<int64_t> number_of(const Json& json) {
  if (json.is_integer()) return json.as_int();
  if (json.is_number()) return static_cast<int64_t>(json.as_double());
  const auto text = json.as_string();
  if (text.empty() || text.size() > 18 ||
      text.find_first_not_of("0123456789") != std::string::npos) {
    return std::nullopt;
  }
  return std::atoll(text.c_str());
}

std::optional<UtcTime> expiry_of(const Json& json, UtcTime now) {
  for (const char* name : {"expires", "expires_at", "expires_in"}) {
    const auto seconds = number_of(json[name]);
    if (!seconds || *seconds <= 0) continue;
    if (*seconds >= kFirstAbsoluteTime) return UtcTime(std::chrono::seconds(*seconds));
    return now + std::chrono::seconds(*seconds);
  }
  return std::nullopt;
}

Result<TokenGrant> grant_of(const Json& json, UtcTime now) {
  TokenGrant grant;
  grant.access = Secret(json["access_token"].as_string());
  grant.refresh = Secret(json["refresh_token"].as_string());
  grant.expires_at = expiry_of(json, now);
  grant.scopes = json["scope"].as_string();
  if (grant.access.empty()) return Error(ErrorKind::kBadResponse, "the answer has no access_token");
  return grant;
}

// Sends one request and waits for its answer.
Result<http::HttpResponse> exchange(http::Transport& transport, http::HttpRequest request) {
  std::optional<Result<http::HttpResponse>> answer;
  transport.start(std::move(request),
                  [&](Result<http::HttpResponse> result) { answer.emplace(std::move(result)); });
  while (!answer) transport.poll(kPollSlice);
  return std::move(*answer);
}

Error outcome_unknown(const std::string& what) {
  return Error(ErrorKind::kOutcomeUnknown,
               what + "; whether Salla executed the request is not known");
}

// Never the body itself: it could repeat what was sent.
Error refused(const http::HttpResponse& response) {
  const auto json = Json::parse(json_part(response.body));
  const auto code = json.ok() ? (*json)["error"].as_string() : std::string();
  const auto said = json.ok() ? excerpt((*json)["error_description"].as_string()) : std::string();
  const auto answer = fmt::format("HTTP {}{}{}{}{}", response.status, code.empty() ? "" : " ",
                                  excerpt(code, 60), said.empty() ? "" : ": ", said);
  const auto make = [&](ErrorKind kind, const std::string& text) {
    Error error(kind, text);
    error.http_status = response.status;
    error.vendor_code = code;
    return error;
  };
  if (code == "invalid_grant") return make(ErrorKind::kAuthFailed, answer);
  if (response.status == 429)
    return make(ErrorKind::kRateLimited, answer + "; nothing was executed");
  const bool is_certain =
      response.status < 500 &&
      (std::find(kRefusedBefore.begin(), kRefusedBefore.end(), code) != kRefusedBefore.end() ||
       response.status == 404 || response.status == 405);
  if (is_certain) {
    return make(ErrorKind::kInvalidConfig,
                answer + "; check SALLA_CLIENT_ID, SALLA_CLIENT_SECRET and SALLA_ACCOUNTS_URL");
  }
  return make(ErrorKind::kOutcomeUnknown, outcome_unknown(answer).message());
}

Result<TokenGrant> ask_for_tokens(http::Transport& transport, const Clock& clock,
                                  const OauthApp& app, const std::string& form) {
  if (app.client_id.empty() || app.client_secret.empty()) {
    return Error(ErrorKind::kInvalidConfig,
                 "SALLA_CLIENT_ID and SALLA_CLIENT_SECRET are not set: take both from the app in "
                 "the Salla partner portal");
  }
  http::HttpRequest request;
  request.method = "POST";
  request.url = app.accounts_url + "/oauth2/token";
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                     {"Accept", "application/json"}};
  request.body = form + "&" + form_field("client_id", app.client_id.expose()) + "&" +
                 form_field("client_secret", app.client_secret.expose());
  auto response = exchange(transport, std::move(request));
  if (!response.ok()) {
    const auto& error = response.error();
    if (error.vendor_code == http::kNotSent) {
      return Error(error.kind() == ErrorKind::kInvalidConfig ? ErrorKind::kInvalidConfig
                                                             : ErrorKind::kUnavailable,
                   error.message());
    }
    return outcome_unknown(error.message());
  }
  if (response->status < 200 || response->status >= 300) return refused(*response);
  auto grant = parse_grant(response->body, clock.now());
  if (grant.ok()) return grant;
  return outcome_unknown(fmt::format("HTTP {}, but {}", response->status, grant.error().message()));
}

}  // namespace

std::string form_field(std::string_view name, std::string_view value) {
  std::string text(name);
  text += '=';
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
    if (is_plain) {
      text += c;
    } else {
      text += fmt::format("%{:02X}", byte);
    }
  }
  return text;
}

Result<TokenGrant> refresh_grant(http::Transport& transport, const Clock& clock,
                                 const OauthApp& app, const Secret& refresh) {
  return ask_for_tokens(transport, clock, app,
                        form_field("grant_type", "refresh_token") + "&" +
                            form_field("refresh_token", refresh.expose()))
      .while_doing("refreshing a token at " + app.accounts_url);
}

Result<TokenGrant> code_grant(http::Transport& transport, const Clock& clock, const OauthApp& app,
                              const Secret& code, const std::string& redirect_uri) {
  return ask_for_tokens(transport, clock, app,
                        form_field("grant_type", "authorization_code") + "&" +
                            form_field("code", code.expose()) + "&" +
                            form_field("redirect_uri", redirect_uri))
      .while_doing("exchanging the code for tokens at " + app.accounts_url);
}

Result<TokenGrant> parse_grant(std::string_view body, UtcTime now) {
  const auto json = Json::parse(json_part(body));
  if (!json.ok()) return Error(ErrorKind::kBadResponse, "the answer is no JSON");
  return grant_of((*json)["data"].is_object() ? (*json)["data"] : *json, now);
}

std::string authorize_url(const OauthApp& app, const AuthorizeRequest& request) {
  return app.accounts_url + "/oauth2/auth?" + form_field("client_id", app.client_id.expose()) +
         "&" + form_field("response_type", "code") + "&" +
         form_field("redirect_uri", request.redirect_uri) + "&" +
         form_field("scope", request.scopes) + "&" + form_field("state", request.state);
}

bool is_same_state(std::string_view sent, std::string_view received) {
  const auto bare = [](std::string_view text) {
    std::string kept;
    std::copy_if(text.begin(), text.end(), std::back_inserter(kept),
                 [](char c) { return c != '-'; });
    return kept;
  };
  return !sent.empty() && bare(sent) == bare(received);
}

Result<AppEvent> parse_app_event(std::string_view body, UtcTime now) {
  const auto parsed = Json::parse(json_part(body));
  // Its error would quote the body.
  if (!parsed.ok()) return Error(ErrorKind::kBadResponse, "the event is no JSON");
  const Json& json = *parsed;
  AppEvent event;
  event.event = json["event"].as_string();
  event.merchant = number_of(json["merchant"]).value_or(0);
  event.created_at = json["created_at"].as_string();
  if (event.event.empty() || event.merchant <= 0)
    return Error(ErrorKind::kBadResponse, "the event has no `event` or no `merchant`");
  if (event.event == "app.store.authorize") {
    FALAJ_ASSIGN(event.grant, grant_of(json["data"], now));
  }
  return event;
}

bool says_missing_scope(const Error& error) {
  // The slug of a scope is not translated: "orders.read", "webhooks.read_write".
  const auto& text = error.message();
  return text.find("scope") != std::string::npos || text.find(".read") != std::string::npos;
}

}  // namespace falaj::connectors::salla
