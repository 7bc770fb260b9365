#include "extract/list_sweep.hpp"

#include <algorithm>
#include <deque>
#include <set>

namespace falaj::extract {
namespace {

// A part of the list that is paged on its own.
struct Part {
  std::string filter;
  DayWindow window{1, 0};  // empty: no day filter
  std::string status;
  int64_t total = 0;
};

std::string day_filter(const ListSpec& list, DayWindow days) {
  return fmt::format("&{}={}&{}={}", list.from_parameter, day_text(days.first), list.to_parameter,
                     day_text(days.last));
}

class Sweep {
 public:
  Sweep(PageLoop& loop, const ListSpec& list, const OnRow& on_row)
      : loop_(loop), list_(list), on_row_(on_row), page_size_(list.page_size) {}

  Result<SweepResult> run(std::optional<decode::PageIndex> given) {
    FALAJ_TRY(find_parts(std::move(given)));
    FALAJ_TRY(read_rest());
    if (list_.is_optional) FALAJ_TRY(read_on());
    std::sort(result_.ids.begin(), result_.ids.end());
    result_.ids.erase(std::unique(result_.ids.begin(), result_.ids.end()), result_.ids.end());
    return std::move(result_);
  }

  Result<SweepPlan> plan(std::optional<decode::PageIndex> given, int64_t asks_max) {
    asks_max_ = asks_max;
    FALAJ_TRY(find_parts(std::move(given)));
    SweepPlan plan;
    plan.announced = result_.announced;
    plan.is_cut = result_.is_cut;
    plan.parts = std::move(result_.totals);
    plan.parts_unseen = static_cast<int64_t>(unseen_.size());
    plan.requests = CountRange::exactly(asked_);
    plan.rows = CountRange::exactly(asked_rows_);
    int64_t left = result_.announced;
    for (const auto& part : ready_) {
      plan.requests += CountRange::exactly(pages_of(part.total) - 1);
      plan.rows += CountRange::exactly(std::max<int64_t>(0, part.total - page_size_));
      left -= part.total;
    }
    if (plan.parts_unseen == 0) return plan;
    left = std::max<int64_t>(0, left);
    plan.requests += CountRange::at_least(std::max(pages_of(left), plan.parts_unseen));
    plan.rows += CountRange::at_least(left);
    return plan;
  }

 private:
  // Reads what tells how the list is cut, into ready_.
  Status find_parts(std::optional<decode::PageIndex> given) {
    Part whole;
    if (list_.range) {
      whole.window = *list_.range;
      whole.filter = range_filter(list_);
    }
    if (given) {
      ++asked_;
      FALAJ_TRY(take_rows(whole, *given));
    } else {
      FALAJ_ASSIGN(given, ask(whole, 1, ""));
    }
    const auto& first = *given;
    result_.announced =
        first.pagination ? first.pagination->total : static_cast<int64_t>(first.rows.size());
    whole.total = result_.announced;
    // A store may give fewer rows a page than it is asked for (salla-api.md 2.1).
    if (first.pagination && first.pagination->per_page > 0) {
      page_size_ = std::min(page_size_, first.pagination->per_page);
    }
    if (whole.total <= reachable_rows(page_size_)) {
      result_.windows = 1;
      ready_.push_back(whole);
    } else if (list_.from_parameter.empty() && !list_.statuses.empty()) {
      FALAJ_TRY(cut_by_status(whole));
    } else if (list_.from_parameter.empty() && list_.may_be_cut) {
      result_.windows = 1;
      result_.is_cut = true;
      whole.total = reachable_rows(page_size_);
      ready_.push_back(whole);
    } else {
      FALAJ_TRY(cut_into_windows(first));
    }
    for (const auto& part : ready_)
      result_.totals.push_back({part.window, part.status, part.total});
    return {};
  }

  int64_t pages_of(int64_t rows) const {
    return std::max<int64_t>(1, (rows + page_size_ - 1) / page_size_);
  }

  Result<decode::PageIndex> ask(const Part& part, int64_t page, const std::string& order) {
    PageAsk request;
    request.stream = list_.stream;
    request.volatile_members = list_.volatile_members;
    request.purpose = list_.purpose;
    request.table = list_.table;
    request.is_optional = list_.is_optional;
    request.request = page_request(list_, page, part.filter + order);
    ++asked_;
    FALAJ_ASSIGN(auto index, loop_.ask_one(std::move(request)));
    if (!index.pagination && static_cast<int64_t>(index.rows.size()) >= page_size_) {
      return Error(
          ErrorKind::kSchemaChanged,
          fmt::format("{}: a full page of {} rows came without pagination, so nobody knows "
                      "what follows; the store's API has changed",
                      list_.path, index.rows.size()));
    }
    FALAJ_TRY(take_rows(part, index));
    return index;
  }

  // A store that labels its times with another zone shows rows of the day before or after
  // (salla-api.md 8.5).
  static bool is_near(DayWindow window, Day day) {
    return window.first - 1 <= day && day <= window.last + 1;
  }

