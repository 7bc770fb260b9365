// Calls something again and again, on a thread of its own, until it goes.
// Units:    real time: for what people look at.
// Threads:  the destructor waits for a call that is under way.
#pragma once

#include <chrono>
#include <functional>
#include <thread>

namespace falaj {

class Ticker {
 public:
  Ticker(std::chrono::milliseconds period, std::function<void()> call);

 private:
  std::jthread thread_;  // asks it to stop and joins it
};

}  // namespace falaj
