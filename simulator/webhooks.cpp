#include "simulator/webhooks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/hmac.hpp"
#include "simulator/answers.hpp"
#include "simulator/civil_time.hpp"

namespace falaj::simulator {
namespace {

using http_server::Request;
using http_server::Response;

constexpr std::string_view kRoot = "/webhooks";

// "Sun Jun 26 2022 12:21:48 GMT+0300"
std::string javascript_date(UtcTime now) {
  constexpr std::array kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto local = local_seconds(now);
  const auto day = local / kDaySeconds;
  const auto date = civil_date(day);
  const auto seconds = local % kDaySeconds;
  return fmt::format("{} {} {:02} {} {:02}:{:02}:{:02} GMT+0300",
                     kDays[static_cast<size_t>((day + 4) % 7)], kMonths[date.month - 1], date.day,
                     date.year, seconds / 3600, seconds / 60 % 60, seconds % 60);
}

std::string naive_date(UtcTime now) {
  std::string text;
  append_date_time(text, local_seconds(now));
  return text;
}

Response refused(std::string_view field, std::string_view message) {
  return invalid_field(field, message);
}

std::vector<std::pair<std::string, std::string>> headers_of(const Json& list) {
  std::vector<std::pair<std::string, std::string>> headers;
  for (const auto& header : list.as_array())
    headers.emplace_back(header["key"].as_string(), header["value"].as_string());
  return headers;
}

Response with_status(int status, Json data) {
  Json body;
  body.set("status", status);
  body.set("success", true);
  body.set("data", std::move(data));
  return json_answer(status, body.dump());
}

}  // namespace

Webhooks::Webhooks(double time_scale) : time_scale_(time_scale) {
  behaviour_.retry_delay =
      std::chrono::milliseconds(static_cast<int64_t>(300'000 / std::max(time_scale, 0.001)));
}

bool Webhooks::is_path(std::string_view path) {
  return path == kRoot || path.starts_with("/webhooks/");
}

Response Webhooks::answer(const Request& request, std::string_view path, const StoreSlot& slot,
                          const Quirks& quirks) {
  const auto store = slot.store.number();
  const auto rest = path.size() > kRoot.size() ? path.substr(kRoot.size() + 1) : "";
  Json body;
  if (!request.body.empty()) {
    auto parsed = Json::parse(request.body);
    if (!parsed.ok()) return error_answer(400, "\"bad_request\"", "The body is not JSON.");
    body = std::move(*parsed);
  }
  if (rest.empty() && request.method == "GET") return list(request, store, quirks);
  if (rest == "events" && request.method == "GET") {
    Json::Array events;
    int64_t id = 1473353380;
    for (const auto name : known_events()) {
      Json event;
      event.set("id", id++);
      event.set("label", name);
      event.set("event", name);
      events.push_back(std::move(event));
    }
    return with_status(200, events);
  }
  if (rest == "subscribe" && request.method == "POST") return subscribe(body, store, quirks);
  if (rest == "unsubscribe" && request.method == "DELETE") return unsubscribe(request, store);
  int64_t id = 0;
  const auto [end, problem] = std::from_chars(rest.data(), rest.data() + rest.size(), id);
  const bool is_id = problem == std::errc() && end == rest.data() + rest.size();
  if (is_id && request.method == "PUT") return update(body, store, id);
  if (is_id || rest.empty() || rest == "events" || rest == "subscribe" || rest == "unsubscribe") {
    return error_answer(405, "\"method_not_allowed\"", "Method Not Allowed");
  }
  return error_answer(404, "404", "The requested resource was not found");
}

Response Webhooks::subscribe(const Json& body, int64_t store, const Quirks& quirks) {
  for (const char* field : {"name", "event", "url"}) {
    if (body[field].as_string().empty()) {
      return refused(field, fmt::format("The {} field is required.", field));
    }
  }
  const auto event = body["event"].as_string();
  const auto url = body["url"].as_string();
  const auto known = known_events();
  if (std::find(known.begin(), known.end(), event) == known.end()) {
    return refused("event", "The selected event is invalid.");
  }
  const bool is_forbidden =
      url.find("localhost") != std::string::npos || url.find("test.") != std::string::npos;
  if (!url.starts_with("http") || (is_forbidden && quirks[Quirk::kWebhookUrlCheck])) {
    return refused("url", "The url format is invalid.");
  }
  const auto same = std::find_if(hooks_.begin(), hooks_.end(), [&](const Hook& hook) {
    return hook.store == store && hook.url == url && hook.event == event;
  });
  Hook made;
  auto& hook = same != hooks_.end() ? *same : hooks_.emplace_back(made);
  if (hook.id == 0) hook.id = next_id_++;
  hook.store = store;
  hook.name = body["name"].as_string();
  hook.event = event;
  hook.url = url;
  hook.version = body["version"].as_int(2);
  hook.rule = body["rule"].as_string();
  hook.headers = headers_of(body["headers"]);
  return with_status(200, hook_json(hook));
}

Response Webhooks::update(const Json& body, int64_t store, int64_t id) {
  const auto found = std::find_if(hooks_.begin(), hooks_.end(), [&](const Hook& hook) {
    return hook.store == store && hook.id == id;
  });
  if (found == hooks_.end()) return error_answer(404, "404", "The webhook was not found");
  const auto strategy = body["security_strategy"].as_string(found->strategy);
  if (!strategy.empty() && strategy != "signature" && strategy != "token" && strategy != "none") {
    return refused("security_strategy", "The selected security strategy is invalid.");
  }
  found->strategy = strategy;
  found->secret = body["secret"].as_string(found->secret);
  found->name = body["name"].as_string(found->name);
  if (!body["url"].as_string().empty()) found->url = body["url"].as_string();
  if (body["headers"].is_array()) found->headers = headers_of(body["headers"]);
  auto json = hook_json(*found);
  Json security;
  security.set("strategy", strategy.empty() ? behaviour_.strategy : strategy);
  security.set("secret", found->secret.empty() ? Json() : Json(found->secret));
  json.set("security", std::move(security));
  return with_status(200, std::move(json));
}

Response Webhooks::list(const Request& request, int64_t store, const Quirks& quirks) const {
  std::vector<const Hook*> own;
  for (const auto& hook : hooks_) {
    if (hook.store == store && hook.event != "*") own.push_back(&hook);
  }
  const auto write = [&](JsonOut& out, uint64_t k) { out.raw(hook_json(*own[k]).dump()); };
  return json_answer(200, list_body(request, "http://api.salla.dev/admin/v2/webhooks", quirks,
                                    own.size(), 500, write));
}

Response Webhooks::unsubscribe(const Request& request, int64_t store) {
  const auto id = request.parameter("id");
  const auto url = request.parameter("url");
  if (!id && !url) return refused("id", "The id or the url field is required.");
  const auto gone = std::erase_if(hooks_, [&](const Hook& hook) {
    return hook.store == store &&
           ((id && std::to_string(hook.id) == *id) || (url && hook.url == *url));
  });
  if (gone == 0) return error_answer(404, "404", "The webhook was not found");
  Json data;
  data.set("message", "Webhook has been unsubscribed successfully");
  data.set("code", 202);
  return with_status(202, std::move(data));
}

Json Webhooks::hook_json(const Hook& hook) {
  Json json;
  json.set("id", hook.id);
  json.set("name", hook.name);
  json.set("event", hook.event);
  json.set("type", "manual");
  json.set("url", hook.url);
  json.set("version", hook.version);
  json.set("rule", hook.rule.empty() ? Json() : Json(hook.rule));
  Json headers{Json::Object{}};
  for (const auto& [name, value] : hook.headers) headers.set(name, value);
  json.set("headers", std::move(headers));
  return json;
}

Response Webhooks::control(const Request& request, const Json& body, int64_t store, UtcTime now) {
  if (request.method == "DELETE") {
    hooks_.clear();
    held_.clear();
    behaviour_ = Webhooks(time_scale_).behaviour_;
    if (sender_) sender_->clear();
    emitted_ = 0;
    lost_ = 0;
  } else if (request.method == "POST") {
    if (auto done = set_behaviour(body, store); !done.ok()) {
      Json problem;
      problem.set("error", done.error().message());
      return json_answer(422, problem.dump());
    }
  }
  release(now);
  return json_answer(200, state(store).dump());
}

Status Webhooks::set_behaviour(const Json& body, int64_t store) {
  std::string url;
  const auto milliseconds = [](const Json& value) {
    return std::chrono::milliseconds(value.as_int());
  };
  for (const auto& [name, value] : body.as_object()) {
    auto& to = behaviour_;
    if (name == "url")
      url = value.as_string();
    else if (name == "strategy")
      to.strategy = value.as_string();
    else if (name == "secret")
      to.secret = value.as_string();
    else if (name == "dates")
      to.dates = value.as_string();
    else if (name == "lost")
      to.lost = value.as_double();
    else if (name == "twice")
      to.twice = value.as_double();
    else if (name == "late")
      to.late = value.as_double();
    else if (name == "late_ms")
      to.late_by = milliseconds(value);
    else if (name == "late_hours")
      to.late_hours = std::chrono::hours(value.as_int());
    else if (name == "wrong_signature")
      to.wrong_signature = value.as_double();
    else if (name == "shuffle")
      to.is_shuffled = value.as_bool();
    else if (name == "retries")
      to.retries = static_cast<int>(value.as_int());
    else if (name == "retry_ms")
      to.retry_delay = milliseconds(value);
    else if (name == "seed")
      to.seed = static_cast<uint64_t>(value.as_int());
    else {
      return Error(
          ErrorKind::kUsage,
          fmt::format("webhooks take url, strategy, secret, dates, lost, twice, late, "
                      "late_ms, late_hours, wrong_signature, shuffle, retries, retry_ms and seed, "
                      "not '{}'",
                      name));
    }
  }
  random_ = RandomStream(behaviour_.seed, 0x40, 0);
  if (url.empty()) return {};
  std::erase_if(hooks_, [&](const Hook& hook) { return hook.store == store && hook.event == "*"; });
  Hook hook;
  hook.id = next_id_++;
  hook.store = store;
  hook.name = "every event";
  hook.event = "*";
  hook.url = url;
  hooks_.push_back(std::move(hook));
  return {};
}

Json Webhooks::state(int64_t store) const {
  const auto counts = sender_ ? sender_->counts() : DeliveryCounts();
  Json json;
  json.set("subscriptions", std::count_if(hooks_.begin(), hooks_.end(), [store](const Hook& hook) {
             return hook.store == store;
           }));
  json.set("emitted", emitted_);
  json.set("lost", lost_);
  json.set("waiting", counts.waiting);
  json.set("held", static_cast<int64_t>(held_.size()));
  json.set("attempts", counts.attempts);
  json.set("delivered", counts.delivered);
  json.set("given_up", counts.given_up);
  return json;
}

bool Webhooks::has_subscribers(int64_t store) const {
  return std::any_of(hooks_.begin(), hooks_.end(),
                     [store](const Hook& hook) { return hook.store == store; });
}

std::string Webhooks::envelope(const StoreEvent& event, int64_t merchant, UtcTime now) {
  auto form = behaviour_.dates;
  if (form == "mixed") {
    constexpr std::array<std::string_view, 3> kForms = {"javascript", "naive", "iso"};
    form = kForms[random_.below(kForms.size())];
  }
  const auto date = form == "naive" ? naive_date(now)
                    : form == "iso" ? to_iso8601(now)
                                    : javascript_date(now);
  return fmt::format(R"({{"event":"{}","merchant":{},"created_at":"{}","data":{}}})", event.name,
                     merchant, date, event.data);
}

Delivery Webhooks::delivery_of(const Hook& hook, const std::string& body,
                               bool is_signed_wrong) const {
  Delivery delivery;
  delivery.url = hook.url;
  delivery.body = body;
  delivery.retries = behaviour_.retries;
  delivery.retry_delay = behaviour_.retry_delay;
  delivery.headers = hook.headers;
  delivery.headers.emplace_back("Content-Type", "application/json");
  const auto& strategy = hook.strategy.empty() ? behaviour_.strategy : hook.strategy;
  const auto secret = (hook.secret.empty() ? behaviour_.secret : hook.secret) +
                      (is_signed_wrong ? "-of another" : "");
  if (strategy == "signature") {
    delivery.headers.emplace_back("X-Salla-Security-Strategy", "Signature");
    delivery.headers.emplace_back("X-Salla-Signature", to_hex(hmac_sha256(secret, body)));
  } else if (strategy == "token") {
    delivery.headers.emplace_back("X-Salla-Security-Strategy", "Token");
    delivery.headers.emplace_back("Authorization", secret);
  }
  return delivery;
}

bool Webhooks::wants(const Hook& hook, int64_t store, const std::string& event) const {
  return hook.store == store && (hook.event == "*" || hook.event == event);
}

void Webhooks::release(UtcTime now) {
  std::vector<Delivery> deliveries;
  std::erase_if(held_, [&](const Held& held) {
    if (held.due > now) return false;
    for (const auto& hook : hooks_) {
      if (wants(hook, held.store, held.event))
        deliveries.push_back(delivery_of(hook, held.body, false));
    }
    return true;
  });
  send(std::move(deliveries));
}

void Webhooks::send(std::vector<Delivery> deliveries) {
  if (deliveries.empty()) return;
  if (!sender_) sender_ = std::make_unique<WebhookSender>();
  sender_->send(std::move(deliveries));
}

void Webhooks::emit(int64_t store, int64_t merchant, UtcTime now, std::vector<StoreEvent> events) {
  release(now);
  const auto happens = [this](double rate) { return rate > 0 && random_.unit() < rate; };
  if (behaviour_.is_shuffled) {
    for (size_t i = events.size(); i > 1; --i) std::swap(events[i - 1], events[random_.below(i)]);
  }
  std::vector<Delivery> deliveries;
  for (const auto& event : events) {
    const auto body = envelope(event, merchant, now);
    for (const auto& hook : hooks_) {
      if (!wants(hook, store, event.name)) continue;
      ++emitted_;
      if (happens(behaviour_.lost)) {
        ++lost_;
        continue;
      }
      auto delivery = delivery_of(hook, body, happens(behaviour_.wrong_signature));
      const bool is_late = happens(behaviour_.late);
      if (is_late && behaviour_.late_hours.count() > 0) {
        held_.push_back({now + behaviour_.late_hours, store, event.name, body});
        continue;
      }
      if (is_late) delivery.delay = behaviour_.late_by;
      if (happens(behaviour_.twice)) deliveries.push_back(delivery);
      deliveries.push_back(std::move(delivery));
    }
  }
  send(std::move(deliveries));
}

}  // namespace falaj::simulator
