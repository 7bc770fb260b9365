#include "cli/terminal_caller.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "base/printable_text.hpp"
#include "base/text_file.hpp"
#include "cli/output.hpp"
#include "cli/report_text.hpp"

namespace falaj::cli {

TerminalCaller::TerminalCaller(std::optional<StatusLine::Mode> mode, bool json)
    : mode_(mode), json_(json) {
  if (mode_) line_.emplace(*mode_);
}

void TerminalCaller::show(const operate::Progress& progress) {
  if (line_) line_->show(progress);
}

void TerminalCaller::show(const std::string& words) {
  if (line_) line_->show(words);
}

void TerminalCaller::announce(const std::string& line) {
  if (json_) {
    advise(line);
    return;
  }
  put(line + "\n");
  (void)standard_output().flush().ok();  // finish_output() says what it met
}

void TerminalCaller::advise(const std::string& lines) {
  std::fprintf(stderr, "%s\n", printable(lines).c_str());
  std::fflush(stderr);
}

Result<bool> TerminalCaller::confirm(const operate::Report& found, const std::string& question,
                                     const std::string& refusal) {
  if (::isatty(STDIN_FILENO) != 1 || ::isatty(STDERR_FILENO) != 1)
    return Error(ErrorKind::kUsage, refusal);
  line_.reset();  // it would write into the question
  std::fprintf(stderr, "%s%s [y/N] ", printable(text_of(found)).c_str(), question.c_str());
  std::fflush(stderr);
  const int answer = std::fgetc(stdin);
  if (mode_) line_.emplace(*mode_);
  return answer == 'y' || answer == 'Y';
}

Result<std::string> TerminalCaller::read_input(const std::string& what, const std::string& prompt) {
  if (!prompt.empty() && ::isatty(STDIN_FILENO) == 1) advise(prompt);
  auto text = read_text(STDIN_FILENO, what);
  if (!text.ok()) return Error(ErrorKind::kUsage, text.error().message());
  return text;
}

}  // namespace falaj::cli
