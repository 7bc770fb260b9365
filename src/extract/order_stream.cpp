#include "extract/order_stream.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "extract/deletion_page.hpp"
#include "extract/junction.hpp"

namespace falaj::extract {
namespace {

constexpr const char* kOrderCursor = "orders.by_change";
constexpr const char* kSeenUntilCursor = "orders.seen_until";
constexpr const char* kSweepCursor = "orders.needs_sweep";
constexpr const char* kShapeCursor = "orders.shape";
constexpr const char* kExpanded = "&expanded=1";
constexpr const char* kByChange = "&sort_by=updated_at-desc";
// Ids remembered by change. A walk that goes past all of them falls back to a sweep.
constexpr size_t kRememberedIds = 12'000;
// Pages read from the top of a store that was never walked: enough to find the junction later.
constexpr int64_t kFirstWalkPages = 4;
constexpr int64_t kPagesAtOnceMax = 8;
// A walk of full rows that has found no junction by then looks at what is known, and so for orders
// that are gone. Light rows are compared with it from the start.
constexpr int64_t kPagesWithoutKnown = 16;

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

}  // namespace

OrderStream::OrderStream(PageLoop& loop, const Clock& clock, const ReadKnownStore& known,
                         CursorStore& cursors, OrderOptions options)
    : loop_(loop),
      clock_(clock),
      read_known_(known),
      cursors_(cursors),
      options_(std::move(options)) {}

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
  // Only light rows are compared: full ones are compared by load.
  spec.volatile_members = outcome_.is_expanded ? nullptr : &options_.volatile_members;
  return spec;
}

const KnownOrder* OrderStream::known_order(int64_t id) const {
  const auto found =
      std::lower_bound(known_.orders.begin(), known_.orders.end(), id,
                       [](const KnownOrder& order, int64_t wanted) { return order.id < wanted; });
  return found != known_.orders.end() && found->id == id ? &*found : nullptr;
}

Result<decode::PageIndex> OrderStream::head(int64_t page) {
  PageAsk ask;
  ask.stream = "orders";
  const auto spec = list();
  ask.request = page_request(spec, page, kByChange);
  ask.volatile_members = spec.volatile_members;
  return loop_.ask_one(std::move(ask));
}

Result<OrderOutcome> OrderStream::run() {
  FALAJ_ASSIGN(auto first, find_shape());
  FALAJ_TRY(keep_shape(first));
  outcome_.announced =
      first.pagination ? first.pagination->total : static_cast<int64_t>(first.rows.size());
  FALAJ_ASSIGN(const auto remembered, cursors_.get(kOrderCursor));
  FALAJ_ASSIGN(const auto sweep_flag, cursors_.get(kSweepCursor));
  remembered_ = split(remembered.value_or(""));
  const bool must_sweep = !remembered || sweep_flag.value_or("") == "yes";
  FALAJ_ASSIGN(const auto seen_until, cursors_.get(kSeenUntilCursor));
  if (seen_until && outcome_.is_expanded) {
    seen_until_ = UtcTime(Micros(std::strtoll(seen_until->c_str(), nullptr, 10)));
  }
  if (!outcome_.is_expanded) FALAJ_TRY(read_known());
  FALAJ_ASSIGN(const bool is_joined, walk(std::move(first)));
  FALAJ_TRY(read_known());
  const auto knows_all = [&] {
    // Live orders that the store must announce, if nothing was deleted meanwhile.
    int64_t count = static_cast<int64_t>(known_.orders.size());
    for (size_t i = 0; i < above_; ++i) count += known_order(walked_[i]) == nullptr ? 1 : 0;
    return count == outcome_.announced;
  };
  if (must_sweep || !is_joined || !knows_all()) FALAJ_TRY(sweep());
  collect_work();
  if (!options_.is_summary_only) {
    FALAJ_TRY(deepen());
  } else {
    outcome_.left_to_deepen = static_cast<int64_t>(work_.size());
  }
  outcome_.deleted = static_cast<int64_t>(gone_.size());
  return outcome_;
}

