// Runs many things beside each other, a bounded number of them at once.
// Shape:    each has a thread; it begins when a slot is free, in the order of numbers, and
//           may free its slot before its own end.
// Threads:  run_in_slots() returns when all have ended. A slot belongs to its own thread.
// Errors:   none of its own.
#pragma once

#include <cstddef>
#include <functional>
#include <semaphore>

namespace falaj::run {

class Slot {
 public:
  explicit Slot(std::counting_semaphore<>& slots) : slots_(slots) {}
  ~Slot() { leave(); }
  Slot(const Slot&) = delete;
  Slot& operator=(const Slot&) = delete;

  // What is left to do needs no slot any more; once is enough.
  void leave() {
    if (!has_left_) slots_.release();
    has_left_ = true;
  }

 private:
  std::counting_semaphore<>& slots_;
  bool has_left_ = false;
};

// `work` is called for 0 ... count - 1; the only one of all in the calling thread.
void run_in_slots(size_t count, size_t slots,
                  const std::function<void(size_t number, Slot& slot)>& work);

}  // namespace falaj::run
