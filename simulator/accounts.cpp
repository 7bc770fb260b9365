#include "simulator/accounts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "base/json.hpp"
#include "simulator/answers.hpp"

namespace falaj::simulator {
namespace {

using http_server::Request;
using http_server::Response;

constexpr std::string_view kAllScopes = "offline_access";

// Form or JSON body of a token request, as name and value.
std::vector<http_server::NameValue> token_form(const Request& request) {
  const auto type = request.header("Content-Type").value_or("");
  if (type.find("json") == std::string_view::npos) return http_server::parse_query(request.body);
  std::vector<http_server::NameValue> form;
  const auto parsed = Json::parse(request.body);
  if (!parsed.ok()) return form;
  for (const auto& [name, value] : parsed->as_object()) form.emplace_back(name, value.as_string());
  return form;
}

std::string form_value(const std::vector<http_server::NameValue>& form, std::string_view name) {
  for (const auto& [key, value] : form) {
    if (key == name) return value;
  }
  return "";
}

Response oauth_error(int status, std::string_view code, std::string_view description) {
  Json json;
  json.set("error", code);
  json.set("error_description", description);
  return json_answer(status, json.dump());
}

Response invalid_grant() {
  return oauth_error(401, "invalid_grant",
                     "The provided authorization grant or refresh token is invalid, expired or "
                     "revoked.");
}

bool asks_for(std::string_view scopes, std::string_view wanted) {
  return fmt::format(" {} ", scopes).find(fmt::format(" {} ", wanted)) != std::string::npos;
}

std::string encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
    out += is_plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

Json pair_json(const TokenPair& pair, int64_t now, const std::string& scopes) {
  Json json;
  json.set("access_token", pair.access);
  if (pair.scope.empty() || asks_for(pair.scope, "offline_access"))
    json.set("refresh_token", pair.refresh);
  json.set("expires", pair.expires);
  json.set("expires_in", pair.expires - now);
  json.set("scope", !pair.scope.empty() ? pair.scope
                    : scopes.empty()    ? std::string(kAllScopes)
                                        : scopes);
  json.set("token_type", "bearer");
  return json;
}

}  // namespace

// The merchant is logged in and agrees; `store=N` says which one it is, `deny=1` that it does not.
Response Accounts::authorize(const Request& request) const {
  const auto value = [&](std::string_view name) {
    return std::string(request.parameter(name).value_or(""));
  };
  const auto redirect = value("redirect_uri");
  if (value("client_id").empty() || redirect.empty() || value("response_type") != "code") {
    return oauth_error(400, "invalid_request",
                       "client_id, redirect_uri and response_type=code are required.");
  }
  const auto store = static_cast<size_t>(std::max(1, std::atoi(value("store").c_str()))) - 1;
  if (store >= stores) return oauth_error(400, "invalid_request", "There is no such store.");
  // Salla takes the hyphens out.
  auto state = value("state");
  std::erase(state, '-');
  auto answer = value("deny") == "1"
                    ? std::string("error=access_denied")
                    : "code=" + encoded(tokens.issue_code(store, redirect, value("scope"), now)) +
                          "&scope=" + encoded(value("scope"));
  Response response;
  response.status = 302;
  response.headers.emplace_back(
      "Location",
      fmt::format("{}{}{}&state={}", redirect, redirect.find('?') == std::string::npos ? '?' : '&',
                  answer, encoded(state)));
  return response;
}

Response Accounts::token(const Request& request) const {
  if (request.method != "POST") return oauth_error(405, "invalid_request", "POST only");
  const auto form = token_form(request);
  const auto type = form_value(form, "grant_type");
  if (type != "refresh_token" && type != "authorization_code") {
    return oauth_error(400, "unsupported_grant_type",
                       "The authorization grant type is not supported.");
  }
  if (form_value(form, "client_id").empty() || form_value(form, "client_secret").empty())
    return oauth_error(401, "invalid_client", "Client authentication failed.");
  const auto pair =
      type == "refresh_token"
          ? tokens.refresh(form_value(form, "refresh_token"), now)
          : tokens.exchange(form_value(form, "code"), form_value(form, "redirect_uri"), now);
  if (!pair) return invalid_grant();
  return json_answer(200, pair_json(*pair, now, scopes).dump());
}

std::string Accounts::install_event(size_t store, int64_t merchant,
                                    const std::string& created_at) const {
  auto data = pair_json(tokens.issue(store, "", now), now, scopes);
  data.set("app_name", "falaj");
  Json event;
  event.set("event", "app.store.authorize");
  event.set("merchant", merchant);
  event.set("created_at", created_at);
  event.set("data", std::move(data));
  return event.dump();
}

}  // namespace falaj::simulator