Result<decode::PageIndex> OrderStream::find_shape() {
  FALAJ_ASSIGN(const auto shape, cursors_.get(kShapeCursor));
  outcome_.is_expanded = !shape || *shape == "expanded";
  auto first = head(1);
  // A store that refuses the parameter answers 422; one that ignores it answers light rows.
  if (first.ok() || !outcome_.is_expanded || first.error().http_status != 422) return first;
  outcome_.is_expanded = false;
  return head(1);
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

JunctionHints OrderStream::hints(bool is_end) const {
  JunctionHints hints;
  hints.is_end = is_end;
  hints.from = changed_rows_;
  if (!is_known_read_) return hints;
  int64_t count = static_cast<int64_t>(known_.orders.size());
  for (const int64_t id : walked_) count += known_order(id) == nullptr ? 1 : 0;
  hints.gone = static_cast<size_t>(std::max<int64_t>(0, count - outcome_.announced));
  return hints;
}

// A row that has certainly changed, and so has every row above it.
bool OrderStream::has_changed(const decode::IndexRow& row) const {
  if (seen_until_) return row.updated_at && *row.updated_at > *seen_until_;
  if (!is_known_read_ || outcome_.is_expanded) return false;
  const auto* known = known_order(row.id);
  return known == nullptr || (known->list_key != 0 && known->list_key != row.payload_key);
}

void OrderStream::take(const decode::PageIndex& index) {
  for (const auto& row : index.rows) {
    listed_.push_back({row.id, row.payload_key});
    if (!walked_ids_.insert(row.id).second) continue;
    walked_.push_back(row.id);
    if (has_changed(row)) changed_rows_ = walked_.size();
    if (row.updated_at && (!newest_change_ || *newest_change_ < *row.updated_at)) {
      newest_change_ = row.updated_at;
    }
  }
}

Result<bool> OrderStream::walk(decode::PageIndex first) {
  // As the store gives them, which may be fewer than asked for.
  const int64_t page_rows = first.pagination && first.pagination->per_page > 0
                                ? std::min(first.pagination->per_page, options_.page_size)
                                : options_.page_size;
  const int64_t pages = (outcome_.announced + page_rows - 1) / page_rows;
  const int64_t reachable = reachable_rows(page_rows) / page_rows;
  take(first);
  int64_t done = 1;
  int64_t at_once = 1;
  while (true) {
    const bool is_end = done >= pages;
    if (remembered_.empty()) {
      if (is_end || done >= kFirstWalkPages) break;
    } else if (const auto above = find_junction(walked_, remembered_, hints(is_end))) {
      above_ = *above;
      break;
    } else if (done >= reachable) {
      above_ = walked_.size();
      return false;
    }
    if (done >= kPagesWithoutKnown) FALAJ_TRY(read_known());
    const int64_t until = std::min({pages, reachable, done + at_once});
    int64_t next_page = done;
    std::vector<decode::PageIndex> got(static_cast<size_t>(until - done));
    FALAJ_TRY(loop_.run(
        [&]() -> std::optional<PageAsk> {
          if (next_page >= until) return std::nullopt;
          ++next_page;
          PageAsk ask;
          ask.stream = "orders";
          const auto spec = list();
          ask.request = page_request(spec, next_page, kByChange);
          ask.volatile_members = spec.volatile_members;
          ask.entity_id = next_page - done - 1;
          return ask;
        },
        [&](const PageAsk& ask, PageResult index) -> Status {
          if (!index.ok()) return std::move(index).error();
          got[static_cast<size_t>(ask.entity_id)] = std::move(*index);
          return {};
        }));
    for (const auto& index : got) take(index);
    done = until;
    at_once = std::min(at_once * 2, kPagesAtOnceMax);
  }
  if (remembered_.empty()) above_ = walked_.size();
  // An order that was the latest change already and changed again keeps its place on top.
  const size_t forced = remembered_.empty() ? 0 : std::min(walked_.size(), above_ + 1);
  for (size_t i = 0; i < forced; ++i) forced_.insert(walked_[i]);
  outcome_.changed = remembered_.empty() ? 0 : static_cast<int64_t>(above_);
  return !remembered_.empty();
}

Status OrderStream::sweep() {
  outcome_.is_sweep = true;
  FALAJ_ASSIGN(auto seen, sweep_list(loop_, list(), [&](const decode::IndexRow& row) {
                 listed_.push_back({row.id, row.payload_key});
               }));
  // Quiet before and after means that no page shifted under us; else the next run sweeps again.
  FALAJ_ASSIGN(const auto after, head(1));
  bool is_quiet = seen.is_steady && after.rows.size() <= walked_.size() &&
                  (!after.pagination || after.pagination->total == outcome_.announced) &&
                  static_cast<int64_t>(seen.ids.size()) == outcome_.announced;
  for (size_t i = 0; is_quiet && i < after.rows.size(); ++i)
    is_quiet = after.rows[i].id == walked_[i];
  needs_sweep_ = !is_quiet;
  if (needs_sweep_) {
    outcome_.notes.push_back(
        "the order list changed while it was read; the next run sweeps it again");
  }
  for (const int64_t id : walked_) seen.ids.push_back(id);
  std::sort(seen.ids.begin(), seen.ids.end());
  return probe_missing(seen.ids);
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

// Which of the orders seen in this run, or known from before, need details and items.
void OrderStream::collect_work() {
  std::unordered_set<int64_t> taken;
  const auto add = [&](int64_t id) {
    if (!gone_.contains(id) && taken.insert(id).second) work_.push_back(id);
  };
  if (!outcome_.is_expanded) {
    for (const auto& row : listed_) {
      const auto* known = known_order(row.id);
      const bool has_changed = known == nullptr || known->list_key != row.key;
      if (has_changed || !known->is_deep || forced_.contains(row.id)) add(row.id);
    }
    for (const auto& order : known_.orders) {
      if (!order.is_deep) add(order.id);
    }
    return;
  }
  // Full rows are deep as they are; only orders known from elsewhere may still be shallow.
  std::unordered_set<int64_t> listed;
  for (const auto& row : listed_) listed.insert(row.id);
  for (const auto& order : known_.orders) {
    if (!order.is_deep && !listed.contains(order.id)) add(order.id);
  }
}

Status OrderStream::deepen() {
  size_t at = 0;
  bool is_items_next = false;
  const auto next = [&]() -> std::optional<PageAsk> {
    if (at >= work_.size()) return std::nullopt;
    if (!is_items_next && options_.is_budget_spent && options_.is_budget_spent())
      return std::nullopt;
    PageAsk ask;
    ask.is_list = false;
    ask.source = "detail";
    ask.entity_id = work_[at];
    ask.purpose = forced_.contains(ask.entity_id) ? Purpose::kChanges : Purpose::kDeepening;
    if (!is_items_next) {
      ask.stream = "orders";
      ask.request =
          fmt::format("/orders/{}{}", ask.entity_id, outcome_.is_expanded ? "?expanded=1" : "");
    } else {
      ask.stream = "order_items";
      ask.parent_id = ask.entity_id;
      ask.request = fmt::format("/orders/items?order_id={}", ask.entity_id);
      ++at;
      ++outcome_.deepened;
    }
    is_items_next = !is_items_next;
    return ask;
  };
  FALAJ_TRY(loop_.run(next, [&](const PageAsk& ask, PageResult index) -> Status {
    if (index.ok()) return {};
    if (index.error().kind() == ErrorKind::kNotFound) return land_deletion(ask.entity_id, "404");
    ++outcome_.refused;
    return {};
  }));
  outcome_.left_to_deepen = static_cast<int64_t>(work_.size() - at);
  if (outcome_.refused > 0) {
    outcome_.notes.push_back(
        fmt::format("{} details or items calls were refused or unreadable", outcome_.refused));
  }
  return {};
}

Status OrderStream::remember() {
  if (newest_change_) {
    const auto until = newest_change_->time_since_epoch().count();
    FALAJ_TRY(cursors_.set(kSeenUntilCursor, std::to_string(until)));
  }
  const auto order = merged_order(walked_, above_, remembered_, kRememberedIds);
  FALAJ_TRY(cursors_.set(kOrderCursor, join(order)));
  return cursors_.set(kSweepCursor, needs_sweep_ ? "yes" : "no");
}

}  // namespace falaj::extract
