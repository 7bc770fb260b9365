#include "run/webhook_events.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.hpp"
#include "base/sha256.hpp"
#include "run/named_entities.hpp"

namespace falaj::run {
namespace {

using connectors::salla::WebhookAction;
using connectors::salla::WebhookEvent;
using connectors::salla::WebhookVerdict;

// The event as an entity of the stream of events: its own words, what we made of it, and its body.
std::string event_page(const WebhookEvent& event, const WebhookVerdict& verdict,
                       const webhooks::InboxRecord& record) {
  const auto stream = event.rule == nullptr ? std::string_view() : event.rule->stream;
  return fmt::format(
      R"({{"data":[{{"id":{},"event":{},"merchant":{},"created_at_text":{},"event_created_at":{},)"
      R"("received_at":"{}","body_sha256":"{}","taken_as":"{}","taken_because":{},"entity":{},)"
      R"("entity_id":{},"entity_status":{},"body":{}}}]}})",
      first_63_bits(record.received_sha256), json_quote(event.name), record.merchant,
      json_quote(event.created_at_text),
      event.created_at ? fmt::format("\"{}\"", to_iso8601(*event.created_at, true)) : "null",
      to_iso8601(record.received_at, true), to_hex(record.received_sha256),
      to_string(verdict.action), json_quote(verdict.reason), json_quote(stream),
      event.entity_id ? std::to_string(*event.entity_id) : "null",
      event.status.empty() ? "null" : json_quote(event.status), record.body);
}

landing::PageRecord page_of(const std::string& stream, const WebhookEvent& event, UtcTime as_of,
                            landing::PageBody body, const char* shape = "full") {
  landing::PageRecord page;
  page.stream = stream;
  page.shape = shape;
  page.source = "webhook";
  page.request = "/webhooks#" + event.name;
  page.fetched_at = as_of;
  page.body = std::move(body);
  return page;
}

bool is_used(WebhookAction action) {
  return action == WebhookAction::kUseBody || action == WebhookAction::kUseParts;
}

std::string tombstone(const std::string& stream, int64_t id, UtcTime received_at) {
  return fmt::format(R"({{"data":[{{"id":{},"entity":"{}","reason":"webhook","event_at":"{}"}}]}})",
                     id, stream, to_iso8601(received_at, true));
}

std::string stream_of(const WebhookEvent& event) {
  return std::string(event.rule == nullptr ? "" : event.rule->stream);
}

}  // namespace

const extract::StreamSpec* WebhookEvents::find_stream(const std::string& name) const {
  const auto found = std::find_if(streams_.begin(), streams_.end(),
                                  [&](const auto& stream) { return stream.name == name; });
  return found == streams_.end() ? nullptr : &*found;
}

Status WebhookEvents::begin() {
  FALAJ_ASSIGN(known_stores_, state_.store_ids());
  FALAJ_ASSIGN(const auto runs, state_.recent_runs(1));
  if (!runs.empty()) last_run_ = runs.front();
  return {};
}

// What a run commits counts as newer than what was committed before it, and this event is committed
// after that run.
bool WebhookEvents::came_during_a_run(UtcTime received_at) const {
  if (!last_run_) return false;
  const auto at = to_iso8601(received_at);
  return at >= last_run_->started_at &&
         (last_run_->finished_at.empty() || at <= last_run_->finished_at);
}

// A body that names no store is of the only one there is.
int64_t WebhookEvents::store_of(const webhooks::InboxRecord& record) const {
  if (record.merchant == 0 && known_stores_.size() == 1) return known_stores_.front();
  return record.merchant;
}

WebhookVerdict WebhookEvents::verdict_of(const WebhookEvent& event,
                                         const webhooks::InboxRecord& record, int64_t store) const {
  auto verdict = judge_event(event, record.received_at);
  const bool is_ours =
      std::find(known_stores_.begin(), known_stores_.end(), store) != known_stores_.end();
  const auto stream = stream_of(event);
  const auto* spec = find_stream(stream);
  if (!is_ours) {
    verdict = {WebhookAction::kIgnore, "of a store that this home has not read yet"};
  } else if (!stream.empty() && spec == nullptr) {
    verdict = {WebhookAction::kIgnore, "the stream " + stream + " is not read"};
  } else if (is_used(verdict.action) && came_during_a_run(record.received_at)) {
    verdict = {WebhookAction::kRefetch, "it came while a run was reading: an answer may be newer"};
  }
  if (verdict.action == WebhookAction::kRefetch && spec->entity_path.empty()) {
    verdict = {WebhookAction::kReadList, verdict.reason + "; it cannot be asked for alone"};
  }
  return verdict;
}

Result<webhooks::TakenEvent> WebhookEvents::take(const webhooks::Segment& segment,
                                                 const webhooks::InboxRecord& record) {
  FALAJ_ASSIGN(const auto event, reader_.read(record.body));
  webhooks::TakenEvent taken;
  taken.store = store_of(record);
  const auto verdict = verdict_of(event, record, taken.store);
  const auto stream = stream_of(event);
  taken.pages.push_back(page_of("webhooks", event, record.received_at,
                                landing::PageBody(event_page(event, verdict, record))));
  const bool has_parts = verdict.action == WebhookAction::kUseParts;
  if (is_used(verdict.action)) {
    landing::PageBody body(record.body, segment.text);
    if (!event.has_envelope) body = landing::PageBody(fmt::format("{{\"data\":{}}}", event.data));
    taken.pages.push_back(
        page_of(stream, event, verdict.as_of, std::move(body), has_parts ? "parts" : "full"));
  }
  if (verdict.action == WebhookAction::kRefetch || has_parts) {
    taken.named = webhooks::EventEntity{stream, *event.entity_id};
  } else if (verdict.action == WebhookAction::kTombstone) {
    taken.gone = webhooks::EventEntity{stream, *event.entity_id};
    taken.pages.push_back(
        page_of("deletions", event, record.received_at,
                landing::PageBody(tombstone(stream, *event.entity_id, record.received_at))));
  }
  return taken;
}

Status WebhookEvents::keep_named(int64_t store, const std::set<webhooks::EventEntity>& entities) {
  FALAJ_ASSIGN(auto known, read_named(state_, StoreId(store)));
  for (const auto& [stream, id] : entities) {
    known.all.push_back({stream, id});
    if (is_resumed_) known.asked_again.push_back({stream, id});
  }
  return save_named(state_, StoreId(store), known, clock_.now());
}

}  // namespace falaj::run
