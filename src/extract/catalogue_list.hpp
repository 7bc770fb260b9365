// Streams that need no procedure of their own: a list in any of the four shapes of paging, or a call
// for each entity of a parent stream. What makes a stream known to falaj without code.
// Threads:  confined to one.
// Errors:   of the page loop and of sweep_list; a store that does not have the list (404, or 422 for
//           every parent) is told in notes. kBadResponse when a cursor goes round in circles.
// Facts:    salla-api.md 2.1 (paging), 6.8 (404 and 422 of a call for a parent are normal)
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "extract/page_loop.hpp"
#include "extract/stream_spec.hpp"

namespace falaj::extract {

struct CatalogueListResult {
  int64_t announced = -1;    // by the list; -1: it says nothing
  std::vector<int64_t> ids;  // seen, sorted, each once
  std::vector<std::string> notes;
};

// `parents`: ids of stream.parent's entities; not looked at when it has none.
Result<CatalogueListResult> read_catalogue_list(PageLoop& loop, const StreamSpec& stream,
                                                int64_t page_size,
                                                const std::vector<int64_t>& parents);

}  // namespace falaj::extract
