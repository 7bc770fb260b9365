// How each row of docs/faults.md, "Answers" and "On the wire", is made: members of a fault rule of
// salla-sim.
#pragma once

#include <string>
#include <vector>

namespace falaj::test {

struct Fault {
  std::string heading;
  std::string id;
  std::string rule;
  double timeout_secs = 60;  // of a request; short where the fault is that nothing comes
};

constexpr const char* kAnswers = "Answers";
constexpr const char* kWire = "On the wire";

// A status with a body.
inline Fault status(const char* id, int status, const std::string& body) {
  return {kAnswers, id,
          R"("action": "status", "status": )" + std::to_string(status) + R"(, "body": ")" + body +
              "\""};
}

// A status with the envelope of the API's errors around `error`; quotes are escaped already.
inline Fault refusal(const char* id, int code, const std::string& error) {
  return status(id, code,
                R"({\"status\":)" + std::to_string(code) + R"(,\"success\":false,\"error\":{)" +
                    error + "}}");
}

inline Fault content(const char* id, const char* rule) {
  return {kAnswers, id, rule};
}

inline Fault wire(const char* id, std::string rule, double timeout_secs = 60) {
  return {kWire, id, std::move(rule), timeout_secs};
}

inline std::vector<Fault> refused_questions() {
  const std::string html = "<html><head><title>Attention Required!</title></head></html>";
  return {
      refusal("400", 400, R"(\"code\":\"bad_request\",\"message\":\"Bad Request\")"),
      status("400-bare-oauth", 400,
             R"({\"error\":\"invalid_request\",\"error_description\":\"Missing parameter.\"})"),
      refusal("401-token-invalid", 401,
              R"(\"code\":\"Unauthorized\",\"message\":\"The access token is invalid\")"),
      refusal("401-no-user", 401,
              R"(\"code\":\"Unauthorized\",\"message\":\"The User is not exists.\")"),
      refusal("401-account-inactive", 401,
              R"(\"code\":\"Unauthorized\",\"message\":\"حساب التاجر غير نشط\")"),
      refusal("401-scope", 401,
              R"(\"code\":\"Unauthorized\",\"message\":\"The access token should have access )"
              R"(to one of those scopes: orders.read\")"),
      refusal("401-code-invalid-token", 401,
              R"(\"code\":\"Invalid-token\",\"message\":\"Invalid token.\")"),
      status("401-bare-oauth", 401,
             R"({\"error\":\"invalid_grant\",\"error_description\":\"The refresh token is )"
             R"(revoked.\"})"),
      status("401-html", 401, html),
      refusal("403", 403, R"(\"code\":\"forbidden\",\"message\":\"Forbidden\")"),
      status("403-edge-html", 403, html),
      refusal("404-number", 404, R"(\"code\":404,\"message\":\"The order is not found\")"),
      refusal("404-text", 404, R"(\"code\":\"error\",\"message\":\"الطلب غير موجود\")"),
      status("404-empty-object", 404, "{}"),
      status("404-html", 404, html),
      refusal("405", 405, R"(\"code\":\"method_not_allowed\",\"message\":\"Not Allowed\")"),
      refusal("406", 406, R"(\"code\":\"not_acceptable\",\"message\":\"Not Acceptable\")"),
      status("408", 408, ""),
      refusal("410", 410, R"(\"code\":\"gone\",\"message\":\"Gone\")"),
      refusal("422-lists", 422,
              R"(\"code\":\"validation_failed\",\"message\":\"alert.invalid_fields\",)"
              R"(\"fields\":{\"status\":[\"The selected status is invalid.\",\"No.\"]})"),
      refusal("422-texts", 422,
              R"(\"code\":\"error\",\"message\":\"alert.invalid_fields\",)"
              R"(\"fields\":{\"order_id\":\"The order id field is required.\"})"),
      refusal("422-no-message", 422, R"(\"code\":\"error\")"),
      status("422-html", 422, html),
  };
}

