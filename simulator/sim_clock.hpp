// The simulated store's clock: starts where asked, runs time_scale times faster than the world, and
// can be pushed ahead.
// Threads:  confined to one.
#pragma once

#include <chrono>
#include <string>

#include "base/clock.hpp"

namespace falaj::simulator {

class SimClock {
 public:
  SimClock(UtcTime start, double time_scale)
      : start_(start), time_scale_(time_scale), began_(std::chrono::steady_clock::now()) {}

  UtcTime now() const;
  double time_scale() const { return time_scale_; }
  void advance(Micros duration) { start_ += duration; }
  // "Mon, 23 Nov 2026 11:55:07 GMT"
  const std::string& http_date();

 private:
  UtcTime start_;
  double time_scale_;
  std::chrono::steady_clock::time_point began_;
  int64_t dated_second_ = -1;
  std::string date_;
};

}  // namespace falaj::simulator
