#include "extract/catalogue_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <memory>
#include <set>

#include "extract/list_sweep.hpp"
#include "extract/store_lists.hpp"

namespace falaj::extract {
namespace {

std::string with_parent(std::string path, int64_t parent) {
  const std::string mark = "{parent}";
  const auto at = path.find(mark);
  if (at != std::string::npos) path.replace(at, mark.size(), std::to_string(parent));
  return path;
}

// Of a list that does not say how long it is.
constexpr int64_t kPagesMax = 10'000;

class CatalogueList {
 public:
  CatalogueList(PageLoop& loop, const CatalogueListAsk& ask, int64_t page_size)
      : loop_(loop),
        ask_(ask),
        stream_(*ask.stream),
        page_size_(page_size),
        list_(list_of(stream_, page_size)) {
    list_.is_optional = true;
    list_.may_be_cut = true;
    if (!stream_.from_parameter.empty()) list_.range = ask.days;
  }

  // Nothing for calls of parents, which are many anyway.
  std::optional<PageAsk> first_ask() const {
    if (!stream_.parent.empty()) return std::nullopt;
    switch (stream_.paging) {
      case Paging::kPages: return ask_for(page_request(list_, 1, range_filter(list_)));
      case Paging::kOpaqueCursor:
      case Paging::kIntegerCursor: return ask_for(cursor_request(""));
      case Paging::kNone: break;
    }
    return ask_for(stream_.path);
  }

  void take_first(PageResult first) { first_.emplace(std::move(first)); }

  Result<CatalogueListResult> read() {
    auto status = stream_.parent.empty() ? read_list() : read_for_parents();
    if (!status.ok()) {
      result_.refusal = refusal_of(status.error());
      if (!result_.refusal) return std::move(status).error();
      result_.is_whole = false;
    }
    std::sort(result_.ids.begin(), result_.ids.end());
    result_.ids.erase(std::unique(result_.ids.begin(), result_.ids.end()), result_.ids.end());
    if (result_.announced > static_cast<int64_t>(result_.ids.size())) {
      if (result_.is_whole) {
        result_.notes.push_back(fmt::format(
            "{}: {} rows are announced and {} were read; what the others are is not known, and "
            "nothing counts as gone",
            stream_.name, result_.announced, result_.ids.size()));
      }
      result_.is_whole = false;
    }
    return std::move(result_);
  }

  Result<CatalogueListPlan> plan(int64_t asks_max) {
    CatalogueListPlan plan;
    plan.requests = CountRange::exactly(1);
    if (!first_) return plan;
    auto status = plan_list(plan, asks_max);
    if (status.ok()) return plan;
    plan.refusal = refusal_of(status.error());
    if (!plan.refusal) return std::move(status).error();
    plan.rows = CountRange::exactly(0);
    return plan;
  }

 private:
  PageAsk ask_for(std::string request, int64_t parent = 0) const {
    PageAsk ask;
    ask.stream = stream_.name;
    ask.request = std::move(request);
    ask.parent_id = parent;
    ask.is_list = parent == 0;
    ask.is_optional = true;
    // All pages of a parent, and those of a list that is said to have none.
    ask.is_whole = parent != 0 || stream_.paging == Paging::kNone;
    ask.table = &stream_.table;
    return ask;
  }

  void take(const decode::PageIndex& index) {
    for (const auto& row : index.rows) {
      if (row.id != 0) result_.ids.push_back(row.id);
    }
  }

  Status read_list() {
    if (!first_) return Error(ErrorKind::kBug, "the first page was not asked for");
    if (!first_->ok()) return std::move(*first_).error();
    auto first = std::move(**first_);
    if (stream_.paging == Paging::kNone) {
      take(first);
      result_.announced = first.announced.total;
      result_.is_whole = first.announced.missing() == 0;
      return {};
    }
    // What the answer says counts, not how the catalogue has it.
    const bool has_cursors = stream_.paging != Paging::kPages;
    if (!cursor_in(first.next_cursor).empty() || (has_cursors && !first.announced.has_more())) {
      return follow_cursor(std::move(first));
    }
    const bool is_long_known = first.pagination && first.pagination->has_total &&
                               first.pagination->total >= first.announced.rows;
    if (!is_long_known) return follow_pages(std::move(first));
    if (ask_.days && stream_.from_parameter.empty()) return walk_down(std::move(first));
    return sweep(std::move(first));
  }

  Status sweep(decode::PageIndex first) {
    FALAJ_ASSIGN(auto swept, sweep_list(
                                 loop_, list_, [](const decode::IndexRow&) {}, std::move(first)));
    result_.announced = swept.announced;
    result_.ids = std::move(swept.ids);
    result_.is_whole = swept.is_steady && !swept.is_cut;
    if (swept.is_cut) {
      result_.notes.push_back(fmt::format(
          "{}: {} rows are announced, but the API lets one reach {} and has no filter to cut the "
          "list by; the others are not loaded",
          stream_.name, swept.announced, result_.ids.size()));
    }
    return {};
  }

