#include "simulator/control.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.hpp"
#include "simulator/answers.hpp"
#include "simulator/civil_time.hpp"
#include "simulator/event_bodies.hpp"
#include "simulator/side_lists.hpp"
#include "simulator/store_truth.hpp"

namespace falaj::simulator {
namespace {

using http_server::Request;
using http_server::Response;

constexpr size_t kIdsMax = 1000;

Response reply(const Json& json) {
  return json_answer(200, json.dump());
}

Response refuse(int status, const std::string& text) {
  Json json;
  json.set("error", text);
  return json_answer(status, json.dump());
}

StoreSlot* chosen_store(const Request& request, ControlledParts& parts) {
  const auto text = request.parameter("store");
  const size_t number = text ? static_cast<size_t>(std::atoll(std::string(*text).c_str())) : 1;
  if (number < 1 || number > parts.slots.size()) return nullptr;
  return parts.slots[number - 1].get();
}

Json clock_json(const SimClock& clock) {
  Json json;
  json.set("now", to_iso8601(clock.now(), true));
  json.set("time_scale", clock.time_scale());
  return json;
}

void set_counts(Json& json, const Quota& quota) {
  json.set("granted", quota.granted());
  json.set("refused", quota.refused());
  json.set("grantable", quota.grantable());
}

// By store: what its quota granted and refused, and what it could have granted.
Json quota_json(const ControlledParts& parts) {
  Json::Array rows;
  for (const auto& slot : parts.slots) {
    if (!slot->quota) continue;
    Json row;
    row.set("store", slot->store.number());
    set_counts(row, *slot->quota);
    rows.push_back(std::move(row));
  }
  return rows;
}

Response counters_reply(const Request& request, ControlledParts& parts) {
  if (request.method == "DELETE") {
    parts.counters.clear();
    parts.customers_quota.clear_counts();
    for (const auto& slot : parts.slots) {
      if (slot->quota) slot->quota->clear_counts();
    }
    return reply(Json(Json::Object{}));
  }
  if (const auto url = request.parameter("url")) return reply(parts.counters.url_to_json(*url));
  auto json = parts.counters.to_json();
  json.set("quota", quota_json(parts));
  Json customers;
  set_counts(customers, parts.customers_quota);
  json.set("customers_quota", std::move(customers));
  if (parts.server != nullptr) {
    const auto stats = parts.server->stats();
    // This request itself is one of them.
    json.set("in_flight", stats.in_flight - 1);
    json.set("in_flight_peak", stats.in_flight_peak);
    json.set("connections", stats.connections);
  }
  return reply(json);
}

Response clock_reply(const Request& request, const Json& body, ControlledParts& parts) {
  if (request.method == "GET") return reply(clock_json(parts.clock));
  int64_t seconds = 0;
  for (const auto& [name, value] : body.as_object()) {
    const auto factor = name == "advance_seconds"   ? 1
                        : name == "advance_minutes" ? 60
                        : name == "advance_hours"   ? 3600
                        : name == "advance_days"    ? 86400
                                                    : 0;
    if (factor == 0 || !value.is_integer() || value.as_int() < 0) {
      return refuse(422,
                    "the clock takes advance_seconds, _minutes, _hours or _days: integers >= 0");
    }
    seconds += value.as_int() * factor;
  }
  parts.clock.advance(std::chrono::seconds(seconds));
  return reply(clock_json(parts.clock));
}

Json ids_json(const std::vector<int64_t>& ids) {
  Json::Array list;
  for (size_t i = 0; i < std::min(ids.size(), kIdsMax); ++i) list.emplace_back(ids[i]);
  return list;
}

Response mutate_reply(const Json& body, StoreSlot& slot, ControlledParts& parts) {
  MutationCounts counts;
  uint64_t seed = 1;
  for (const auto& [name, value] : body.as_object()) {
    const auto number = value.as_int(-1);
    if (number < 0 || number > 1'000'000) {
      return refuse(422, fmt::format("'{}' is a number from 0 to 1,000,000", name));
    }
    if (name == "create")
      counts.create = static_cast<uint64_t>(number);
    else if (name == "change")
      counts.change = static_cast<uint64_t>(number);
    else if (name == "delete")
      counts.remove = static_cast<uint64_t>(number);
    else if (name == "revive")
      counts.revive = static_cast<uint64_t>(number);
    else if (name == "reprice")
      counts.reprice = static_cast<uint64_t>(number);
    else if (name == "silent")
      counts.silent = static_cast<uint64_t>(number);
    else if (name == "hidden")
      counts.hidden = static_cast<uint64_t>(number);
    else if (name == "seed")
      seed = static_cast<uint64_t>(number);
    else
      return refuse(422,
                    fmt::format("mutate takes create, change, reprice, silent, hidden, delete, "
                                "revive and seed, not '{}'",
                                name));
  }
  const auto ids = slot.store.mutate(counts, seed, local_seconds(parts.clock.now()));
  if (parts.webhooks.has_subscribers(slot.store.number())) {
    parts.webhooks.emit(slot.store.number(), slot.merchant_id(), parts.clock.now(),
                        events_of(slot, ids));
  }
  Json json;
  json.set("created", static_cast<int64_t>(ids.created.size()));
  json.set("changed", static_cast<int64_t>(ids.changed.size()));
  json.set("deleted", static_cast<int64_t>(ids.removed.size()));
  json.set("created_ids", ids_json(ids.created));
  json.set("changed_ids", ids_json(ids.changed));
  json.set("deleted_ids", ids_json(ids.removed));
  for (const auto& [name, list] :
       {std::pair("repriced_ids", &ids.repriced), std::pair("silent_ids", &ids.silent),
        std::pair("hidden_ids", &ids.hidden), std::pair("revived_ids", &ids.revived)}) {
    if (!list->empty()) json.set(name, ids_json(*list));
  }
  json.set("version", slot.store.version());
  return reply(json);
}

// Events of the named kinds, about the entities of one number: {"events": ["brand.created"], "number": 2}.
Response events_reply(const Json& body, StoreSlot& slot, ControlledParts& parts) {
  std::vector<StoreEvent> events;
  Json::Array bodies;
  const auto now = local_seconds(parts.clock.now());
  for (const auto& name : body["events"].as_array()) {
    auto event = event_about(slot, parts.quirks, now, name.as_string(),
                             static_cast<uint64_t>(body["number"].as_int(0)));
    if (!event) {
      return refuse(422, fmt::format("no event '{}' is known, or the store has no entity for it",
                                     name.as_string()));
    }
    Json row;
    row.set("event", event->name);
    row.set("data", Json::parse(event->data).value());
    bodies.push_back(std::move(row));
    events.push_back(std::move(*event));
  }
  parts.webhooks.emit(slot.store.number(), slot.merchant_id(), parts.clock.now(),
                      std::move(events));
  return reply(bodies);
}

// By store: what happened to its tokens.
Json tokens_json(const ControlledParts& parts) {
  Json::Array rows;
  for (size_t store = 0; store < parts.slots.size(); ++store) {
    const auto counts = parts.tokens.counts(store);
    Json row;
    row.set("store", parts.slots[store]->store.number());
    row.set("refreshed", counts.refreshed);
    row.set("exchanged", counts.exchanged);
    row.set("reused", counts.reused);
    row.set("unknown", counts.unknown);
    rows.push_back(std::move(row));
  }
  return rows;
}

Response install_reply(const StoreSlot& slot, const ControlledParts& parts) {
  const auto store = static_cast<size_t>(slot.store.number() - 1);
  std::string created_at;
  append_date_time(created_at, local_seconds(parts.clock.now()));
  return json_answer(200, parts.accounts.install_event(store, store_number_id(slot), created_at));
}

// Rows leave lists: {"coupons": 2} hides the last two coupons.
Response remove_reply(const Json& body, StoreSlot& slot) {
  for (const auto& [stream, rows] : body.as_object()) {
    if (rows.as_int(-1) < 0)
      return refuse(422, fmt::format("'{}' is a number of rows, 0 or more", stream));
    if (!remove_side_rows(slot, stream, static_cast<uint64_t>(rows.as_int())))
      return refuse(422, fmt::format("no list is called '{}'", stream));
  }
  return reply(Json(Json::Object{}));
}

Response extra_rows_reply(const Request& request, const Json& body, StoreSlot& slot) {
  if (request.method == "DELETE") {
    slot.extra.clear();
  } else if (request.method == "POST") {
    const auto added = slot.extra.add(body);
    if (!added.ok()) return refuse(422, added.error().message());
  }
  return reply(slot.extra.to_json());
}

Response faults_reply(const Request& request, const Json& body, ControlledParts& parts) {
  if (request.method == "DELETE") {
    parts.faults.clear();
  } else if (request.method == "POST") {
    const auto added = parts.faults.add(body);
    if (!added.ok()) return refuse(422, added.error().message());
  }
  return reply(parts.faults.to_json());
}

}  // namespace

Response control(const Request& request, ControlledParts parts) {
  Json body;
  if (!request.body.empty()) {
    auto parsed = Json::parse(request.body);
    if (!parsed.ok()) return refuse(422, "the body is not JSON: " + parsed.error().message());
    body = std::move(parsed).value();
  }
  const auto name = std::string_view(request.path).substr(6);
  auto* slot = chosen_store(request, parts);
  if (slot == nullptr) return refuse(404, fmt::format("stores are 1 to {}", parts.slots.size()));
  const bool is_post = request.method == "POST";
  if (name == "counters") return counters_reply(request, parts);
  if (name == "truth") {
    auto truth = store_truth(slot->store);
    const auto now = local_seconds(parts.clock.now());
    truth.set("streams", side_counts(*slot, parts.quirks, now));
    return reply(truth);
  }
  if (name == "truth/orders") return reply(order_truth(slot->store));
  if (name == "remove-rows" && is_post) return remove_reply(body, *slot);
  if (name == "extra-rows") return extra_rows_reply(request, body, *slot);
  if (name == "clock") return clock_reply(request, body, parts);
  if (name == "faults") return faults_reply(request, body, parts);
  if (name == "webhooks") {
    return parts.webhooks.control(request, body, slot->store.number(), parts.clock.now());
  }
  if (name == "mutate" && is_post) return mutate_reply(body, *slot, parts);
  if (name == "events" && is_post) return events_reply(body, *slot, parts);
  if (name == "tokens") return reply(tokens_json(parts));
  if (name == "install" && is_post) return install_reply(*slot, parts);
  if (name == "revoke-tokens" && is_post) {
    parts.tokens.revoke(static_cast<size_t>(slot->store.number() - 1));
    return reply(Json(Json::Object{}));
  }
  if (name == "expire-token" && is_post) {
    parts.tokens.expire(static_cast<size_t>(slot->store.number() - 1));
    return reply(Json(Json::Object{}));
  }
  return refuse(
      404,
      "known: GET counters, truth, truth/orders, clock, faults, webhooks, tokens, "
      "extra-rows; POST clock, mutate, events, remove-rows, extra-rows, faults, webhooks, "
      "expire-token, revoke-tokens, install; DELETE counters, extra-rows, faults, "
      "webhooks");
}

}  // namespace falaj::simulator
