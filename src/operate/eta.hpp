// When work will be done that goes through a quota of so many requests a minute.
// Shape:    a quota lets a burst through and then stands still until its minute ends, so that what is
//           left is whole minutes and a part of one; without a limit it is what is left at the pace
//           so far.
// Units:    times of one steady clock.
// Threads:  a value; confined to one.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "base/clock.hpp"

namespace falaj::operate {

class Eta {
 public:
  struct Seen {
    Micros now{};
    int64_t requests = 0;  // ours, so far
    int64_t quota = 0;     // requests a minute that the store allows; 0: no limit
    int64_t used = 0;      // of this minute's quota, by everybody
  };
  void observe(const Seen& seen);
  // Nothing before there is a pace.
  std::optional<Micros> left(int64_t requests_left) const;

 private:
  double per_second() const;  // over all of it
  double burst_per_second() const;
  int64_t ours_per_minute() const;

  std::optional<Seen> first_;
  std::optional<Seen> last_;
  std::optional<Micros> window_began_;  // seen to
  int64_t requests_at_begin_ = 0;
  std::deque<int64_t> minutes_;  // our requests in each whole minute, newest last
  double burst_ = 0;
  Seen burst_from_;
};

}  // namespace falaj::operate