  Status plan_list(CatalogueListPlan& plan, int64_t asks_max) {
    if (!first_->ok()) return std::move(*first_).error();
    auto first = std::move(**first_);
    if (stream_.paging == Paging::kOpaqueCursor || stream_.paging == Paging::kIntegerCursor) {
      const auto rows = static_cast<int64_t>(first.rows.size());
      const bool is_all = cursor_in(first.next_cursor).empty();
      plan.requests = is_all ? CountRange::exactly(1) : CountRange::at_least(2);
      plan.rows = is_all ? CountRange::exactly(rows) : CountRange::at_least(rows);
      return {};
    }
    if (ask_.days && stream_.from_parameter.empty()) return plan_walk_down(plan, std::move(first));
    FALAJ_ASSIGN(const auto swept,
                 plan_sweep(
                     loop_, list_, [](const decode::IndexRow&) {}, asks_max, std::move(first)));
    plan.requests = swept.requests;
    plan.rows = swept.rows;
    return {};
  }

  // Pages that walk_down() can go, in the size that the list really has.
  int64_t pages_of(const decode::PageIndex& index) const {
    const auto pages = index.pagination ? index.pagination->total_pages : 1;
    return std::min(pages, reachable_rows(rows_a_page(index)) / rows_a_page(index));
  }

  int64_t rows_a_page(const decode::PageIndex& index) const {
    return index.pagination && index.pagination->per_page > 0
               ? std::min(index.pagination->per_page, page_size_)
               : page_size_;
  }

  bool is_old(const decode::PageIndex& index) const {
    return !index.rows.empty() &&
           std::all_of(index.rows.begin(), index.rows.end(), [this](const auto& row) {
             return row.created_at && riyadh_day(*row.created_at) < ask_.days->first;
           });
  }

  // The page that walk_down() will end with, by halving what lies between.
  Status plan_walk_down(CatalogueListPlan& plan, decode::PageIndex first) {
    const auto pages = pages_of(first);
    const auto page_rows = rows_a_page(first);
    const auto total =
        first.pagination ? first.pagination->total : static_cast<int64_t>(first.rows.size());
    int64_t last = is_old(first) ? 1 : std::max<int64_t>(1, pages);
    for (int64_t low = 2; low < last;) {
      const auto middle = low + (last - low) / 2;
      FALAJ_ASSIGN(const auto index, loop_.ask_one(ask_for(page_request(list_, middle, ""))));
      if (is_old(index)) {
        last = middle;
      } else {
        low = middle + 1;
      }
    }
    plan.requests = CountRange::exactly(last);
    plan.rows = CountRange::exactly(std::min(total, last * page_rows));
    return {};
  }

  // A list without a day filter, newest first: down to the first page whose rows are all older than
  // what may still change. One that turns out to be in another order is read whole.
  Status walk_down(decode::PageIndex index) {
    const auto pages = pages_of(index);
    std::optional<UtcTime> last;
    const auto first = index;
    for (int64_t page = 1;; ++page) {
      for (const auto& row : index.rows) {
        if (!row.created_at || (last && *row.created_at > *last)) return sweep(first);
        last = row.created_at;
      }
      take(index);
      if (is_old(index) || page >= pages) break;
      FALAJ_ASSIGN(index, loop_.ask_one(ask_for(page_request(list_, page + 1, ""))));
    }
    return {};
  }

  std::string cursor_request(const std::string& cursor) const {
    const char joint = stream_.path.find('?') == std::string::npos ? '?' : '&';
    auto request = fmt::format("{}{}per_page={}", stream_.path, joint, page_size_);
    return cursor.empty() ? request : fmt::format("{}&cursor={}", request, cursor);
  }

  Status follow_cursor(decode::PageIndex index) {
    std::set<std::string> seen;
    while (true) {
      take(index);
      result_.announced = std::max(result_.announced, index.announced.total);
      const auto cursor = cursor_in(index.next_cursor);
      if (cursor.empty()) break;
      if (!seen.insert(cursor).second) {
        return Error(ErrorKind::kBadResponse,
                     fmt::format("{}: the list gives cursor {} twice, so it never ends",
                                 stream_.path, cursor));
      }
      FALAJ_ASSIGN(index, loop_.ask_one(ask_for(cursor_request(cursor))));
    }
    result_.is_whole = true;
    return {};
  }

  // A list that does not say how many rows it has: as long as pages are told to follow, or are full, and
  // bring something new.
  Status follow_pages(decode::PageIndex index) {
    std::set<int64_t> seen;
    for (int64_t page = 1;; ++page) {
      take(index);
      bool is_new = false;
      for (const auto& row : index.rows) is_new = seen.insert(row.id).second || is_new;
      const bool is_told_more = index.announced.has_next || index.announced.pages > page;
      const bool may_go_on = is_told_more || index.announced.rows >= page_size_;
      if (!may_go_on || (!is_new && !is_told_more)) break;
      if (!is_new || page >= kPagesMax) {
        result_.notes.push_back(fmt::format(
            "{}: page {} brings nothing new and says that more follows; {} rows were read",
            stream_.name, page, seen.size()));
        return {};
      }
      const auto request = page_request(list_, page + 1, range_filter(list_));
      FALAJ_ASSIGN(index, loop_.ask_one(ask_for(request)));
    }
    result_.is_whole = true;
    return {};
  }

