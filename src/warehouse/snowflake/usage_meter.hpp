// Counts what the sessions of one warehouse ask of Snowflake.
// Threads:  safe.
#pragma once

#include <atomic>

#include "base/clock.hpp"
#include "warehouse/warehouse.hpp"

namespace falaj::warehouse {

class UsageMeter {
 public:
  // Measures from construction until it goes: one statement and the wait for its answer.
  class Statement {
   public:
    Statement(UsageMeter& meter, const Clock& clock)
        : meter_(meter), clock_(clock), since_(clock.steady_now()) {}
    ~Statement() {
      meter_.statements_ += 1;
      meter_.waited_ += (clock_.steady_now() - since_).count();
    }
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

   private:
    UsageMeter& meter_;
    const Clock& clock_;
    Micros since_;
  };

  void add_file(int64_t bytes) {
    files_ += 1;
    bytes_ += bytes;
  }
  Usage usage() const { return {statements_, files_, bytes_, Micros(waited_)}; }

 private:
  std::atomic<int64_t> statements_{0};
  std::atomic<int64_t> files_{0};
  std::atomic<int64_t> bytes_{0};
  std::atomic<int64_t> waited_{0};  // microseconds
};

}  // namespace falaj::warehouse
