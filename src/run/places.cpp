#include "run/places.hpp"

#include <thread>
#include <vector>

#include "base/thread_name.hpp"

namespace falaj::run {

void run_in_places(size_t count, size_t places,
                   const std::function<void(size_t number, Place& place)>& work) {
  std::counting_semaphore<> free(static_cast<std::ptrdiff_t>(places));
  const auto run_one = [&](size_t number) {
    Place place(free);
    work(number, place);
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
