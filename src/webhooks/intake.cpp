#include "webhooks/intake.hpp"

#include <algorithm>
#include <charconv>

#include "base/json.hpp"
#include "base/log.hpp"
#include "base/sha256.hpp"

namespace falaj::webhooks {
namespace {

using connectors::salla::WebhookAction;
using connectors::salla::WebhookEvent;
using connectors::salla::WebhookVerdict;

// How long a run waits for a receiver to hand over its newest events.
constexpr Micros kPatience = std::chrono::seconds(2);
constexpr const char* kNamedCursor = "webhooks.named";
constexpr size_t kUlidTimeDigits = 10;
constexpr size_t kUlidRandomDigits = 16;

// The same for the same segment, store and stream; sorts where the segment does.
PackageId package_id_of(const std::string& segment, int64_t store, const std::string& stream) {
  constexpr std::string_view kDigits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  const auto digest = sha256(fmt::format("{} {} {}", segment, store, stream));
  auto id = segment.substr(0, kUlidTimeDigits);
  for (size_t i = 0; i < kUlidRandomDigits; ++i) id += kDigits[digest[i] & 31U];
  return PackageId(std::move(id));
}

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

}  // namespace

const extract::StreamSpec* WebhookIntake::find_stream(const std::string& name) const {
  const auto found = std::find_if(streams_.begin(), streams_.end(),
                                  [&](const auto& stream) { return stream.name == name; });
  return found == streams_.end() ? nullptr : &*found;
}

Result<IntakeReport> WebhookIntake::run(bool is_resumed) {
  IntakeReport report;
  FALAJ_ASSIGN(auto collected, inbox_.collect(kPatience).while_doing("looking into the inbox"));
  report.notes = std::move(collected.notes);
  if (collected.bytes_cut > 0) {
    report.notes.push_back(
        fmt::format("webhooks: {} bytes of a torn tail were cut off; they were "
                    "never acknowledged",
                    collected.bytes_cut));
  }
  if (collected.names.empty()) return report;
  FALAJ_ASSIGN(known_stores_, state_.store_ids());
  FALAJ_ASSIGN(const auto runs, state_.recent_runs(1));
  if (!runs.empty()) last_run_ = runs.front();
  for (const auto& name : collected.names) {
    FALAJ_TRY(take_segment(name, is_resumed, report)
                  .while_doing(fmt::format("taking in the events of {}", name)));
  }
  return report;
}

// What a run commits counts as newer than what was committed before it, and this event is committed
// after that run.
bool WebhookIntake::came_during_a_run(UtcTime received_at) const {
  if (!last_run_) return false;
  const auto at = to_iso8601(received_at);
  return at >= last_run_->started_at &&
         (last_run_->finished_at.empty() || at <= last_run_->finished_at);
}

Status WebhookIntake::take_segment(const std::string& name, bool is_resumed, IntakeReport& report) {
  FALAJ_ASSIGN(const auto segment, inbox_.read(name));
  Pages pages;
  Named named;
  Named gone;
  for (const auto& record : segment.content.records) {
    take_event(segment, record, pages, named, gone);
  }
  for (auto& [key, list] : pages) FALAJ_TRY(write_package(name, key, std::move(list)));
  for (auto& [store, entities] : named) {
    FALAJ_ASSIGN(auto known, read_named(state_, StoreId(store)));
    for (const auto& [stream, id] : entities) {
      if (gone[store].contains({stream, id})) continue;
      known.all.push_back({stream, id});
      if (is_resumed) known.asked_again.push_back({stream, id});
    }
    FALAJ_TRY(save_named(state_, StoreId(store), known, clock_.now()));
  }
  report.events += static_cast<int64_t>(segment.content.records.size());
  const auto unread = segment.text->size() - segment.content.whole_bytes;
  if (segment.content.damaged_bytes + unread == 0) return inbox_.remove(name);
  FALAJ_ASSIGN(const auto aside, inbox_.set_aside(name));
  report.notes.push_back(fmt::format(
      "webhooks: {} bytes of an inbox file are damaged; what is whole was taken in, the file is "
      "kept as {}",
      segment.content.damaged_bytes + unread, aside));
  return {};
}

void WebhookIntake::take_event(const webhooks::Segment& segment,
                               const webhooks::InboxRecord& record, Pages& pages, Named& named,
                               Named& gone) {
  auto read = reader_.read(record.body);
  if (!read.ok()) {
    // The receiver has read it before; only a newer or older falaj can disagree.
    log_warn("an event of {} cannot be read: {}", segment.name, read.error().to_text());
    return;
  }
  const auto& event = *read;
  auto verdict = judge_event(event, record.received_at);
  int64_t store = record.merchant;
  // A body that names no store is of the only one there is.
  if (store == 0 && known_stores_.size() == 1) store = known_stores_.front();
  const bool is_ours =
      std::find(known_stores_.begin(), known_stores_.end(), store) != known_stores_.end();
  const auto stream = std::string(event.rule == nullptr ? "" : event.rule->stream);
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
  pages[{store, "webhooks"}].push_back(
      page_of("webhooks", event, record.received_at,
              landing::PageBody(event_page(event, verdict, record))));
  const bool has_parts = verdict.action == WebhookAction::kUseParts;
  if (verdict.action == WebhookAction::kUseBody || has_parts) {
    landing::PageBody body(record.body, segment.text);
    if (!event.has_envelope) body = landing::PageBody(fmt::format("{{\"data\":{}}}", event.data));
    pages[{store, stream}].push_back(
        page_of(stream, event, verdict.as_of, std::move(body), has_parts ? "parts" : "full"));
  }
  if (verdict.action == WebhookAction::kRefetch || has_parts) {
    named[store].insert({stream, *event.entity_id});
  } else if (verdict.action == WebhookAction::kTombstone) {
    gone[store].insert({stream, *event.entity_id});
    pages[{store, "deletions"}].push_back(
        page_of("deletions", event, record.received_at,
                landing::PageBody(tombstone(stream, *event.entity_id, record.received_at))));
  }
}

Status WebhookIntake::write_package(const std::string& segment, const PackageKey& key,
                                    std::vector<landing::PageRecord> pages) {
  landing::PackageIdentity identity;
  identity.package_id = package_id_of(segment, key.first, key.second);
  identity.run_id = RunId(segment);
  identity.store_id = StoreId(key.first);
  identity.stream = key.second;
  const auto path = landing_.package_path(identity.package_id);
  const auto manifest = fmt::format("{}/{}", path, landing::kManifestName);
  if (files_.open_read(manifest).ok()) return {};  // by an intake that was killed afterwards
  FALAJ_TRY(files_.remove_all(path + std::string(landing::kOpenSuffix)));
  landing::PackageWriterOptions options;
  options.frame_pages = 1024;
  auto writer = landing_.create_package(std::move(identity), std::move(options));
  for (auto& page : pages) FALAJ_TRY(writer->append(std::move(page)));
  FALAJ_TRY(writer->seal());
  return {};
}

// Lines of "stream id", those asked for again with a third word.
Result<NamedEntities> read_named(state::StateStore& state, StoreId store) {
  FALAJ_ASSIGN(const auto text, state.cursor(store, kNamedCursor));
  NamedEntities named;
  std::string_view rest = text ? std::string_view(*text) : std::string_view();
  while (!rest.empty()) {
    const auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    const auto space = line.find(' ');
    if (space == std::string_view::npos) continue;
    extract::NamedEntity entity{std::string(line.substr(0, space)), 0};
    std::from_chars(line.data() + space + 1, line.data() + line.size(), entity.id);
    if (line.ends_with(" again")) named.asked_again.push_back(entity);
    named.all.push_back(std::move(entity));
  }
  return named;
}

Status save_named(state::StateStore& state, StoreId store, const NamedEntities& named,
                  UtcTime now) {
  const std::set<extract::NamedEntity> all(named.all.begin(), named.all.end());
  const std::set<extract::NamedEntity> again(named.asked_again.begin(), named.asked_again.end());
  std::string text;
  for (const auto& entity : all) {
    text +=
        fmt::format("{} {}{}\n", entity.stream, entity.id, again.contains(entity) ? " again" : "");
  }
  return state.set_cursor(store, kNamedCursor, text, now);
}

}  // namespace falaj::webhooks
