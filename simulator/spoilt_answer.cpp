#include "simulator/spoilt_answer.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "simulator/json_edit.hpp"

namespace falaj::simulator {
namespace {

using http_server::Response;

constexpr int64_t kHugeBytes = 10 * 1024 * 1024;
// Pieces that a dripping answer is cut into at most.
constexpr size_t kDripsMax = 10'000;

// A copy of the body that may be spoilt.
std::string& own_body(Response& response) {
  if (response.shared_body) {
    response.body = *response.shared_body;
    response.shared_body.reset();
  }
  return response.body;
}

void replace_number_after(std::string& body, std::string_view member, std::string_view with) {
  const auto at = body.find(member);
  if (at == std::string::npos) return;
  const auto begin = at + member.size();
  const auto end = body.find_first_not_of("-0123456789.", begin);
  if (end != std::string::npos) body.replace(begin, end - begin, with);
}

void fail_with_status(const FaultRule& rule, Response& response) {
  response.status = rule.status;
  response.shared_body.reset();
  if (rule.body) {
    response.body = *rule.body;
    return;
  }
  if (rule.status == 429) response.headers.emplace_back("Retry-After", "1");
  response.body = fmt::format(
      R"({{"status":{0},"success":false,"error":{{"code":"error","message":"simulated {0}"}}}})",
      rule.status);
}

// Half of something, or as much as the rule says.
size_t part_of(const FaultRule& rule, size_t whole) {
  const auto wanted = static_cast<size_t>(std::max<int64_t>(0, rule.bytes.value_or(0)));
  return rule.bytes ? std::min(wanted, whole) : whole / 2;
}

std::string whole_message(const Response& response) {
  return http_server::response_head(response, false, false).append(response.payload());
}

void drip(const FaultRule& rule, Response& response) {
  const auto message = whole_message(response);
  const auto wanted = static_cast<size_t>(std::max<int64_t>(1, rule.bytes.value_or(1)));
  const size_t step = std::max(wanted, message.size() / kDripsMax + 1);
  for (size_t at = 0; at < message.size(); at += step)
    response.pieces.push_back({message.substr(at, step), rule.delay});
}

// Content-Length is off by so many bytes; the connection ends after the body.
void lie_about_length(const FaultRule& rule, Response& response) {
  const auto size = static_cast<int64_t>(response.payload().size());
  const auto truth = fmt::format("Content-Length: {}\r\n", size);
  auto message = whole_message(response);
  const auto at = message.find(truth);
  if (at == std::string::npos) return;
  const auto lie = std::max<int64_t>(0, size + rule.bytes.value_or(1));
  message.replace(at, truth.size(), fmt::format("Content-Length: {}\r\n", lie));
  response.pieces = {{std::move(message)}};
}

// One whole chunk, and one of which only a part comes.
void cut_chunks(Response& response) {
  const auto body = response.payload();
  const auto half = body.size() / 2;
  auto message = http_server::response_head(response, false, true);
  message += fmt::format("{:x}\r\n{}\r\n", half, body.substr(0, half));
  message += fmt::format("{:x}\r\n{}", body.size() - half, body.substr(half, half / 2));
  response.pieces = {{std::move(message)}};
}

// As an old server answers: the end of the connection is the end of the body.
void answer_as_http_1_0(Response& response) {
  auto head = fmt::format("HTTP/1.0 {} {}\r\n", response.status,
                          http_server::reason_phrase(response.status));
  for (const auto& [name, value] : response.headers)
    head.append(name).append(": ").append(value).append("\r\n");
  response.pieces = {{head.append("\r\n").append(response.payload())}};
}

void reset_after(const FaultRule& rule, Response& response) {
  const auto bytes = static_cast<size_t>(std::max<int64_t>(0, rule.bytes.value_or(0)));
  if (bytes == 0) {
    response.is_reset = true;
    return;
  }
  response.pieces = {{whole_message(response).substr(0, bytes)}};
  response.pieces_end = Response::End::kReset;
}

void stall(const FaultRule& rule, Response& response) {
  const auto message = whole_message(response);
  response.pieces = {{message.substr(0, part_of(rule, message.size()))}};
  response.pieces_end = Response::End::kHold;
}

void block_with_html(Response& response) {
  response.shared_body.reset();
  response.headers = {{"Content-Type", "text/html; charset=UTF-8"}};
  response.body =
      "<!DOCTYPE html><html><head><title>Attention Required!</title></head>"
      "<body><h1>Sorry, you have been blocked</h1></body></html>";
}

void spoil_name(std::string& body) {
  const auto at = body.find("\"name\":\"");
  body.insert(at == std::string::npos ? body.size() / 2 : at + 8, "\xC3\x28\xFF");
}

void set_headers(const FaultRule& rule, Response& response) {
  for (const auto& field : rule.headers) {
    std::erase_if(response.headers, [&](const auto& each) { return each.first == field.first; });
    response.headers.push_back(field);
  }
}

// The answers that differ in what they say, not in how they come.
void spoil_content(const FaultRule& rule, Response& response) {
  switch (rule.action) {
    case FaultAction::kStatus: return fail_with_status(rule, response);
    case FaultAction::kHtml: return block_with_html(response);
    case FaultAction::kTruncate: {
      auto& body = own_body(response);
      return body.resize(body.size() / 2);
    }
    case FaultAction::kInvalidUtf8: return spoil_name(own_body(response));
    case FaultAction::kHugeBody: {
      auto& body = own_body(response);
      const auto bytes = static_cast<size_t>(std::max<int64_t>(0, rule.bytes.value_or(kHugeBytes)));
      body.insert(body.empty() ? 0 : 1, "\"padding\":\"" + std::string(bytes, 'x') + "\",");
      return;
    }
    case FaultAction::kMalformedValue:
      return replace_number_after(own_body(response), "\"amount\":", "99999999999999999999.5");
    case FaultAction::kWrongType:
      return replace_number_after(own_body(response), "[{\"id\":", "\"not a number\"");
    case FaultAction::kEmpty: return own_body(response).clear();
    case FaultAction::kPrepend:
      own_body(response).insert(0, rule.body.value_or("\xEF\xBB\xBF"));
      return;
    case FaultAction::kSet: edit_json(own_body(response), rule.pointer, rule.value); return;
    case FaultAction::kRemove: edit_json(own_body(response), rule.pointer, std::nullopt); return;
    case FaultAction::kBadGzip:
      response.headers.emplace_back("Content-Encoding", "gzip");
      own_body(response).insert(0, "\x1f\x8b\x08");
      return;
    default: return;
  }
}

}  // namespace

http_server::Request other_request(const FaultRule& rule, const http_server::Request& request) {
  auto other = request;
  const auto before = std::min(request.target.find("?page="), request.target.find("&page="));
  if (before == std::string::npos) return other;
  const auto at = before + 1;
  const auto end = std::min(request.target.find('&', at), request.target.size());
  other.target.replace(at, end - at, fmt::format("page={}", rule.page));
  other.query.clear();
  other.decode_target();
  return other;
}

bool spoil(const FaultRule& rule, Response& response) {
  if (rule.action != FaultAction::kDrip) response.delay = rule.delay;
  spoil_content(rule, response);
  set_headers(rule, response);
  switch (rule.action) {
    case FaultAction::kCutBody:
      response.cut_body_after = part_of(rule, response.payload().size());
      return false;
    case FaultAction::kReset: reset_after(rule, response); return false;
    case FaultAction::kStall: stall(rule, response); return false;
    case FaultAction::kCutChunks: cut_chunks(response); return false;
    case FaultAction::kWrongLength: lie_about_length(rule, response); return false;
    case FaultAction::kDrip: drip(rule, response); return true;
    case FaultAction::kHttp10: answer_as_http_1_0(response); return true;
    default: return true;
  }
}

}  // namespace falaj::simulator
