#include "http/verdict.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "base/json_part.hpp"

namespace falaj::http {
namespace {

constexpr int64_t kDaySeconds = 86'400;

// The API's own words: error.code, error.message and error.fields; OAuth's error_description; or
// the beginning of whatever came.
struct Said {
  std::string text;
  std::string code;
};

std::string fields_text(const Json& fields) {
  std::string text;
  for (const auto& [name, messages] : fields.as_object()) {
    if (!text.empty()) text += "; ";
    text += name + ": ";
    if (messages.is_string()) text += messages.as_string();
    for (size_t i = 0; i < messages.as_array().size(); ++i) {
      text += (i > 0 ? ", " : "") + messages.as_array()[i].as_string();
    }
  }
  return text;
}

Said read_error_body(const std::string& body) {
  if (body.empty()) return {"an empty body", ""};
  auto parsed = Json::parse(json_part(body));
  if (!parsed.ok() || !parsed->is_object()) return {excerpt(body), ""};
  const Json& error = (*parsed)["error"];
  Said said;
  if (error.is_object()) {
    said.code = error["code"].is_integer() ? std::to_string(error["code"].as_int())
                                           : error["code"].as_string();
    said.text = error["message"].as_string();
    const auto fields = fields_text(error["fields"]);
    if (!fields.empty()) said.text += (said.text.empty() ? "" : ", ") + fields;
  } else if (error.is_string()) {
    said.code = error.as_string();
    said.text = (*parsed)["error_description"].as_string();
  } else {
    said.text = (*parsed)["message"].as_string();
  }
  if (said.text.empty()) said.text = excerpt(body);
  said.text = excerpt(said.text, 300);
  return said;
}

bool looks_like_json(std::string_view body) {
  body = json_part(body);
  const auto first = body.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && (body[first] == '{' || body[first] == '[');
}

// These say something about the thing that was asked for, if the API itself said them. A page of a
// proxy or of an edge server says nothing about it (salla-api.md 2.3).
bool is_about_the_entity(int status) {
  return status == 404 || status == 410 || status == 422;
}

Error redirected(const HttpResponse& response) {
  Error error(
      ErrorKind::kBadResponse,
      fmt::format("HTTP {}: a redirect to {}, which is not followed: the token goes to "
                  "SALLA_API_BASE_URL only",
                  response.status, excerpt(response.headers.find("Location").value_or("nowhere"))));
  error.http_status = response.status;
  return error;
}

Error refused(const HttpResponse& response) {
  if (response.status >= 300 && response.status < 400) return redirected(response);
  const auto said = read_error_body(response.body);
  const auto answer = fmt::format("HTTP {}: {}", response.status, said.text);
  const auto make = [&](ErrorKind kind, std::string_view advice) {
    Error error(kind, advice.empty() ? answer : fmt::format("{}; {}", answer, advice));
    error.http_status = response.status;
    error.vendor_code = said.code;
    error.retry_after = parse_retry_after(response.headers);
    return error;
  };
  if (is_about_the_entity(response.status) && !response.body.empty() &&
      !looks_like_json(response.body)) {
    return make(ErrorKind::kUnavailable, "this is no answer of Salla's API");
  }
  switch (response.status) {
    case 401:
      if (said.text.find("scope") != std::string::npos) {
        return make(ErrorKind::kAuthFailed,
                    "give the app this scope in the Salla partner portal and authorise it again");
      }
      return make(ErrorKind::kAuthFailed, "the access token is wrong, expired or revoked");
    case 403: return make(ErrorKind::kNotAllowed, "the store refuses this, or blocks for a while");
    case 404:
    case 410: return make(ErrorKind::kNotFound, "");
    case 408: return make(ErrorKind::kTimeout, "");
    case 429: return make(ErrorKind::kRateLimited, "");
    default: break;
  }
  if (response.status >= 500) return make(ErrorKind::kUnavailable, "");
  return make(ErrorKind::kBadResponse, "");
}

}  // namespace

std::optional<std::chrono::milliseconds> parse_retry_after(const Headers& headers) {
  const auto text = headers.find("Retry-After");
  if (!text || text->empty() || text->size() > 9 ||
      text->find_first_not_of("0123456789") != std::string::npos) {
    return std::nullopt;
  }
  return std::chrono::seconds(std::min<int64_t>(std::stoll(*text), kDaySeconds));
}

Status classify(const HttpResponse& response) {
  if (response.status < 200 || response.status >= 300) return refused(response);
  if (response.status == 204 || looks_like_json(response.body)) return {};
  Error error(ErrorKind::kBadResponse,
              fmt::format("HTTP {}: expected JSON, got: {}", response.status,
                          response.body.empty() ? "an empty body" : excerpt(response.body)));
  error.http_status = response.status;
  return error;
}

Verdict judge(const Error& error, const Attempts& attempts, const RetryPolicy& policy) {
  using Action = Verdict::Action;
  if (error.kind() == ErrorKind::kRateLimited) {
    if (attempts.limited_for >= policy.rate_limit_max) return {};
    const auto told = error.retry_after.value_or(policy.rate_limit_delay);
    return {Action::kWaitForQuota, std::min(told, policy.retry_after_max)};
  }
  // 403 is tried again because exceeding limits may bring one for a while; a body that is no JSON
  // because a proxy may have answered.
  const bool may_pass = is_retryable(error.kind()) || error.kind() == ErrorKind::kNotAllowed ||
                        (error.kind() == ErrorKind::kBadResponse && error.http_status >= 200 &&
                         error.http_status < 300);
  if (!may_pass || attempts.failures > policy.max_retries) return {};
  auto wait = policy.delay;
  for (int i = 1; i < attempts.failures && wait < policy.delay_max; ++i) wait *= 2;
  wait = std::min(wait, policy.delay_max);
  if (error.retry_after)
    wait = std::max(wait, std::min(*error.retry_after, policy.retry_after_max));
  return {Action::kRetry, wait};
}

}  // namespace falaj::http
