#include "home/interrupt.hpp"

#include <signal.h>
#include <unistd.h>

#include <array>
#include <thread>

namespace falaj::home {
namespace {

std::array<int, 2> wake_pipe{-1, -1};

// Only async-signal-safe calls: the thread behind the pipe does the rest.
void on_signal(int signal) {
  const char byte = 1;
  [[maybe_unused]] const auto written = ::write(wake_pipe[1], &byte, 1);
  ::signal(signal, SIG_DFL);
}

std::stop_source install() {
  std::stop_source source;
  if (::pipe(wake_pipe.data()) != 0) return source;
  std::thread([source]() mutable {
    char byte = 0;
    if (::read(wake_pipe[0], &byte, 1) == 1) source.request_stop();
  }).detach();
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  return source;
}

}  // namespace

std::stop_token interruption() {
  static std::stop_source source = install();
  return source.get_token();
}

}  // namespace falaj::home
