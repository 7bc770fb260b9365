#include "extract/junction.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace falaj::extract {

std::optional<size_t> find_junction(const std::vector<int64_t>& walked,
                                    const std::vector<int64_t>& remembered, bool is_end) {
  std::unordered_map<int64_t, size_t> place;
  for (size_t i = 0; i < remembered.size(); ++i) place.emplace(remembered[i], i);
  // The longest tail of `walked` whose ids come in the remembered order. Ids that the store has
  // deleted are missing in it, so positions need only increase.
  size_t above = walked.size();
  size_t next = remembered.size();
  while (above > 0) {
    const auto found = place.find(walked[above - 1]);
    if (found == place.end() || found->second >= next) break;
    next = found->second;
    --above;
  }
  const size_t tail = walked.size() - above;
  if (is_end || tail >= kJunctionRows) return above;
  return std::nullopt;
}

std::vector<int64_t> merged_order(const std::vector<int64_t>& walked, size_t above,
                                  const std::vector<int64_t>& remembered, size_t limit) {
  std::vector<int64_t> order(walked.begin(), walked.begin() + static_cast<std::ptrdiff_t>(above));
  std::unordered_set<int64_t> moved(order.begin(), order.end());
  for (const int64_t id : remembered) {
    if (order.size() >= limit) break;
    if (!moved.contains(id)) order.push_back(id);
  }
  if (order.size() > limit) order.resize(limit);
  return order;
}

}  // namespace falaj::extract