  Status take_rows(const Part& part, const decode::PageIndex& index) {
    rows_ += index.announced.rows;
    asked_rows_ += static_cast<int64_t>(index.rows.size());
    for (const auto& row : index.rows) {
      if (part.window.days() > 0 && row.created_at &&
          !is_near(part.window, riyadh_day(*row.created_at))) {
        return Error(
            ErrorKind::kSchemaChanged,
            fmt::format("{}: the day filter {} had no effect: row {} is of {}; the store's "
                        "API has changed",
                        list_.path, part.filter, row.id, day_text(riyadh_day(*row.created_at))));
      }
      if (!part.status.empty() && !row.status_slug.empty() && row.status_slug != part.status) {
        return Error(ErrorKind::kSchemaChanged,
                     fmt::format("{}: the status filter {} had no effect: row {} is {}", list_.path,
                                 part.filter, row.id, row.status_slug));
      }
      if (row.id != 0) result_.ids.push_back(row.id);
      on_row_(row);
    }
    return {};
  }

  // Finds the range of days, then windows of it that can be paged; each window's first page is
  // read on the way.
  Status cut_into_windows(const decode::PageIndex& newest) {
    if (list_.from_parameter.empty()) {
      return Error(
          ErrorKind::kBadResponse,
          fmt::format("{} announces {} rows, but the API lets one reach {} only and has no "
                      "filter to cut this list by",
                      list_.path, result_.announced, reachable_rows(page_size_)));
    }
    FALAJ_ASSIGN(const auto range, day_range(newest));
    std::deque<DayWindow> todo;
    for (const auto& window : split_by_expectation(range, result_.announced, page_size_)) {
      todo.push_back(window);
    }
    std::optional<DayWindow> full;  // the smallest window known to have every row
    while (!todo.empty()) {
      if (asks_max_ && asked_ >= *asks_max_) break;
      const auto window = todo.front();
      todo.pop_front();
      Part part;
      part.window = window;
      part.filter = day_filter(list_, window);
      FALAJ_ASSIGN(const auto first, ask(part, 1, ""));
      part.total = first.pagination ? first.pagination->total : 0;
      if (part.total >= result_.announced) {
        // One window may have every row (a young store, a busy day), but not two apart.
        if (full && !full->contains(window.first)) {
          return Error(ErrorKind::kSchemaChanged,
                       fmt::format("{}: the day filter {} had no effect: {} rows of {} in all",
                                   list_.path, part.filter, part.total, result_.announced));
        }
        full = window;
      }
      if (part.total <= reachable_rows(page_size_)) {
        ++result_.windows;
        ready_.push_back(std::move(part));
      } else if (window.days() > 1) {
        // After the others: a filter without effect then shows before windows get small.
        for (const auto& half : halves(window)) todo.push_back(half);
      } else {
        FALAJ_TRY(cut_by_status(part));
      }
    }
    std::stable_sort(ready_.begin(), ready_.end(),
                     [](const Part& a, const Part& b) { return a.window.first > b.window.first; });
    unseen_ = std::move(todo);
    return unseen_.empty() ? compare_with_whole() : Status();
  }

  // The parts must hold what the whole list announces; a list that has changed meanwhile is asked
  // once more.
  Status compare_with_whole() {
    const auto missing = [this] {
      int64_t sum = 0;
      for (const auto& part : ready_) sum += part.total;
      return result_.announced - sum;
    };
    if (missing() == 0) return {};
    Part whole;
    whole.filter = range_filter(list_);
    FALAJ_ASSIGN(const auto again, ask(whole, 1, ""));
    result_.announced = again.pagination ? again.pagination->total : result_.announced;
    result_.out_of_parts = std::max<int64_t>(0, missing());
    return {};
  }

  Result<DayWindow> day_range(const decode::PageIndex& newest) {
    if (list_.range) return *list_.range;
    DayWindow range{1, 0};
    const auto widen = [&](const decode::PageIndex& index) {
      for (const auto& row : index.rows) {
        if (!row.created_at) continue;
        const Day day = riyadh_day(*row.created_at);
        range.first = range.days() <= 0 ? day : std::min(range.first, day);
        range.last = std::max(range.days() <= 0 ? day : range.last, day);
      }
    };
    widen(newest);
    if (list_.oldest_first.empty()) {
      // The list cannot be turned around: its end is out of reach, so start before any store.
      constexpr Day kFirstPossible = 16'436;  // 2015-01-01
      range.first = kFirstPossible;
    } else {
      FALAJ_ASSIGN(const auto oldest, ask(Part(), 1, list_.oldest_first));
      widen(oldest);
    }
    if (range.days() <= 0) {
      return Error(ErrorKind::kSchemaChanged,
                   fmt::format("{} has {} rows, but none with a date to cut the list by",
                               list_.path, result_.announced));
    }
    // One day around for dates that the store labels in another zone; tomorrow's rows come too.
    return DayWindow{range.first - 1, range.last + 1};
  }

