#include "run/slots.hpp"

#include <thread>
#include <vector>

#include "base/thread_name.hpp"

namespace falaj::run {

void run_in_slots(size_t count, size_t slots,
                  const std::function<void(size_t number, Slot& slot)>& work) {
  std::counting_semaphore<> free(static_cast<std::ptrdiff_t>(slots));
  const auto run_one = [&](size_t number) {
    Slot slot(free);
    work(number, slot);
  };
  std::vector<std::jthread> threads;
  for (size_t i = 0; i < count; ++i) {
    free.acquire();
    if (count == 1) return run_one(0);
    threads.emplace_back([&run_one, i] {
      name_thread("store");
      run_one(i);
    });
  }
}

}  // namespace falaj::run