  // One call a parent, with all pages of its answer.
  Status read_for_parents() {
    std::deque<PageAsk> asks;
    for (const auto parent : ask_.parents) asks.push_back(page_for(parent));
    size_t refused = 0;
    FALAJ_TRY(run(asks, [&](const PageAsk&, PageResult index) -> Status {
      if (!index.ok()) {
        const auto refusal = refusal_of(index.error());
        // No scope for one parent is no scope for any.
        if (!refusal || refusal->reason == ListRefusal::Reason::kNoScope)
          return std::move(index).error();
        ++refused;
        return {};
      }
      take(*index);
      return {};
    }));
    if (refused > 0) {
      result_.notes.push_back(fmt::format("{}: the store has none for {} of {} {} (404 or 422)",
                                          stream_.name, refused, ask_.parents.size(),
                                          stream_.parent));
    }
    return {};
  }

  PageAsk page_for(int64_t parent) const {
    auto list = list_;
    list.path = with_parent(stream_.path, parent);
    return ask_for(stream_.paging == Paging::kPages ? page_request(list, 1, "") : list.path,
                   parent);
  }

  Status run(std::deque<PageAsk>& asks, const PageLoop::Handle& handle) {
    return loop_.run(
        [&asks]() -> std::optional<PageAsk> {
          if (asks.empty()) return std::nullopt;
          auto ask = std::move(asks.front());
          asks.pop_front();
          return ask;
        },
        handle);
  }

  PageLoop& loop_;
  const CatalogueListAsk& ask_;
  const StreamSpec& stream_;
  int64_t page_size_;
  ListSpec list_;
  std::optional<PageResult> first_;
  CatalogueListResult result_;
};

}  // namespace

std::optional<ListRefusal> refusal_of(const Error& error) {
  using Reason = ListRefusal::Reason;
  const bool is_about_list = error.http_status != 0 || error.kind() == ErrorKind::kSchemaChanged ||
                             error.kind() == ErrorKind::kBadResponse;
  if (!is_about_list || error.kind() == ErrorKind::kRateLimited) return std::nullopt;
  const auto reason = error.kind() == ErrorKind::kNotFound     ? Reason::kNotThere
                      : error.kind() == ErrorKind::kAuthFailed ? Reason::kNoScope
                      : error.kind() == ErrorKind::kNotAllowed || error.http_status == 422
                          ? Reason::kRefused
                          : Reason::kBroken;
  return ListRefusal{reason, error.to_text()};
}

namespace {

Status ask_first_pages(PageLoop& loop, std::deque<CatalogueList>& lists) {
  size_t at = 0;
  return loop.run(
      [&]() -> std::optional<PageAsk> {
        while (at < lists.size()) {
          auto ask = lists[at++].first_ask();
          if (!ask) continue;
          ask->entity_id = static_cast<int64_t>(at - 1);
          return ask;
        }
        return std::nullopt;
      },
      [&](const PageAsk& ask, PageResult index) -> Status {
        lists[static_cast<size_t>(ask.entity_id)].take_first(std::move(index));
        return {};
      });
}

}  // namespace

Result<std::vector<CatalogueListResult>> read_catalogue_lists(
    PageLoop& loop, const std::vector<CatalogueListAsk>& asks, int64_t page_size) {
  std::deque<CatalogueList> lists;
  for (const auto& ask : asks) lists.emplace_back(loop, ask, page_size);
  FALAJ_TRY(ask_first_pages(loop, lists));
  std::vector<CatalogueListResult> results;
  for (auto& list : lists) {
    FALAJ_ASSIGN(auto result, list.read());
    results.push_back(std::move(result));
  }
  return results;
}

Result<std::vector<CatalogueListPlan>> plan_catalogue_lists(
    PageLoop& loop, const std::vector<CatalogueListAsk>& asks, int64_t page_size,
    int64_t asks_max) {
  std::deque<CatalogueList> lists;
  // What has no pages is one request; to make it would tell no more.
  for (const auto& ask : asks) {
    if (ask.stream->paging != Paging::kNone) lists.emplace_back(loop, ask, page_size);
  }
  FALAJ_TRY(ask_first_pages(loop, lists));
  std::vector<CatalogueListPlan> plans;
  auto next = lists.begin();
  for (const auto& ask : asks) {
    if (ask.stream->paging == Paging::kNone) {
      plans.push_back({CountRange::exactly(1), std::nullopt, std::nullopt});
      continue;
    }
    FALAJ_ASSIGN(auto plan, (next++)->plan(asks_max));
    plans.push_back(std::move(plan));
  }
  return plans;
}

}  // namespace falaj::extract
