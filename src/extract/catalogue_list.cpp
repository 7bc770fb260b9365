#include "extract/catalogue_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <set>

#include "extract/list_sweep.hpp"

namespace falaj::extract {
namespace {

std::string with_parent(std::string path, int64_t parent) {
  const std::string mark = "{parent}";
  const auto at = path.find(mark);
  if (at != std::string::npos) path.replace(at, mark.size(), std::to_string(parent));
  return path;
}

// A cursor is a text of its own or part of a URL, which is never followed itself: it may have lost
// its scheme's "s" and its filters (salla-api.md 2.1).
std::string cursor_in(const std::string& next) {
  const std::string name = "cursor=";
  const auto query = next.find('?');
  if (query == std::string::npos) return next;
  const auto at = next.find(name, query);
  if (at == std::string::npos) return "";
  const auto begin = at + name.size();
  return next.substr(begin, next.find('&', begin) - begin);
}

class CatalogueList {
 public:
  CatalogueList(PageLoop& loop, const StreamSpec& stream, int64_t page_size)
      : loop_(loop), stream_(stream), page_size_(page_size) {}

  Result<CatalogueListResult> read(const std::vector<int64_t>& parents) {
    auto status = stream_.parent.empty() ? read_list() : read_for(parents);
    if (!status.ok()) {
      if (status.error().kind() != ErrorKind::kNotFound) return std::move(status).error();
      result_.notes.push_back(
          fmt::format("{}: the store has no {} (404)", stream_.name, stream_.path));
    }
    std::sort(result_.ids.begin(), result_.ids.end());
    result_.ids.erase(std::unique(result_.ids.begin(), result_.ids.end()), result_.ids.end());
    return std::move(result_);
  }

 private:
  PageAsk ask_for(std::string request, int64_t parent = 0) const {
    PageAsk ask;
    ask.stream = stream_.name;
    ask.request = std::move(request);
    ask.parent_id = parent;
    ask.is_list = parent == 0;
    return ask;
  }

  std::string page_of(const std::string& path, int64_t page) const {
    ListSpec list;
    list.path = path;
    list.page_size = page_size_;
    return page_request(list, page, "");
  }

  void take(const decode::PageIndex& index) {
    for (const auto& row : index.rows) {
      if (row.id != 0) result_.ids.push_back(row.id);
    }
  }

  Status read_list() {
    if (stream_.paging == Paging::kPages) {
      ListSpec list;
      list.stream = stream_.name;
      list.path = stream_.path;
      list.from_parameter = stream_.from_parameter;
      list.to_parameter = stream_.to_parameter;
      list.page_size = page_size_;
      FALAJ_ASSIGN(auto swept, sweep_list(loop_, list, [](const decode::IndexRow&) {}));
      result_.announced = swept.announced;
      result_.ids = std::move(swept.ids);
      return {};
    }
    if (stream_.paging == Paging::kNone) {
      FALAJ_ASSIGN(const auto index, loop_.ask_one(ask_for(stream_.path)));
      take(index);
      return {};
    }
    return follow_cursor();
  }

  Status follow_cursor() {
    const char joint = stream_.path.find('?') == std::string::npos ? '?' : '&';
    const auto first = fmt::format("{}{}per_page={}", stream_.path, joint, page_size_);
    std::set<std::string> seen;
    std::string cursor;
    do {
      auto request = cursor.empty() ? first : fmt::format("{}&cursor={}", first, cursor);
      FALAJ_ASSIGN(const auto index, loop_.ask_one(ask_for(std::move(request))));
      take(index);
      cursor = cursor_in(index.next_cursor);
      if (!cursor.empty() && !seen.insert(cursor).second) {
        return Error(ErrorKind::kBadResponse,
                     fmt::format("{}: the list gives cursor {} twice, so it never ends",
                                 stream_.path, cursor));
      }
    } while (!cursor.empty());
    return {};
  }

  // One call a parent; then the further pages of those that have some.
  Status read_for(const std::vector<int64_t>& parents) {
    std::deque<PageAsk> asks;
    for (const auto parent : parents) asks.push_back(page_for(parent, 1));
    std::deque<PageAsk> further;
    size_t refused = 0;
    FALAJ_TRY(run(asks, [&](const PageAsk& ask, PageResult index) -> Status {
      if (!index.ok()) {
        ++refused;
        return {};
      }
      take(*index);
      if (stream_.paging != Paging::kPages || !index->pagination) return {};
      for (int64_t page = 2; page <= index->pagination->total_pages; ++page)
        further.push_back(page_for(ask.parent_id, page));
      return {};
    }));
    FALAJ_TRY(run(further, [&](const PageAsk&, PageResult index) -> Status {
      if (!index.ok()) return std::move(index).error();
      take(*index);
      return {};
    }));
    if (refused > 0) {
      result_.notes.push_back(fmt::format("{}: the store has none for {} of {} {} (404 or 422)",
                                          stream_.name, refused, parents.size(), stream_.parent));
    }
    return {};
  }

  PageAsk page_for(int64_t parent, int64_t page) const {
    const auto path = with_parent(stream_.path, parent);
    return ask_for(stream_.paging == Paging::kPages ? page_of(path, page) : path, parent);
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
  const StreamSpec& stream_;
  int64_t page_size_;
  CatalogueListResult result_;
};

}  // namespace

Result<CatalogueListResult> read_catalogue_list(PageLoop& loop, const StreamSpec& stream,
                                                int64_t page_size,
                                                const std::vector<int64_t>& parents) {
  return CatalogueList(loop, stream, page_size).read(parents);
}

}  // namespace falaj::extract