  // A day, or a whole list without a day filter.
  Status cut_by_status(const Part& day) {
    int64_t sum = 0;
    for (const auto& slug : list_.statuses) {
      Part part = day;
      part.status = slug;
      part.filter += status_filter(slug, list_.status_parameter);
      auto first = ask(part, 1, "");
      // A status that the filter does not know; orders that have it would be missing in the sum.
      if (!first.ok() && first.error().http_status == 422) continue;
      if (!first.ok()) return std::move(first).error();
      part.total = first->pagination ? first->pagination->total : 0;
      sum += part.total;
      if (part.total > reachable_rows(page_size_) && list_.may_be_cut) {
        result_.is_cut = true;
        part.total = reachable_rows(page_size_);
      } else if (part.total > reachable_rows(page_size_)) {
        return Error(
            ErrorKind::kBadResponse,
            fmt::format("{} announces {} rows of status {}{}, and the API lets one reach {}",
                        list_.path, part.total, slug,
                        list_.from_parameter.empty() ? "" : " on " + day_text(day.window.first),
                        reachable_rows(page_size_)));
      }
      ++result_.windows;
      ready_.push_back(std::move(part));
    }
    // A few may have changed their status between two questions: the sweep is then not steady.
    const bool is_short = sum < day.total - day.total / 100;
    if (is_short && list_.may_be_cut) {
      result_.is_cut = true;
    } else if (is_short) {
      return Error(ErrorKind::kBadResponse,
                   fmt::format("{}: {} has {} rows, its known statuses only {}", list_.path,
                               day_text(day.window.first), day.total, sum));
    }
    return {};
  }

  // Pages 2, 3, ... of every part, many at once.
  Status read_rest() {
    size_t at = 0;
    int64_t page = 1;
    const auto next = [&]() -> std::optional<PageAsk> {
      while (at < ready_.size()) {
        if (page * page_size_ < ready_[at].total) {
          ++page;
          PageAsk ask;
          ask.stream = list_.stream;
          ask.volatile_members = list_.volatile_members;
          ask.purpose = list_.purpose;
          ask.table = list_.table;
          ask.is_optional = list_.is_optional;
          ask.request = page_request(list_, page, ready_[at].filter);
          ask.entity_id = static_cast<int64_t>(at);
          return ask;
        }
        ++at;
        page = 1;
      }
      return std::nullopt;
    };
    return loop_.run(next, [&](const PageAsk& ask, PageResult index) -> Status {
      if (!index.ok()) return std::move(index).error();
      const Part& part = ready_[static_cast<size_t>(ask.entity_id)];
      if (!result_.is_cut && index->pagination && index->pagination->total != part.total)
        result_.is_steady = false;
      return take_rows(part, *index);
    });
  }

  // A list whose pages have more rows than it announces does not end where it says so: on, until a page
  // brings nothing new.
  Status read_on() {
    if (result_.is_cut || ready_.size() != 1 || rows_ <= result_.announced) return {};
    result_.is_steady = false;
    const Part part = ready_.front();
    std::set<int64_t> seen(result_.ids.begin(), result_.ids.end());
    for (int64_t page = pages_of(part.total) + 1; page * page_size_ <= reachable_rows(page_size_);
         ++page) {
      const auto before = seen.size();
      FALAJ_ASSIGN(const auto index, ask(part, page, ""));
      for (const auto& row : index.rows) seen.insert(row.id);
      if (seen.size() == before) break;
    }
    return {};
  }

  PageLoop& loop_;
  const ListSpec& list_;
  const OnRow& on_row_;
  int64_t page_size_;  // rows that a page really has
  SweepResult result_;
  std::deque<Part> ready_;
  int64_t rows_ = 0;        // of all pages; those nested in others not counted
  int64_t asked_ = 0;       // until the parts are known
  int64_t asked_rows_ = 0;  // of all answers
  std::optional<int64_t> asks_max_;
  std::deque<DayWindow> unseen_;  // windows that it kept from being looked at
};

}  // namespace

std::string status_filter(const std::string& slug, const std::string& parameter) {
  std::string text = fmt::format("&{}=", parameter);
  for (const char c : slug) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
    text += is_plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return text;
}

std::string page_request(const ListSpec& list, int64_t page, const std::string& filter) {
  const char joint = list.path.find('?') == std::string::npos ? '?' : '&';
  return fmt::format("{}{}page={}&per_page={}{}{}", list.path, joint, page, list.page_size,
                     list.extra_query, filter);
}

std::string range_filter(const ListSpec& list) {
  return list.range ? day_filter(list, *list.range) : "";
}

Result<SweepResult> sweep_list(PageLoop& loop, const ListSpec& list, const OnRow& on_row,
                               std::optional<decode::PageIndex> first) {
  return Sweep(loop, list, on_row)
      .run(std::move(first))
      .while_doing("reading the list " + list.path);
}

Result<SweepPlan> plan_sweep(PageLoop& loop, const ListSpec& list, const OnRow& on_row,
                             int64_t asks_max, std::optional<decode::PageIndex> first) {
  return Sweep(loop, list, on_row)
      .plan(std::move(first), asks_max)
      .while_doing("looking at the list " + list.path);
}

}  // namespace falaj::extract