inline std::vector<Fault> troubled_servers() {
  const std::string html = "<html><head><title>Attention Required!</title></head></html>";
  return {
      refusal("429", 429, R"(\"code\":\"too_many_requests\",\"message\":\"Too Many Attempts.\")"),
      status("429-bare-message", 429, R"({\"message\":\"Too Many Attempts.\"})"),
      status("429-edge-html", 429, html),
      refusal("500", 500, R"(\"code\":\"server_error\",\"message\":\"Server Error\")"),
      refusal("500-no-message", 500, R"(\"code\":\"server_error\")"),
      status("500-empty", 500, ""),
      status("502-html", 502, html),
      refusal("503", 503, R"(\"code\":\"service_unavailable\",\"message\":\"Maintenance\")"),
      status("504", 504, ""),
      status("522-edge", 522, "error code: 522"),
  };
}

inline std::vector<Fault> odd_contents() {
  return {
      {kAnswers, "302",
       R"("action": "status", "status": 302, "body": "", )"
       R"("headers": {"Location": "http://elsewhere.example/admin/v2/orders"})"},
      status("204", 204, ""),
      content("200-empty", R"("action": "empty")"),
      content("200-html", R"("action": "html")"),
      content("200-truncated", R"("action": "truncate")"),
      content("200-bad-utf8", R"("action": "invalid_utf8")"),
      content("200-success-false", R"("action": "set", "pointer": "/success", "value": false)"),
      content("200-no-data", R"("action": "remove", "pointer": "/data")"),
      content("200-data-null", R"("action": "set", "pointer": "/data", "value": null)"),
      content("200-data-text", R"("action": "set", "pointer": "/data", "value": "none")"),
      content("200-bom", R"("action": "prepend")"),
      content("200-php-notice",
              R"("action": "prepend", "body": "<br />\n<b>Notice</b>:  Undefined index: a in )"
              R"(<b>/var/www/x.php</b> on line <b>7</b><br />\n")"),
      content("200-status-201", R"("action": "set", "pointer": "/status", "value": 201)"),
      content("200-large", R"("action": "huge_body", "bytes": 1000000)"),
      content("200-too-large", R"("action": "huge_body", "bytes": 67200000)"),
  };
}

inline std::vector<Fault> broken_transfers() {
  return {
      wire("reset-before", R"("action": "reset")"),
      wire("reset-in-headers", R"("action": "reset", "bytes": 30)"),
      wire("reset-in-body", R"("action": "reset", "bytes": 600)"),
      wire("cut-body", R"("action": "cut_body")"),
      wire("length-too-long", R"("action": "wrong_length", "bytes": 10)"),
      wire("length-too-short", R"("action": "wrong_length", "bytes": -10)"),
      wire("chunks-cut", R"("action": "cut_chunks")"),
      wire("gzip-damaged", R"("action": "bad_gzip")"),
      wire("http-1-0", R"("action": "http_1_0")"),
      wire("slow-drip", R"("action": "drip", "bytes": 100, "delay_ms": 1)"),
      wire("too-slow-drip", R"("action": "drip", "bytes": 10, "delay_ms": 100)", 0.5),
      wire("stalled-headers", R"("action": "stall", "bytes": 30)", 0.5),
      wire("stalled-body", R"("action": "stall")", 0.5),
      wire("late", R"("action": "delay", "delay_ms": 20)"),
      wire("too-late", R"("action": "delay", "delay_ms": 3000)", 0.5),
      wire("huge-headers",
           R"("action": "delay", "headers": {"X-Pad": ")" + std::string(200'000, 'x') + R"("})"),
  };
}

inline std::vector<Fault> answer_faults() {
  std::vector<Fault> all;
  for (auto part : {refused_questions(), troubled_servers(), odd_contents(), broken_transfers()})
    all.insert(all.end(), part.begin(), part.end());
  return all;
}

}  // namespace falaj::test
