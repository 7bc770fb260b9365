#include "base/child_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <thread>

extern "C" char** environ;  // NOLINT: POSIX

namespace falaj {
namespace {

using namespace std::chrono_literals;

// Everything between fork and exec must be async-signal-safe: all memory is prepared before.
[[noreturn]] void become(const ChildProcess::Options& options, char* const* argv, char* const* envp,
                         int out, pid_t parent, int report) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  ::signal(SIGPIPE, SIG_DFL);  // what is ignored would stay so after exec
  ::dup2(out, STDOUT_FILENO);
  bool good = true;
  if (!options.stderr_file.empty()) {
    const int fd =
        ::open(options.stderr_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    good = fd >= 0 && ::dup2(fd, STDERR_FILENO) >= 0;
  }
  if (good && !options.working_directory.empty()) {
    good = ::chdir(options.working_directory.c_str()) == 0;
  }
  if (good) ::execvpe(argv[0], argv, envp);
  const int problem = errno;
  [[maybe_unused]] const auto written = ::write(report, &problem, sizeof problem);
  ::_exit(127);
}

std::vector<std::string> merged_environment(const ChildProcess::Options& options) {
  std::vector<std::string> merged;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    const auto is_of = [&](const std::string& name) { return text.starts_with(name + "="); };
    bool is_out = std::any_of(options.withheld.begin(), options.withheld.end(), is_of);
    for (const auto& [name, value] : options.environment) is_out = is_out || is_of(name);
    if (!is_out) merged.push_back(text);
  }
  for (const auto& [name, value] : options.environment) merged.push_back(name + "=" + value);
  return merged;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (auto& text : texts) list.push_back(text.data());
  list.push_back(nullptr);
  return list;
}

}  // namespace

Result<ChildProcess> ChildProcess::start(Options options) {
  std::array<int, 2> out{};
  std::array<int, 2> report{};
  if (::pipe2(out.data(), O_CLOEXEC) != 0 || ::pipe2(report.data(), O_CLOEXEC) != 0) {
    return Error(ErrorKind::kUnavailable,
                 fmt::format("cannot make a pipe: {}", std::strerror(errno)));
  }
  UniqueFd out_read(out[0]);
  UniqueFd out_write(out[1]);
  UniqueFd report_read(report[0]);
  UniqueFd report_write(report[1]);
  auto environment = merged_environment(options);
  const auto argv = pointers(options.command);
  const auto envp = pointers(environment);
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid == 0)
    become(options, argv.data(), envp.data(), out_write.get(), parent, report_write.get());
  if (pid < 0) {
    return Error(ErrorKind::kUnavailable,
                 fmt::format("cannot start {}: {}", options.command[0], std::strerror(errno)));
  }
  report_write.reset();
  int problem = 0;
  if (::read(report_read.get(), &problem, sizeof problem) == sizeof problem) {
    ::waitpid(pid, nullptr, 0);
    return Error(ErrorKind::kUnavailable,
                 fmt::format("cannot start {}: {}", options.command[0], std::strerror(problem)));
  }
  ChildProcess child;
  child.pid_ = pid;
  child.out_ = std::move(out_read);
  return child;
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      out_(std::move(other.out_)),
      buffer_(std::move(other.buffer_)) {}

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept {
  if (this != &other) {
    stop();
    pid_ = std::exchange(other.pid_, -1);
    out_ = std::move(other.out_);
    buffer_ = std::move(other.buffer_);
  }
  return *this;
}

ChildProcess::~ChildProcess() {
  stop();
}

void ChildProcess::stop() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGTERM);
  for (int i = 0; i < 200; ++i) {
    if (::waitpid(pid_, nullptr, WNOHANG) == pid_) {
      pid_ = -1;
      return;
    }
    std::this_thread::sleep_for(10ms);
  }
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

Result<std::string> ChildProcess::read_line(std::chrono::milliseconds timeout) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  while (true) {
    if (const auto end = buffer_.find('\n'); end != std::string::npos) {
      auto line = buffer_.substr(0, end);
      buffer_.erase(0, end + 1);
      return line;
    }
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    pollfd waiting{out_.get(), POLLIN, 0};
    const int ready = left.count() > 0 ? ::poll(&waiting, 1, static_cast<int>(left.count())) : 0;
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) {
      return Error(ErrorKind::kTimeout,
                   fmt::format("the started program (pid {}) printed no line in time", pid_));
    }
    std::array<char, 4096> chunk;
    const auto got = ::read(out_.get(), chunk.data(), chunk.size());
    if (got <= 0) {
      return Error(
          ErrorKind::kUnavailable,
          fmt::format("the started program (pid {}) ended before it printed a line", pid_));
    }
    buffer_.append(chunk.data(), static_cast<size_t>(got));
  }
}

std::string ChildProcess::read_rest() {
  std::array<char, 65536> chunk;
  while (true) {
    const auto got = ::read(out_.get(), chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    buffer_.append(chunk.data(), static_cast<size_t>(got));
  }
  return std::exchange(buffer_, std::string());
}

void ChildProcess::send_signal(int signal) {
  if (pid_ > 0) ::kill(pid_, signal);
}

bool ChildProcess::has_ended() const {
  siginfo_t info{};
  const int asked = ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT);
  return asked == 0 && info.si_pid == pid_;
}

ChildProcess::Exit ChildProcess::wait() {
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  if (WIFSIGNALED(status)) return {128 + WTERMSIG(status), true};
  return {WEXITSTATUS(status), false};
}

}  // namespace falaj
