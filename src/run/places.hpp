// Runs many things beside each other, a bounded number of them at once.
// Shape:    each has a thread; it begins when there is a place for it, in the order of numbers, and
//           may give its place to the next before its own end.
// Threads:  run_in_places() returns when all have ended. A Place belongs to its own thread.
// Errors:   none of its own.
#pragma once

#include <cstddef>
#include <functional>
#include <semaphore>

namespace falaj::run {

class Place {
 public:
  explicit Place(std::counting_semaphore<>& places) : places_(places) {}
  ~Place() { leave(); }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  // What is left to do needs no place any more; once is enough.
  void leave() {
    if (!has_left_) places_.release();
    has_left_ = true;
  }

 private:
  std::counting_semaphore<>& places_;
  bool has_left_ = false;
};

// `work` is called for 0 ... count - 1; the only one of all in the calling thread.
void run_in_places(size_t count, size_t places,
                   const std::function<void(size_t number, Place& place)>& work);

}  // namespace falaj::run
