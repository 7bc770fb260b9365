#include "simulator/fault_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

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
    ActionName{"stall", FaultAction::kStall},
    ActionName{"drip", FaultAction::kDrip},
    ActionName{"wrong_length", FaultAction::kWrongLength},
    ActionName{"cut_chunks", FaultAction::kCutChunks},
    ActionName{"bad_gzip", FaultAction::kBadGzip},
    ActionName{"http_1_0", FaultAction::kHttp10},
    ActionName{"html", FaultAction::kHtml},
    ActionName{"truncate", FaultAction::kTruncate},
    ActionName{"invalid_utf8", FaultAction::kInvalidUtf8},
    ActionName{"huge_body", FaultAction::kHugeBody},
    ActionName{"malformed_value", FaultAction::kMalformedValue},
    ActionName{"wrong_type", FaultAction::kWrongType},
    ActionName{"empty", FaultAction::kEmpty},
    ActionName{"set", FaultAction::kSet},
    ActionName{"remove", FaultAction::kRemove},
    ActionName{"other_page", FaultAction::kOtherPage},
    ActionName{"prepend", FaultAction::kPrepend},
};

constexpr std::array<std::string_view, 19> kMembers = {
    "match",    "contains", "store",   "action", "status", "body", "headers",
    "delay_ms", "bytes",    "pointer", "value",  "page",   "nth",  "times",
    "rate",     "sticky",   "seed",    "clear",  "rules"};

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
  rule.store = static_cast<uint32_t>(json["store"].as_int(0));
  rule.status = static_cast<int>(json["status"].as_int(500));
  rule.delay = std::chrono::milliseconds(json["delay_ms"].as_int(0));
  if (json["body"].is_string()) rule.body = json["body"].as_string();
  for (const auto& [name, value] : json["headers"].as_object())
    rule.headers.emplace_back(name, value.as_string());
  if (json["bytes"].is_integer()) rule.bytes = json["bytes"].as_int();
  rule.pointer = json["pointer"].as_string();
  rule.value = json["value"].dump();
  rule.page = json["page"].as_int(1);
  rule.is_sticky = json["sticky"].as_bool();
  rule.rate = json["rate"].is_number()
                  ? json["rate"].as_double(static_cast<double>(json["rate"].as_int(0)))
                  : 0;
  rule.nth = json["nth"].as_int(1);
  rule.times = json["times"].as_int(rule.rate > 0 ? INT64_MAX : 1);
  rule.random = RandomStream(static_cast<uint64_t>(json["seed"].as_int(1)), 0xFA17, 0);
  if (rule.status < 200 || rule.status > 599) return refuse("status is from 200 to 599");
  if (rule.nth < 1 || rule.times < 1) return refuse("nth and times are at least 1");
  const bool needs_place = rule.action == FaultAction::kSet || rule.action == FaultAction::kRemove;
  if (needs_place && !rule.pointer.starts_with('/'))
    return refuse("set and remove need a pointer, such as /data/*/total");
  if (rule.rate < 0 || rule.rate > 1) return refuse("rate is from 0 to 1");
  return rule;
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
    row.set("targets", Json::Array(rule.targets.begin(), rule.targets.end()));
    list.push_back(std::move(row));
  }
  Json json;
  json.set("rules", std::move(list));
  return json;
}

const FaultRule* FaultRules::strike(std::string_view path, std::string_view target,
                                    uint32_t store) {
  const FaultRule* striking = nullptr;
  for (auto& rule : rules_) {
    if (!path.starts_with(rule.match)) continue;
    if (target.find(rule.contains) == std::string_view::npos) continue;
    if (rule.store != 0 && rule.store != store) continue;
    ++rule.seen;
    bool is_due = rule.rate > 0 ? rule.random.unit() < rule.rate && rule.struck < rule.times
                                : rule.seen >= rule.nth && rule.struck < rule.times;
    if (rule.is_sticky && rule.struck > 0) is_due = rule.targets.front() == target;
    if (!is_due || striking != nullptr) continue;
    ++rule.struck;
    if (rule.targets.size() < kTargetsMax) rule.targets.emplace_back(target);
    striking = &rule;
  }
  return striking;
}

}  // namespace falaj::simulator
