// What extract needs of an answer without building rows: is it whole, how many pages are there,
// which entities are on it.
// Owns:     copies of the small texts.
// Threads:  a PageReader of answers is confined to one thread; the results are values.
// Errors:   kBadResponse for what is not a whole JSON answer of the documented shape, with an
//           excerpt and the place.
// Facts:    salla-api.md 2.1 (four shapes of pagination), 2.4 (error bodies)
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "decode/table_spec.hpp"

namespace falaj::decode {

struct Pagination {
  int64_t count = 0;
  int64_t total = 0;  // where the store gives none: as many as its pages can hold
  int64_t per_page = 0;
  int64_t current_page = 0;
  int64_t total_pages = 0;
  bool has_total = false;
};

// What an answer says of the list that it is a part of, in any of the four shapes of pagination.
struct Announced {
  int64_t rows = 0;    // of this answer; those nested in others not counted
  int64_t total = -1;  // of the list; -1: not told
  int64_t pages = -1;
  int64_t page = 0;         // of this answer; 0: not told
  std::string next_cursor;  // as given; empty at the end
  bool has_next = false;    // a link to a next page

  // There is more to ask for.
  bool has_more() const;
  // Rows that are announced and not here; at least one when has_more().
  int64_t missing() const;
};

// One entity of a page, as far as walking a list needs it.
struct IndexRow {
  int64_t id = 0;           // as its table has it; 0: the entity has none
  int64_t payload_key = 0;  // as bronze has it (volatile members left out); 0 unless asked for
  std::optional<UtcTime> created_at;  // `created_at`, else `date`
  std::optional<UtcTime> updated_at;
  float value = 0;          // `total.amount`, roughly: to tell large orders from small ones
  std::string status_slug;  // `status.slug`, or `status` when it is a text
  std::string slug;         // its own `slug`
};

struct PageIndex {
  int64_t status = 0;  // the body's own `status`, 0 if absent
  bool data_is_array = false;
  Announced announced;
  bool holds_sold_codes = false;  // redact_sold_codes() has something to cut
  std::vector<IndexRow> rows;     // one when data is an object
  // Member names of the first entity: tells a summary from a full entity.
  std::vector<std::string> first_row_members;
  std::optional<Pagination> pagination;
  std::string next_cursor;  // cursor.next as given; empty at the end

  bool first_row_has(std::string_view member) const;

  // With `volatile_members` the rows' payload keys are computed too. `table` says what the ids are and
  // where further entities are nested; without it the id is `id`.
  static Result<PageIndex> read(std::string_view body,
                                const std::vector<std::string>* volatile_members = nullptr,
                                const TableSpec* table = nullptr, int64_t parent_id = 0);
};

class JsonText;
// Of an answer whose root is an object.
Announced announced_of(const JsonText& json);

// `error` of a refused request.
struct ErrorBody {
  std::string code;                                         // as text, also when it was a number
  std::string message;                                      // localised
  std::vector<std::pair<std::string, std::string>> fields;  // field: messages joined by "; "

  // "validation_failed: alert.invalid_fields (status: The selected status is invalid.)"
  std::string to_text() const;
  // Also takes OAuth's {error, error_description} and a bare {message}. kBadResponse if it is no
  // JSON object (an HTML page, for instance).
  static Result<ErrorBody> read(std::string_view body);
};

}  // namespace falaj::decode
