#include "cli/status_line.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>

#include "base/log.hpp"
#include "base/printable_text.hpp"
#include "cli/progress_line.hpp"

namespace falaj::cli {
namespace {

using namespace std::chrono_literals;

// One column stays free: a line that wraps could not be rewritten.
size_t room() {
  winsize size{};
  const bool is_known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1;
  return (is_known ? size_t{size.ws_col} : kUsualColumns) - 1;
}

}  // namespace

StatusLine::StatusLine(Mode mode) : mode_(mode), is_terminal_(::isatty(STDERR_FILENO) == 1) {
  if (mode_ != Mode::kQuiet) ticker_.emplace(1s, [this] { tick(); });
}

StatusLine::~StatusLine() {
  ticker_.reset();
  if (is_shown_) std::fprintf(stderr, "\r\033[K");
}

void StatusLine::show(const operate::Progress& progress) {
  if (!is_terminal_ || mode_ != Mode::kProgress) return;
  const std::lock_guard lock(mutex_);
  progress_ = progress;
  draw();
}

void StatusLine::show(const std::string& words) {
  if (!is_terminal_ || mode_ != Mode::kProgress) return;
  const std::lock_guard lock(mutex_);
  words_ = words;
  draw();
}

void StatusLine::tick() {
  const std::lock_guard lock(mutex_);
  if (is_terminal_) {
    draw();
    return;
  }
  const auto now =
      std::chrono::duration_cast<Micros>(std::chrono::steady_clock::now().time_since_epoch());
  if (const auto line = log_.line(operate::waits_now(), now)) log_warn("{}", *line);
}

void StatusLine::draw() {
  progress_.waits = operate::waits_now();
  const auto line = printable(
      words_.empty() ? progress_line(progress_, room()) : fitted(words_, room()), Lines::kEscaped);
  if (line.empty() && !is_shown_) return;
  std::fprintf(stderr, "\r\033[K%s", line.c_str());
  std::fflush(stderr);
  is_shown_ = !line.empty();
}

}  // namespace falaj::cli
