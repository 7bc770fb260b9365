#include "home/interrupt_scope.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>

namespace falaj::home {
namespace {

constexpr char kInterrupt = 'i';
constexpr char kEnd = 'e';

// Stays open for the process: a signal handler that is still running may write into it.
const std::array<int, 2>& wake_pipe() {
  static const std::array<int, 2> kPipe = [] {
    std::array<int, 2> ends{-1, -1};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) ends = {-1, -1};
    return ends;
  }();
  return kPipe;
}

int write_end = -1;

void on_signal(int /*signal*/) {
  [[maybe_unused]] const auto written = ::write(write_end, &kInterrupt, 1);
}

}  // namespace

InterruptScope::InterruptScope(std::function<void()> on_interrupt) {
  write_end = wake_pipe()[1];
  thread_ = std::thread([call = std::move(on_interrupt), read_end = wake_pipe()[0]] {
    char byte = 0;
    while (::read(read_end, &byte, 1) == 1 && byte != kEnd) call();
  });
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  ::sigaction(SIGINT, &action, &before_);
}

InterruptScope::~InterruptScope() {
  ::sigaction(SIGINT, &before_, nullptr);
  [[maybe_unused]] const auto written = ::write(write_end, &kEnd, 1);
  thread_.join();
}

}  // namespace falaj::home
