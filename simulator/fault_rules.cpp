#include "simulator/fault_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "http_server/request.hpp"

namespace falaj::simulator {
namespace {

struct ActionName {
  std::string_view name;
  FaultAction action;
};

constexpr std::array kActions = {
    ActionName{"status", FaultAction::kStatus},
    ActionName{"delay", FaultAction::kDelay},
    ActionName{"cut_body", FaultAction::kCutBody},
    ActionName{"reset", FaultAction::kReset},
    ActionName{"html", FaultAction::kHtml},
    ActionName{"truncate", FaultAction::kTruncate},
    ActionName{"invalid_utf8", FaultAction::kInvalidUtf8},
    ActionName{"huge_body", FaultAction::kHugeBody},
    ActionName{"malformed_value", FaultAction::kMalformedValue},
    ActionName{"wrong_type", FaultAction::kWrongType},
    ActionName{"empty", FaultAction::kEmpty},
};

constexpr std::array<std::string_view, 12> kMembers = {"match",    "contains", "action", "status",
                                                       "delay_ms", "bytes",    "nth",    "times",
                                                       "rate",     "seed",     "clear",  "rules"};

constexpr size_t kHugeBytes = 10 * 1024 * 1024;

Error refuse(std::string text) {
  return Error(ErrorKind::kUsage, std::move(text));
}

std::string action_names() {
  std::string names;
  for (const auto& entry : kActions) names.append(names.empty() ? "" : ", ").append(entry.name);
  return names;
}

Result<FaultAction> parse_action(const Json& json) {
  const auto name = json.as_string();
  const auto* found = std::find_if(kActions.begin(), kActions.end(),
                                   [&name](const auto& entry) { return entry.name == name; });
  if (found == kActions.end()) {
    return refuse(fmt::format("action '{}' is not one of: {}", name, action_names()));
  }
  return found->action;
}

Result<FaultRule> parse_rule(const Json& json) {
  if (!json.is_object()) return refuse("a fault rule is an object");
  for (const auto& [key, value] : json.as_object()) {
    if (std::find(kMembers.begin(), kMembers.end(), key) == kMembers.end()) {
      return refuse(fmt::format("a fault rule has no member '{}'", key));
    }
  }
  FaultRule rule;
  FALAJ_ASSIGN(rule.action, parse_action(json["action"]));
  rule.match = json["match"].as_string();
  rule.contains = json["contains"].as_string();
  rule.status = static_cast<int>(json["status"].as_int(500));
  rule.delay = std::chrono::milliseconds(json["delay_ms"].as_int(0));
  rule.bytes = static_cast<size_t>(std::max<int64_t>(0, json["bytes"].as_int(0)));
  rule.rate = json["rate"].is_number()
                  ? json["rate"].as_double(static_cast<double>(json["rate"].as_int(0)))
                  : 0;
  rule.nth = json["nth"].as_int(1);
  rule.times = json["times"].as_int(rule.rate > 0 ? INT64_MAX : 1);
  rule.random = RandomStream(static_cast<uint64_t>(json["seed"].as_int(1)), 0xFA17, 0);
  if (rule.status < 200 || rule.status > 599) return refuse("status is from 200 to 599");
  if (rule.nth < 1 || rule.times < 1) return refuse("nth and times are at least 1");
  if (rule.rate < 0 || rule.rate > 1) return refuse("rate is from 0 to 1");
  return rule;
}

// A copy of the body that may be spoilt.
std::string& own_body(http_server::Response& response) {
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

void fail_with_status(const FaultRule& rule, http_server::Response& response) {
  response.status = rule.status;
  response.shared_body.reset();
  if (rule.status == 429) response.headers.emplace_back("Retry-After", "1");
  response.body = fmt::format(
      R"({{"status":{0},"success":false,"error":{{"code":"error","message":"simulated {0}"}}}})",
      rule.status);
}

}  // namespace

Status FaultRules::add(const Json& body) {
  if (body["clear"].as_bool()) clear();
  std::vector<Json> given;
  if (body.is_array()) {
    given = body.as_array();
  } else if (body["rules"].is_array()) {
    given = body["rules"].as_array();
  } else if (!body["action"].is_null()) {
    given.push_back(body);
  } else if (!body["clear"].as_bool()) {
    return refuse("a fault needs an action: " + action_names());
  }
  std::vector<FaultRule> parsed;
  for (const auto& json : given) {
    FALAJ_ASSIGN(auto rule, parse_rule(json));
    parsed.push_back(std::move(rule));
  }
  rules_.insert(rules_.end(), parsed.begin(), parsed.end());
  return {};
}

Json FaultRules::to_json() const {
  Json::Array list;
  for (const auto& rule : rules_) {
    Json row;
    for (const auto& entry : kActions) {
      if (entry.action == rule.action) row.set("action", entry.name);
    }
    row.set("match", rule.match);
    row.set("seen", rule.seen);
    row.set("struck", rule.struck);
    list.push_back(std::move(row));
  }
  Json json;
  json.set("rules", std::move(list));
  return json;
}

const FaultRule* FaultRules::strike(std::string_view path, std::string_view target) {
  const FaultRule* striking = nullptr;
  for (auto& rule : rules_) {
    if (!path.starts_with(rule.match)) continue;
    if (target.find(rule.contains) == std::string_view::npos) continue;
    ++rule.seen;
    const bool is_due = rule.rate > 0 ? rule.random.unit() < rule.rate && rule.struck < rule.times
                                      : rule.seen >= rule.nth && rule.struck < rule.times;
    if (!is_due || striking != nullptr) continue;
    ++rule.struck;
    striking = &rule;
  }
  return striking;
}

void apply_fault(const FaultRule& rule, http_server::Response& response) {
  response.delay = rule.delay;
  switch (rule.action) {
    case FaultAction::kDelay: break;
    case FaultAction::kStatus: fail_with_status(rule, response); break;
    case FaultAction::kReset: response.is_reset = true; break;
    case FaultAction::kCutBody:
      response.cut_body_after = rule.bytes > 0 ? std::min(rule.bytes, response.payload().size())
                                               : response.payload().size() / 2;
      break;
    case FaultAction::kHtml:
      response.shared_body.reset();
      response.headers = {{"Content-Type", "text/html; charset=UTF-8"}};
      response.body =
          "<!DOCTYPE html><html><head><title>Attention Required!</title></head>"
          "<body><h1>Sorry, you have been blocked</h1></body></html>";
      break;
    case FaultAction::kTruncate: {
      auto& body = own_body(response);
      body.resize(body.size() / 2);
      break;
    }
    case FaultAction::kInvalidUtf8: {
      auto& body = own_body(response);
      const auto at = body.find("\"name\":\"");
      body.insert(at == std::string::npos ? body.size() / 2 : at + 8, "\xC3\x28\xFF");
      break;
    }
    case FaultAction::kHugeBody: {
      auto& body = own_body(response);
      const auto bytes = rule.bytes > 0 ? rule.bytes : kHugeBytes;
      body.insert(body.empty() ? 0 : 1, "\"padding\":\"" + std::string(bytes, 'x') + "\",");
      break;
    }
    case FaultAction::kMalformedValue:
      replace_number_after(own_body(response), "\"amount\":", "99999999999999999999.5");
      break;
    case FaultAction::kWrongType:
      replace_number_after(own_body(response), "[{\"id\":", "\"not a number\"");
      break;
    case FaultAction::kEmpty:
      response.shared_body.reset();
      response.body.clear();
      break;
  }
}

}  // namespace falaj::simulator
