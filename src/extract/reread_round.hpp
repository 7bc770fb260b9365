// The round in which known orders are read again although nothing says that they have changed: what
// moves neither an order's updated_at nor its list row is found by no list.
// Shape:    a ring of ids; each run reads on where the last one ended, as far as the time since then
//           allows: every order comes once in so many days, and the one read longest ago is next. A
//           run that comes after a long pause reads a quarter of the ring, or a day's share, at most.
// Threads:  a value.
// Facts:    salla-api.md 8, question 10 (whether every change bumps updated_at is not known)
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "extract/known_store.hpp"

namespace falaj::extract {

class RereadRound {
 public:
  // `remembered`: what after() said last; nothing, or a text that is none: the round begins now.
  RereadRound(const std::optional<std::string>& remembered, int64_t days, UtcTime now);

  // Ids of deep orders whose turn it is, in sequence. `orders` as KnownStore has them.
  std::vector<int64_t> due(const std::vector<KnownOrder>& orders);
  // What to remember when the first `done` of those that were due have been read.
  std::string after(size_t done) const;

 private:
  Micros length_;
  UtcTime now_;
  int64_t last_id_ = 0;
  UtcTime paid_until_;  // the turns that came before this moment have been taken
  std::vector<int64_t> due_;
  Micros per_order_{0};
};

}  // namespace falaj::extract
