#include "extract/junction.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace falaj::extract {

std::optional<size_t> find_junction(const std::vector<int64_t>& walked,
                                    const std::vector<int64_t>& remembered, bool is_end) {
  std::unordered_map<int64_t, size_t> place;
  for (size_t i = 0; i < remembered.size(); ++i) place.emplace(remembered[i], i);
  // The topmost run of rows whose ids come in the remembered order. Ids that the store has deleted
  // are missing in it, so positions need only increase. The walk may have gone past it.
  size_t start = 0;
  size_t length = 0;
  size_t last = 0;
  for (size_t i = 0; i < walked.size(); ++i) {
    const auto found = place.find(walked[i]);
    if (found == place.end()) {
      length = 0;
      continue;
    }
    const bool continues = length > 0 && found->second > last;
    if (!continues) start = i;
    length = continues ? length + 1 : 1;
    last = found->second;
    if (length >= kJunctionRows) return start;
  }
  // At the end of the list a shorter run will do, if it reaches that end.
  if (is_end) return length > 0 ? start : walked.size();
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
