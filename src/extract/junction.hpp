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

// The number of rows above the junction; nothing if `walked` shows none yet. At the end of the list
// (`is_end`) a shorter run will do, also an empty one.
std::optional<size_t> find_junction(const std::vector<int64_t>& walked,
                                    const std::vector<int64_t>& remembered, bool is_end);

// The order after this walk: what was walked down to the junction, then the remembered rest
// without the ids that moved up; at most `limit` ids.
std::vector<int64_t> merged_order(const std::vector<int64_t>& walked, size_t above,
                                  const std::vector<int64_t>& remembered, size_t limit);

}  // namespace falaj::extract
