#include "extract/order_stream.hpp"

#include <algorithm>

#include "base/counted.hpp"
#include "base/log.hpp"
#include "extract/deletion_page.hpp"

namespace falaj::extract {
namespace {

constexpr const char* kOrderCursor = "orders.by_change";
constexpr const char* kSeenUntilCursor = "orders.seen_until";
constexpr const char* kSweepCursor = "orders.needs_sweep";
constexpr const char* kShapeCursor = "orders.shape";
constexpr const char* kSortCursor = "orders.sort";
constexpr const char* kUnlistedCursor = "orders.unlisted";
constexpr const char* kRereadCursor = "orders.reread";
constexpr Day kFirstDay = -25'567;  // 1900-01-01
constexpr const char* kExpanded = "&expanded=1";

std::string join(const std::vector<int64_t>& ids) {
  std::string text;
  for (const int64_t id : ids) text += (text.empty() ? "" : ",") + std::to_string(id);
  return text;
}

std::vector<int64_t> split(const std::string& text) {
  std::vector<int64_t> ids;
  const char* at = text.c_str();
  while (*at != '\0') {
    char* end = nullptr;
    ids.push_back(std::strtoll(at, &end, 10));
    if (end == at) break;
    at = *end == ',' ? end + 1 : end;
  }
  return ids;
}

int64_t total_of(const decode::PageIndex& index) {
  return index.pagination ? index.pagination->total : static_cast<int64_t>(index.rows.size());
}

}  // namespace

OrderStream::OrderStream(PageLoop& loop, const Clock& clock, const ReadKnownStore& known,
                         CursorStore& cursors, OrderOptions options)
    : loop_(loop),
      clock_(clock),
      read_known_(known),
      cursors_(cursors),
      options_(std::move(options)) {}

Result<bool> OrderStream::is_first(const CursorStore& cursors) {
  FALAJ_ASSIGN(const auto order, cursors.get(kOrderCursor));
  return !order.has_value();
}

ListSpec OrderStream::list() const {
  ListSpec spec;
  spec.stream = "orders";
  spec.path = "/orders";
  spec.extra_query = outcome_.is_expanded ? kExpanded : "";
  spec.from_parameter = "from_date";
  spec.to_parameter = "to_date";
  spec.statuses = options_.statuses;
  spec.oldest_first = "&sort_by=created_at-asc";
  spec.page_size = options_.page_size;
  spec.purpose = list_purpose();
  spec.range = options_.range;
  // Only light rows are compared: full ones are compared by load.
  spec.volatile_members = outcome_.is_expanded ? nullptr : &options_.volatile_members;
  return spec;
}

void OrderStream::take(const decode::IndexRow& row) {
  const auto day = row.created_at ? static_cast<int32_t>(riyadh_day(*row.created_at)) : 0;
  listed_.push_back({row.id, row.payload_key, day, row.value});
}

Result<OrderOutcome> OrderStream::run() {
  today_ = riyadh_day(clock_.now());
  FALAJ_ASSIGN(auto first, find_shape());
  FALAJ_TRY(keep_shape(first));
  outcome_.list_total = total_of(first);
  if (options_.range) {
    FALAJ_TRY(sweep_range());
  } else {
    FALAJ_TRY(read_changes(std::move(first)));
  }
  collect_work();
  FALAJ_TRY(collect_rereads());
  order_work();
  if (options_.before_deepening) FALAJ_TRY(options_.before_deepening());
  if (!options_.is_summary_only) {
    FALAJ_TRY(deepen());
  } else {
    note_left(0);
  }
  if (walk_ != nullptr && !unlisted_now_) outcome_.unlisted = unlisted_;
  outcome_.deleted = static_cast<int64_t>(gone_.size());
  return outcome_;
}

Result<decode::PageIndex> OrderStream::find_shape() {
  FALAJ_ASSIGN(const auto shape, cursors_.get(kShapeCursor));
  outcome_.is_expanded = !shape || *shape == "expanded";
  auto first = ask_by_change(loop_, list(), 1);
  // A store that refuses the parameter answers 422; one that ignores it answers light rows.
  if (first.ok() || !outcome_.is_expanded || first.error().http_status != 422) return first;
  outcome_.is_expanded = false;
  return ask_by_change(loop_, list(), 1);
}

Status OrderStream::keep_shape(const decode::PageIndex& first) {
  if (first.rows.empty()) return {};
  outcome_.is_expanded = first.first_row_has("amounts");
  const std::string now = outcome_.is_expanded ? "expanded" : "light";
  FALAJ_ASSIGN(const auto before, cursors_.get(kShapeCursor));
  if (before && *before == now) return {};
  if (before) {
    log_warn("the store's order lists were {} and are {} now", *before, now);
    outcome_.notes.push_back(fmt::format("order lists changed from {} to {}", *before, now));
  }
  return cursors_.set(kShapeCursor, now);
}

Status OrderStream::read_known() {
  if (is_known_read_) return {};
  FALAJ_ASSIGN(known_, read_known_());
  is_known_read_ = true;
  return {};
}

Status OrderStream::read_changes(decode::PageIndex first) {
  FALAJ_ASSIGN(const bool must_sweep, walk_changes(std::move(first), std::nullopt));
  if (must_sweep) return sweep();
  tell_whole_days({kFirstDay, today_});
  return {};
}

// A day that is not over has more orders to come.
void OrderStream::tell_whole_days(DayWindow days) const {
  days.last = std::min(days.last, today_ - 1);
  if (options_.on_whole_days && days.days() > 0) options_.on_whole_days(days);
}

Result<bool> OrderStream::walk_changes(decode::PageIndex first, std::optional<int64_t> pages_max) {
  FALAJ_ASSIGN(const auto remembered, cursors_.get(kOrderCursor));
  FALAJ_ASSIGN(const auto sweep_flag, cursors_.get(kSweepCursor));
  FALAJ_ASSIGN(const auto sorting, cursors_.get(kSortCursor));
  FALAJ_ASSIGN(const auto seen_until, cursors_.get(kSeenUntilCursor));
  FALAJ_ASSIGN(const auto unlisted, cursors_.get(kUnlistedCursor));
  is_sort_ignored_ = sorting.value_or("") == "ignored";
  unlisted_ = std::strtoll(unlisted.value_or("0").c_str(), nullptr, 10);
  WalkMemory memory;
  if (!is_sort_ignored_) memory.order = split(remembered.value_or(""));
  if (seen_until && outcome_.is_expanded) {
    memory.seen_until = UtcTime(Micros(std::strtoll(seen_until->c_str(), nullptr, 10)));
  }
  walk_ = std::make_unique<ChangeWalk>(loop_, list(), std::move(memory),
                                       [this](const decode::IndexRow& row) { take(row); });
  if (pages_max) walk_->stop_after(*pages_max);
  const auto known = [this]() -> Result<const KnownStore*> {
    FALAJ_TRY(read_known());
    return &known_;
  };
  FALAJ_ASSIGN(const bool is_joined, walk_->run(std::move(first), known, !outcome_.is_expanded));
  FALAJ_TRY(read_known());
  outcome_.announced = walk_->announced();
  outcome_.list_total = outcome_.announced;
  if (walk_->had_memory()) {
    // An order that was the latest change already and changed again keeps its place on top.
    const auto& walked = walk_->walked();
    const size_t forced = std::min(walked.size(), walk_->above() + 1);
    forced_.insert(walked.begin(), walked.begin() + static_cast<std::ptrdiff_t>(forced));
    outcome_.changed = static_cast<int64_t>(walk_->above());
  }
  const bool must_sweep = !remembered || sweep_flag.value_or("") == "yes" || is_sort_ignored_;
  return must_sweep || options_.is_reconciling || !is_joined || walk_->is_unsorted() ||
         !knows_all();
}

bool OrderStream::knows_all() const {
  auto count = static_cast<int64_t>(known_.orders.size());
  const auto& walked = walk_->walked();
  for (size_t i = 0; i < walk_->above(); ++i)
    count += known_.find_order(walked[i]) == nullptr ? 1 : 0;
  return count == outcome_.announced - unlisted_;
}

Status OrderStream::sweep() {
  outcome_.is_sweep = true;
  FALAJ_TRY(prove_sorting());
  FALAJ_ASSIGN(auto seen,
               sweep_list(loop_, list(), [this](const decode::IndexRow& row) { take(row); }));
  if (options_.is_reconciling) FALAJ_TRY(ask_totals(seen));
  FALAJ_ASSIGN(const auto after, ask_by_change(loop_, list(), 1));
  outcome_.list_total = total_of(after);
  judge_sweep(seen, after);
  for (const int64_t id : walk_->walked()) seen.ids.push_back(id);
  std::sort(seen.ids.begin(), seen.ids.end());
  seen.ids.erase(std::unique(seen.ids.begin(), seen.ids.end()), seen.ids.end());
  // Rows that moved while it was read may have been in no page: then fewer are listed than announced.
  if (!needs_sweep_ || static_cast<int64_t>(seen.ids.size()) >= outcome_.list_total)
    tell_whole_days({kFirstDay, today_});
  return probe_missing(seen.ids);
}

// Lists that are the same in both directions are in none: parameters that a store does not know are
// ignored with 200 (salla-api.md 6.7).
Status OrderStream::prove_sorting() {
  auto spec = list();
  PageAsk ask;
  ask.stream = spec.stream;
  ask.purpose = spec.purpose;
  ask.volatile_members = spec.volatile_members;
  ask.request = page_request(spec, 1, kLatestChangeLast);
  FALAJ_ASSIGN(const auto reverse, loop_.ask_one(std::move(ask)));
  for (const auto& row : reverse.rows) take(row);
  const auto& walked = walk_->walked();
  const size_t rows = std::min(reverse.rows.size(), walked.size());
  bool is_same = rows > 1;
  for (size_t i = 0; is_same && i < rows; ++i) is_same = reverse.rows[i].id == walked[i];
  is_sort_ignored_ = is_same || walk_->is_unsorted();
  if (is_sort_ignored_) {
    outcome_.notes.push_back(
        "the store does not sort its orders by change: every run reads the whole list, and what a "
        "list row does not show is found only when details are read again" +
        (options_.reread_days > 0 ? fmt::format(", once in {} (extract.reread_days)",
                                                counted(options_.reread_days, "day"))
                                  : std::string()));
  }
  return {};
}

// Quiet before and after means that no page shifted under us; else the next run sweeps again.
void OrderStream::judge_sweep(const SweepResult& seen, const decode::PageIndex& after) {
  const auto& walked = walk_->walked();
  bool is_quiet = seen.is_steady && !walk_->has_moved() && after.rows.size() <= walked.size() &&
                  total_of(after) == outcome_.announced;
  for (size_t i = 0; is_quiet && i < after.rows.size(); ++i)
    is_quiet = after.rows[i].id == walked[i];
  if (is_quiet) {
    // What is announced twice in a row and never listed does not exist for us.
    unlisted_now_ = outcome_.announced - static_cast<int64_t>(seen.ids.size());
    needs_sweep_ = *unlisted_now_ != 0 && *unlisted_now_ != unlisted_;
    outcome_.unlisted = *unlisted_now_;
    outcome_.totals = seen.totals;
  } else {
    needs_sweep_ = true;
  }
  if (needs_sweep_) {
    outcome_.notes.push_back(
        "the order list changed while it was read; the next run sweeps it again");
  } else if (*unlisted_now_ != 0) {
    outcome_.notes.push_back(fmt::format("the store announces {} and lists {}",
                                         counted(outcome_.announced, "order"),
                                         with_thousands(std::ssize(seen.ids))));
  }
}

// The store's own count of each status, from one row each.
Status OrderStream::ask_totals(SweepResult& seen) {
  auto spec = list();
  spec.page_size = 1;
  seen.totals.push_back({DayWindow{1, 0}, "", outcome_.announced});
  for (const auto& status : options_.statuses) {
    PageAsk ask;
    ask.stream = spec.stream;
    ask.purpose = spec.purpose;
    ask.volatile_members = spec.volatile_members;
    ask.request = page_request(spec, 1, status_filter(status));
    const auto page = loop_.ask_one(std::move(ask));
    if (!page.ok() && page.error().http_status == 422) continue;  // nothing to filter by
    if (!page.ok()) return page.error();
    const bool is_filtered =
        std::all_of(page->rows.begin(), page->rows.end(), [&status](const auto& row) {
          return row.status_slug.empty() || row.status_slug == status;
        });
    if (is_filtered) seen.totals.push_back({DayWindow{1, 0}, status, total_of(*page)});
  }
  return {};
}

// The orders of some days: the list of those, and nothing about changes of others.
Status OrderStream::sweep_range() {
  FALAJ_TRY(read_known());
  FALAJ_ASSIGN(auto seen,
               sweep_list(loop_, list(), [this](const decode::IndexRow& row) { take(row); }));
  outcome_.is_sweep = true;
  outcome_.announced = seen.announced;
  const bool is_whole = seen.is_steady && static_cast<int64_t>(seen.ids.size()) == seen.announced;
  keep_range();
  if (!is_whole) return {};
  const bool is_dated_alike = std::all_of(listed_.begin(), listed_.end(), [this](const auto& row) {
    return options_.range->contains(row.day);
  });
  // Days on the edge may be labelled as the ones outside.
  if (is_dated_alike) {
    tell_whole_days(*options_.range);
  } else {
    tell_whole_days({options_.range->first + 1, options_.range->last - 1});
  }
  // Days on the edge may be labelled as the ones outside.
  const DayWindow inside{options_.range->first + 1, options_.range->last - 1};
  for (const auto& order : known_.orders) {
    if (!inside.contains(order.day)) seen.ids.push_back(order.id);
  }
  std::sort(seen.ids.begin(), seen.ids.end());
  return probe_missing(seen.ids);
}

void OrderStream::keep_range() {
  std::erase_if(known_.orders,
                [this](const KnownOrder& order) { return !options_.range->contains(order.day); });
}

// Orders that are known and live but were not listed: asked one by one, since a shifted page may
// hide a row. 404 means gone; anything else is taken as its new details.
Status OrderStream::probe_missing(const std::vector<int64_t>& seen) {
  std::vector<int64_t> missing;
  for (const auto& order : known_.orders) {
    if (!std::binary_search(seen.begin(), seen.end(), order.id)) missing.push_back(order.id);
  }
  size_t at = 0;
  return loop_.run(
      [&]() -> std::optional<PageAsk> {
        if (at >= missing.size()) return std::nullopt;
        PageAsk ask;
        ask.stream = "orders";
        ask.source = "sweep";
        ask.purpose = list_purpose();
        ask.entity_id = missing[at++];
        ask.request = fmt::format("/orders/{}", ask.entity_id);
        ask.is_list = false;
        return ask;
      },
      [&](const PageAsk& ask, PageResult index) -> Status {
        if (!index.ok() && index.error().kind() == ErrorKind::kNotFound) {
          return land_deletion(ask.entity_id, "sweep");
        }
        return {};
      });
}

Status OrderStream::land_deletion(int64_t id, const char* reason) {
  if (!gone_.insert(id).second) return {};
  return loop_.land(deletion_page("orders", id, reason, clock_.now()));
}

Status OrderStream::remember() {
  if (walk_ == nullptr) return {};
  if (outcome_.is_sweep)
    FALAJ_TRY(cursors_.set(kSortCursor, is_sort_ignored_ ? "ignored" : "works"));
  if (unlisted_now_) FALAJ_TRY(cursors_.set(kUnlistedCursor, std::to_string(*unlisted_now_)));
  FALAJ_TRY(cursors_.set(kSweepCursor, needs_sweep_ ? "yes" : "no"));
  if (round_) FALAJ_TRY(cursors_.set(kRereadCursor, round_->after(due_done_)));
  // Rows may have slipped past the walk: the next one goes down to the old junction again.
  if (walk_->has_moved() && walk_->had_memory()) return {};
  const auto memory = walk_->memory();
  if (memory.seen_until) {
    const auto until = memory.seen_until->time_since_epoch().count();
    FALAJ_TRY(cursors_.set(kSeenUntilCursor, std::to_string(until)));
  }
  return cursors_.set(kOrderCursor, join(is_sort_ignored_ ? std::vector<int64_t>() : memory.order));
}

}  // namespace falaj::extract
