// Where a walk by latest change rejoins the order that the last walk remembered: everything above
// is new or has changed since, everything below has not.
// Shape:    `walked` are the ids seen so far from the top, `remembered` those of the last walk.
// Threads:  functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace falaj::extract {

// Rows that must follow each other in the remembered order before they count as a junction: fewer
// could be changed rows that happen to keep their order.
constexpr size_t kJunctionRows = 30;

// What else is known of a walk.
struct JunctionHints {
  size_t from = 0;      // so many rows at the top have certainly changed
  size_t gone = 0;      // remembered ids that the store may have lost
  bool is_end = false;  // the walk has reached the end of the list
};

// The number of rows above the junction; nothing if `walked` shows none yet. Below a junction rows
// follow each other as remembered, and every remembered id that they leave out was walked above
// (it has moved up) or is gone: rows that changed together and kept their order do not pass for
// one. At the end of the list a shorter run will do, also an empty one.
std::optional<size_t> find_junction(const std::vector<int64_t>& walked,
                                    const std::vector<int64_t>& remembered,
                                    JunctionHints hints = {});

// The order after this walk: what was walked down to the junction, then the remembered rest
// without the ids that moved up; at most `limit` ids.
std::vector<int64_t> merged_order(const std::vector<int64_t>& walked, size_t above,
                                  const std::vector<int64_t>& remembered, size_t limit);

}  // namespace falaj::extract
