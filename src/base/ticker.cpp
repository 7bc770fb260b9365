#include "base/ticker.hpp"

#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <utility>

#include "base/thread_name.hpp"

namespace falaj {

Ticker::Ticker(std::chrono::milliseconds period, std::function<void()> call)
    : thread_([period, call = std::move(call)](const std::stop_token& stop) {
        name_thread("ticker");
        std::mutex mutex;
        std::condition_variable_any wake;
        std::unique_lock lock(mutex);
        while (!wake.wait_for(lock, stop, period, [&] { return stop.stop_requested(); })) call();
      }) {}

}  // namespace falaj
