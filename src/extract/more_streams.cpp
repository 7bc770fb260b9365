#include "extract/more_streams.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>

#include "base/counted.hpp"
#include "base/sha256.hpp"
#include "extract/deletion_page.hpp"

namespace falaj::extract {
namespace {

const std::string kSinceCursor = "since:";  // the day of the last whole reading
const std::string kIdsCursor = "ids:";      // a digest of the ids that the last run saw

std::string digest_of(const std::vector<int64_t>& ids) {
  return to_hex(sha256(fmt::format("{}", fmt::join(ids, ",")))).substr(0, 32);
}

// What was created when, only the column of that name tells; and a list of some days that lacks an
// entity is no proof, since what its filter goes by may be another time.
bool tells_what_is_gone(const StreamSpec& stream, const CatalogueListAsk& ask) {
  if (!ask.days) return true;
  if (stream.entity_path.empty() || stream.from_parameter.empty()) return false;
  const auto& fields = stream.table.fields;
  return std::any_of(fields.begin(), fields.end(), [](const decode::FieldSpec& field) {
    return field.column == kCreatedColumn && field.kind == decode::FieldKind::kTimestamp;
  });
}

// The days of an ask without its first, on which the store's zone and ours may differ.
std::optional<DayWindow> settled_days(const CatalogueListAsk& ask) {
  if (!ask.days) return std::nullopt;
  return DayWindow{ask.days->first + 1, ask.days->last};
}

std::string with_id(std::string path, int64_t id) {
  const std::string mark = "{id}";
  const auto at = path.find(mark);
  if (at != std::string::npos) path.replace(at, mark.size(), std::to_string(id));
  return path;
}

}  // namespace

MoreStreams::MoreStreams(PageLoop& loop, Clock& clock, CursorStore& cursors,
                         const std::vector<StreamSpec>& streams, int64_t page_size)
    : loop_(loop),
      clock_(clock),
      cursors_(cursors),
      streams_(streams),
      page_size_(page_size),
      started_(riyadh_day(clock.now())) {}

const StreamSpec* MoreStreams::find(const std::string& name) const {
  const auto found = std::find_if(streams_.begin(), streams_.end(),
                                  [&](const auto& stream) { return stream.name == name; });
  return found == streams_.end() ? nullptr : &*found;
}

std::vector<const StreamSpec*> MoreStreams::pick(bool is_newest_first, bool has_parent) const {
  std::vector<const StreamSpec*> picked;
  for (const auto& stream : streams_) {
    if (stream.parent.empty() == has_parent || stream.parent == "orders") continue;
    if (is_of_customers(stream)) continue;
    const auto* decisive = has_parent ? find(stream.parent) : &stream;
    const bool is_late = decisive != nullptr && decisive->changes == Changes::kNewestFirst;
    if (is_late == is_newest_first) picked.push_back(&stream);
  }
  return picked;
}

Status MoreStreams::read_before_orders(IdsByStream seen) {
  for (auto& [stream, ids] : seen) seen_[stream] = std::move(ids);
  FALAJ_TRY(read(pick(false, false)));
  return read(pick(false, true));
}

bool MoreStreams::is_of_customers(const StreamSpec& stream) const {
  if (stream.bucket == "customers" || stream.parent == "customers") return true;
  const auto* parent = find(stream.parent);
  return parent != nullptr && parent->bucket == "customers";
}

Status MoreStreams::read_of_customers(std::vector<int64_t> customers) {
  seen_["customers"] = std::move(customers);
  std::vector<const StreamSpec*> lists;
  std::vector<const StreamSpec*> children;
  for (const auto& stream : streams_) {
    if (is_of_customers(stream)) (stream.parent.empty() ? lists : children).push_back(&stream);
  }
  FALAJ_TRY(read(lists));
  return read(children);
}

Status MoreStreams::read_before_deepening() {
  FALAJ_TRY(read(pick(true, false)));
  return read(pick(true, true));
}

Status MoreStreams::read_of_orders(std::vector<int64_t> orders) {
  seen_["orders"] = std::move(orders);
  std::vector<const StreamSpec*> picked;
  for (const auto& stream : streams_) {
    if (stream.parent == "orders") picked.push_back(&stream);
  }
  return read(picked);
}

Result<CatalogueListAsk> MoreStreams::ask_of(const StreamSpec& stream) {
  CatalogueListAsk ask;
  ask.stream = &stream;
  if (!stream.parent.empty()) ask.parents = seen_[stream.parent];
  if (stream.changes != Changes::kNewestFirst) return ask;
  FALAJ_ASSIGN(const auto cursor, cursors_.get(kSinceCursor + stream.name));
  // Tomorrow's rows come too.
  if (cursor) {
    // A clock that was ahead must not leave days out.
    const auto since = std::min<Day>(std::strtoll(cursor->c_str(), nullptr, 10), started_);
    ask.days = DayWindow{since - stream.reread_days, started_ + 1};
  }
  return ask;
}

Result<std::map<std::string, CatalogueListPlan>> MoreStreams::plan(
    std::map<std::string, CountRange> parents, int64_t asks_max) {
  std::vector<CatalogueListAsk> asks;
  for (const auto& stream : streams_) {
    if (!stream.parent.empty()) continue;
    FALAJ_ASSIGN(auto ask, ask_of(stream));
    asks.push_back(std::move(ask));
  }
  FALAJ_ASSIGN(auto lists, plan_catalogue_lists(loop_, asks, page_size_, asks_max));
  std::map<std::string, CatalogueListPlan> plans;
  for (size_t i = 0; i < asks.size(); ++i) {
    const auto& name = asks[i].stream->name;
    parents[name] = lists[i].rows.value_or(CountRange::at_least(0));
    plans[name] = std::move(lists[i]);
  }
  for (const auto& stream : streams_) {
    if (stream.parent.empty()) continue;
    auto requests = parents[stream.parent];
    // One that has more pages shows it in its first.
    if (stream.paging != Paging::kNone) requests.most.reset();
    plans[stream.name] = {requests, std::nullopt, std::nullopt};
  }
  return plans;
}

Status MoreStreams::read(const std::vector<const StreamSpec*>& streams) {
  std::vector<CatalogueListAsk> asks;
  for (const auto* stream : streams) {
    FALAJ_ASSIGN(auto ask, ask_of(*stream));
    asks.push_back(std::move(ask));
  }
  FALAJ_ASSIGN(auto results, read_catalogue_lists(loop_, asks, page_size_));
  for (size_t i = 0; i < results.size(); ++i) {
    const auto& stream = *streams[i];
    auto& result = results[i];
    announced_.emplace_back(stream.name, result.announced);
    for (auto& note : result.notes) notes_.push_back(std::move(note));
    seen_[stream.name] = result.ids;
    if (result.refusal) {
      add_refusal(stream.name, stream.scope, *result.refusal);
      continue;
    }
    if (stream.changes == Changes::kNewestFirst)
      to_remember_[kSinceCursor + stream.name] = std::to_string(started_);
    if (stream.parent.empty() && result.is_whole && tells_what_is_gone(stream, asks[i]))
      whole_[stream.name] = {std::move(result.ids), settled_days(asks[i])};
  }
  return {};
}

void MoreStreams::add_refusal(const std::string& stream, const std::string& scope,
                              const ListRefusal& refusal) {
  using Reason = ListRefusal::Reason;
  switch (refusal.reason) {
    case Reason::kNoScope: without_scope_[scope].push_back(stream); return;
    case Reason::kNotThere: {
      const auto* spec = find(stream);
      notes_.push_back(fmt::format("{}: the store has no {} (404)", stream,
                                   spec != nullptr ? spec->path : "/" + stream));
      return;
    }
    case Reason::kRefused:
      notes_.push_back(
          fmt::format("{} was left out, the store refuses it: {}", stream, refusal.text));
      return;
    case Reason::kBroken:
      notes_.push_back(fmt::format("{} was not read to its end, the next run asks again: {}",
                                   stream, refusal.text));
      return;
  }
}

std::vector<std::string> MoreStreams::notes() const {
  auto notes = notes_;
  if (without_scope_.empty()) return notes;
  std::string lists;
  for (const auto& [scope, streams] : without_scope_) {
    lists += fmt::format("{}{} ({})", lists.empty() ? "" : "; ", fmt::join(streams, ", "),
                         scope.empty() ? "no scope is documented" : scope);
  }
  notes.push_back(fmt::format(
      "not read, since the token lacks the scope: {}. Give the app the scope in the Salla "
      "partner portal and authorise it again, or leave the stream out in catalogue.toml",
      lists));
  return notes;
}

Status MoreStreams::read_named(const std::vector<NamedEntity>& named) {
  std::map<std::string, std::vector<int64_t>> by_stream;
  for (const auto& entity : named) {
    const auto& seen = seen_[entity.stream];
    if (std::binary_search(seen.begin(), seen.end(), entity.id)) continue;
    by_stream[entity.stream].push_back(entity.id);
  }
  for (const auto& [name, ids] : by_stream) {
    const auto* stream = find(name);
    if (stream == nullptr || stream->entity_path.empty()) continue;
    FALAJ_TRY(ask_for_named(loop_, clock_, name, stream->entity_path, ids, &stream->table));
  }
  return {};
}

Status MoreStreams::land_vanished(const ReadKnownIds& read_known) {
  std::vector<KnownIdsAsk> changed;
  for (const auto& [name, list] : whole_) {
    const auto digest = digest_of(list.ids);
    FALAJ_ASSIGN(const auto before, cursors_.get(kIdsCursor + name));
    if (before == digest) continue;
    changed.push_back({*find(name), list.created});
    to_remember_[kIdsCursor + name] = digest;
  }
  if (changed.empty()) return {};
  FALAJ_ASSIGN(const auto known, read_known(changed));
  for (const auto& [stream, created] : changed) {
    const auto before = known.find(stream.name);
    if (before == known.end()) continue;
    const auto& seen = whole_[stream.name].ids;
    std::vector<int64_t> missing;
    std::set_difference(before->second.begin(), before->second.end(), seen.begin(), seen.end(),
                        std::back_inserter(missing));
    if (!missing.empty()) FALAJ_TRY(land_vanished(stream, seen, missing));
  }
  return {};
}

Status MoreStreams::land_vanished(const StreamSpec& stream, const std::vector<int64_t>& seen,
                                  const std::vector<int64_t>& missing) {
  const bool is_told_by_absence = stream.gone_reason != kSweepReason;
  if (!is_told_by_absence && !stream.entity_path.empty()) return confirm(stream, missing);
  // An answer of nothing at all is more likely a fault than the end of everything.
  if (!is_told_by_absence && seen.empty()) {
    notes_.push_back(fmt::format(
        "{}: the list is empty all at once; {} kept as {}", stream.name,
        missing.size() == 1 ? "1 entity is" : with_thousands(std::ssize(missing)) + " entities are",
        missing.size() == 1 ? "it was" : "they were"));
    to_remember_.erase(kIdsCursor + stream.name);
    return {};
  }
  for (const auto id : missing)
    FALAJ_TRY(loop_.land(deletion_page(stream.name, id, stream.gone_reason, clock_.now())));
  return {};
}

// One by one: a shifted page may hide a row, so that only a 404 means gone.
Status MoreStreams::confirm(const StreamSpec& stream, const std::vector<int64_t>& missing) {
  const size_t end = std::min(missing.size(), kConfirmationsMax);
  if (end < missing.size()) to_remember_.erase(kIdsCursor + stream.name);
  size_t at = 0;
  return loop_.run(
      [&]() -> std::optional<PageAsk> {
        if (at >= end) return std::nullopt;
        PageAsk ask;
        ask.stream = stream.name;
        ask.source = "sweep";
        ask.is_list = false;
        ask.is_optional = true;
        ask.entity_id = missing[at++];
        ask.request = with_id(stream.entity_path, ask.entity_id);
        return ask;
      },
      [&](const PageAsk& ask, PageResult index) -> Status {
        if (index.ok()) return {};
        if (index.error().kind() != ErrorKind::kNotFound) {
          // Neither here nor gone: the next run asks again.
          to_remember_.erase(kIdsCursor + stream.name);
          return {};
        }
        return loop_.land(
            deletion_page(stream.name, ask.entity_id, std::string(kSweepReason), clock_.now()));
      });
}

Status MoreStreams::remember() {
  for (const auto& [name, value] : to_remember_) FALAJ_TRY(cursors_.set(name, value));
  return {};
}

}  // namespace falaj::extract
