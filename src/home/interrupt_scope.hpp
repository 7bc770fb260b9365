// Ctrl-C as a call, for as long as the object lives: each SIGINT calls back from a thread of its
// own, and what SIGINT did before is restored at the end.
// Threads:  one object at a time in a process.
#pragma once

#include <signal.h>

#include <functional>
#include <thread>

namespace falaj::home {

class InterruptScope {
 public:
  explicit InterruptScope(std::function<void()> on_interrupt);
  ~InterruptScope();
  InterruptScope(const InterruptScope&) = delete;
  InterruptScope& operator=(const InterruptScope&) = delete;

 private:
  struct sigaction before_ {};
  std::thread thread_;
};

}  // namespace falaj::home
