// Another clock, set to another time: what is read from a store is dated by the store's clock where
// the machine's is far from it.
// Threads:  safe. The other clock must outlive it.
#pragma once

#include <atomic>

#include "base/clock.hpp"

namespace falaj {

class ShiftedClock final : public Clock {
 public:
  explicit ShiftedClock(Clock& clock) : clock_(clock) {}
  // now() is this much later than the other clock has it.
  void shift(Micros later) { later_ = later.count(); }

  UtcTime now() const override { return clock_.now() + Micros(later_.load()); }
  Micros steady_now() const override { return clock_.steady_now(); }
  Micros shared_now() const override { return clock_.shared_now(); }
  bool wait_for(Micros duration, std::stop_token stop) override {
    return clock_.wait_for(duration, std::move(stop));
  }

 private:
  Clock& clock_;
  std::atomic<int64_t> later_ = 0;
};

}  // namespace falaj
