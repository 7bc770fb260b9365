// A count that is known exactly, or only to lie between two others: what a plan says before the
// answers are there.
// Threads:  a value.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

namespace falaj {

struct CountRange {
  int64_t least = 0;
  std::optional<int64_t> most = 0;  // nothing: nobody knows

  static CountRange exactly(int64_t count) { return {count, count}; }
  static CountRange at_least(int64_t count) { return {count, std::nullopt}; }
  bool is_exact() const { return most == least; }

  friend CountRange operator+(const CountRange& a, const CountRange& b) {
    CountRange sum{a.least + b.least, std::nullopt};
    if (a.most && b.most) sum.most = *a.most + *b.most;
    return sum;
  }
  friend CountRange operator*(const CountRange& range, int64_t factor) {
    CountRange product{range.least * factor, std::nullopt};
    if (range.most) product.most = *range.most * factor;
    return product;
  }
  CountRange& operator+=(const CountRange& other) { return *this = *this + other; }
  friend bool operator==(const CountRange&, const CountRange&) = default;
};

}  // namespace falaj
