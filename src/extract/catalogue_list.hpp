// Streams that need no procedure of their own: a list in any of the four shapes of paging, or a call
// for each entity of a parent stream. What makes a stream known to falaj without code.
// Shape:    the first pages of all lists are asked for together: most lists are one page, and a store
//           that is far away would otherwise be waited for once a list.
// Threads:  confined to one.
// Errors:   what a store answers to one list (no such list, no scope, a refusal, an answer that
//           cannot be read) does not end the run: it is in the result. Everything else is an error of
//           the page loop.
// Facts:    salla-api.md 2.1 (paging), 2.4 (a missing scope is 401), 6.8 (404 and 422 of a call for a
//           parent are normal)
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/count_range.hpp"
#include "extract/day_window.hpp"
#include "extract/page_loop.hpp"
#include "extract/stream_spec.hpp"

namespace falaj::extract {

// Why a list was not read, or not to its end.
struct ListRefusal {
  enum class Reason {
    kNotThere,  // 404: the store has no such list
    kNoScope,   // 401: the token lacks a scope
    kRefused,   // 403, 422
    kBroken,    // 5xx or an answer that cannot be read, after all retries
  };
  Reason reason = Reason::kBroken;
  std::string text;
};
// Nothing for an error that is not about this one list.
std::optional<ListRefusal> refusal_of(const Error& error);

struct CatalogueListResult {
  int64_t announced = -1;    // by the list; -1: it says nothing
  std::vector<int64_t> ids;  // seen, sorted, each once
  // Read to its end while it stood still: what is not in `ids` is not in the list, or, of a list with
  // a day filter of which days were asked for, was not created on these days.
  bool is_whole = false;
  std::optional<ListRefusal> refusal;
  std::vector<std::string> notes;
};

struct CatalogueListAsk {
  const StreamSpec* stream = nullptr;
  // Ids of stream->parent's entities; not looked at when it has none.
  std::vector<int64_t> parents;
  // Of a list that is read newest first: rows created on these days are enough.
  std::optional<DayWindow> days;
};

// One result for each ask, in the same order.
Result<std::vector<CatalogueListResult>> read_catalogue_lists(
    PageLoop& loop, const std::vector<CatalogueListAsk>& asks, int64_t page_size);

// What reading a list will take.
struct CatalogueListPlan {
  CountRange requests;
  std::optional<CountRange> rows;  // nothing: unknown before they are there
  std::optional<ListRefusal> refusal;
};

// Of lists, not of what hangs on parents: asks for first pages, of at most `asks_max` windows, and
// where a list goes back to a day without a filter, for a few pages to find it.
Result<std::vector<CatalogueListPlan>> plan_catalogue_lists(
    PageLoop& loop, const std::vector<CatalogueListAsk>& asks, int64_t page_size, int64_t asks_max);

}  // namespace falaj::extract
