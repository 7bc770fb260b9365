// When work will be done that goes through a quota of so many requests a minute, beside others.
// Shape:    a quota lets a burst through and then stands still until its minute ends, so that what is
//           left is whole minutes and a part of one, of which we get what we have got of the last
//           minutes; without a limit it is what is left at the pace of the last minutes.
// Units:    times of one steady clock; calls are requests that the work is made of: other requests
//           of ours count as those of others.
// Threads:  a value; confined to one.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "base/clock.hpp"

namespace falaj::run {

class Eta {
 public:
  struct Seen {
    Micros now{};
    int64_t done = 0;   // calls of the work, so far
    int64_t quota = 0;  // requests a minute that the store allows; 0: no limit
    int64_t used = 0;   // of this minute's quota, by everybody
  };
  void observe(const Seen& seen);
  // `now`: not before the last look. Nothing before there is a pace.
  std::optional<Micros> left(int64_t calls_left, Micros now) const;

 private:
  double pace() const;  // calls a second, standing still included
  double burst_pace() const;
  double calls_a_minute() const;
  void end_window(const Seen& seen);

  std::deque<Seen> marks_;  // of the last minutes, oldest first
  std::optional<Seen> last_;
  std::optional<Seen> window_began_;  // seen to
  std::deque<int64_t> minutes_;       // our calls in each whole minute, newest last
  double burst_ = 0;
  Seen burst_from_;
};

}  // namespace falaj::run
