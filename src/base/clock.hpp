// Time, as a seam: code asks a Clock, tests hand in one that they move.
// Units:    UTC instants in microseconds; steady time for measuring.
// Threads:  safe. wait_until() returns early when the stop token is triggered.
// Test seam: ManualClock.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <string>

namespace falaj {

using Micros = std::chrono::microseconds;
using UtcTime = std::chrono::time_point<std::chrono::system_clock, Micros>;

class Clock {
 public:
  virtual ~Clock() = default;
  virtual UtcTime now() const = 0;
  // Monotonic time since an arbitrary start.
  virtual Micros steady_now() const = 0;
  // The same for all processes of this machine, since it started.
  virtual Micros shared_now() const { return steady_now(); }
  // Waits for `duration` of this clock's time; false if `stop` was requested meanwhile.
  virtual bool wait_for(Micros duration, std::stop_token stop) = 0;
};

// The machine's clock. With time_scale X (tests and the simulator's --time-scale) now() runs
// X times faster from the moment of construction, and waits are X times shorter. `ahead` is how much
// later now() is than the machine has it.
class SystemClock final : public Clock {
 public:
  explicit SystemClock(double time_scale = 1.0, Micros ahead = Micros(0));
  UtcTime now() const override;
  Micros steady_now() const override;
  Micros shared_now() const override;
  bool wait_for(Micros duration, std::stop_token stop) override;

 private:
  double time_scale_;
  Micros ahead_;
  UtcTime started_at_;
  std::chrono::steady_clock::time_point steady_start_;
};

// Moves only when told; a wait advances it and returns at once.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(UtcTime start) : now_(start) {}
  UtcTime now() const override;
  Micros steady_now() const override;
  bool wait_for(Micros duration, std::stop_token stop) override;
  void advance(Micros duration);

 private:
  mutable std::mutex mutex_;
  UtcTime now_;
};

// "2026-11-23T09:45:00Z"; with micros: "2026-11-23T09:45:00.123456Z".
std::string to_iso8601(UtcTime time, bool with_micros = false);

}  // namespace falaj
