#include "extract/junction.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace falaj::extract {

namespace {

// How many of the places below one have been seen (a Fenwick tree).
class SeenPlaces {
 public:
  explicit SeenPlaces(size_t count) : sums_(count + 1, 0) {}
  void add(size_t place) {
    for (size_t i = place + 1; i < sums_.size(); i += i & (~i + 1)) ++sums_[i];
  }
  size_t below(size_t place) const {
    size_t sum = 0;
    for (size_t i = place; i > 0; i -= i & (~i + 1)) sum += sums_[i];
    return sum;
  }

 private:
  std::vector<size_t> sums_;
};

}  // namespace

std::optional<size_t> find_junction(const std::vector<int64_t>& walked,
                                    const std::vector<int64_t>& remembered, JunctionHints hints) {
  std::unordered_map<int64_t, size_t> places;
  for (size_t i = 0; i < remembered.size(); ++i) places.emplace(remembered[i], i);
  SeenPlaces seen(remembered.size());
  size_t start = 0;
  size_t length = 0;
  size_t last = 0;
  for (size_t i = 0; i < walked.size(); ++i) {
    const auto found = places.find(walked[i]);
    if (found == places.end()) {
      length = 0;
      continue;
    }
    const size_t place = found->second;
    const size_t left_out = place - seen.below(place);
    seen.add(place);
    if (i < hints.from || left_out > hints.gone) {
      length = 0;
      continue;
    }
    const bool continues = length > 0 && place > last;
    if (!continues) start = i;
    length = continues ? length + 1 : 1;
    last = place;
    if (length >= kJunctionRows) return start;
  }
  if (hints.is_end) return length > 0 ? start : walked.size();
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
