#include "cli/output.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "base/printable_text.hpp"

namespace falaj::cli {
namespace {

constexpr size_t kBufferBytes = size_t{64} << 10U;

// As the system's own tools end when nobody reads on: a shell sees 141, `set -o pipefail` too.
[[noreturn]] void end_by_broken_pipe() {
  ::signal(SIGPIPE, SIG_DFL);
  sigset_t pipe;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  ::pthread_sigmask(SIG_UNBLOCK, &pipe, nullptr);
  ::raise(SIGPIPE);
  ::_exit(128 + SIGPIPE);
}

}  // namespace

void Output::write(std::string_view text) {
  if (problem_ != 0) return;
  if (buffer_.size() + text.size() < kBufferBytes) {
    buffer_ += text;
    return;
  }
  send(buffer_);
  buffer_.clear();
  if (text.size() < kBufferBytes) {
    buffer_ = text;
  } else {
    send(text);
  }
}

void Output::send(std::string_view text) {
  while (problem_ == 0 && !text.empty()) {
    const auto sent = ::write(descriptor_, text.data(), text.size());
    if (sent >= 0) {
      text.remove_prefix(static_cast<size_t>(sent));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      // Another process has made the pipe non-blocking for all who share it.
      pollfd ready{descriptor_, POLLOUT, 0};
      ::poll(&ready, 1, -1);
    } else if (errno != EINTR) {
      problem_ = errno;
    }
  }
}

bool Output::is_terminal() const {
  return ::isatty(descriptor_) == 1;
}

bool Output::is_reader_gone() const {
  return problem_ == EPIPE;
}

Status Output::state() const {
  if (problem_ == 0) return {};
  return Error(ErrorKind::kStorageFailed,
               fmt::format("cannot write to standard output: {}", std::strerror(problem_)));
}

Status Output::flush() {
  send(buffer_);
  buffer_.clear();
  return state();
}

Status Output::finish() {
  (void)flush().ok();
  // Closing a copy asks as closing the descriptor itself does, and leaves it open.
  const int copy = problem_ == 0 ? ::dup(descriptor_) : -1;
  if (copy >= 0 && ::close(copy) != 0 && errno != EINTR) problem_ = errno;
  return state();
}

void guard_standard_streams() {
  // Opened the wrong way round, so that using them still fails.
  for (const int number : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(number, F_GETFD) >= 0 || errno != EBADF) continue;
    [[maybe_unused]] const int opened =
        ::open("/dev/null", number == STDIN_FILENO ? O_WRONLY : O_RDONLY);
  }
  ::signal(SIGPIPE, SIG_IGN);
}

Output& standard_output() {
  static Output output(STDOUT_FILENO);
  return output;
}

void put(const std::string& text) {
  standard_output().write(printable(text));
}

int fail(const Error& error) {
  (void)standard_output().flush().ok();
  std::fprintf(stderr, "falaj: %s\n", printable(error.to_text()).c_str());
  return exit_code(error.kind());
}

int finish_output(int status) {
  const auto finished = standard_output().finish();
  if (finished.ok()) return status;
  if (standard_output().is_reader_gone()) {
    if (status == 0) end_by_broken_pipe();
    return status;
  }
  const int failed = fail(Error(
      finished.error().kind(),
      finished.error().message() +
          "; what stands there is not whole. What the command did in the home is done: make room "
          "or print elsewhere, and ask for the output again"));
  return status != 0 ? status : failed;
}

}  // namespace falaj::cli
