// The person or script at the command line, as an operation meets them.
// Shape:    answers go to standard output, all else to standard error; a question needs a terminal.
// Owns:     the line that shows what the operation is at, until finish().
// Threads:  as operate::Caller.
#pragma once

#include <optional>

#include "cli/status_line.hpp"
#include "operate/caller.hpp"

namespace falaj::cli {

class TerminalCaller final : public operate::Caller {
 public:
  // With `json` standard output belongs to the document. Without a mode nothing is shown.
  TerminalCaller(std::optional<StatusLine::Mode> mode, bool json);

  void show(const operate::Progress& progress) override;
  void show(const std::string& words) override;
  void announce(const std::string& line) override;
  void advise(const std::string& lines) override;
  Result<bool> confirm(const operate::Report& found, const std::string& question,
                       const std::string& refusal) override;
  Result<std::string> read_input(const std::string& what, const std::string& prompt) override;

  // The line is gone: the answer may be printed.
  void finish() { line_.reset(); }

 private:
  std::optional<StatusLine::Mode> mode_;
  bool json_;
  std::optional<StatusLine> line_;
};

}  // namespace falaj::cli
