// Whoever has called an operation: hears what it is at, and is asked what only a person can answer.
// The command line has a terminal behind it; a task or a request over HTTP has nobody.
// Threads:  progress comes from any thread, one call at a time; the rest from the operation's own.
#pragma once

#include <string>

#include "base/result.hpp"
#include "operate/progress.hpp"
#include "operate/report.hpp"

namespace falaj::operate {

class Caller {
 public:
  Caller() = default;
  virtual ~Caller() = default;
  Caller(const Caller&) = delete;
  Caller& operator=(const Caller&) = delete;

  virtual void show(const Progress& progress) = 0;
  // What it is at, in words.
  virtual void show(const std::string& words) = 0;
  // A part of the answer that is said before the end: where it listens.
  virtual void announce(const std::string& line) = 0;
  // What a person must do or know meanwhile; no part of the answer.
  virtual void advise(const std::string& lines) = 0;
  // Shows what was found and asks; kUsage with `refusal` where nobody can be asked.
  virtual Result<bool> confirm(const Report& found, const std::string& question,
                               const std::string& refusal) = 0;
  // All of the caller's standard input; `prompt` is shown where a person types it. kUsage where
  // there is none.
  virtual Result<std::string> read_input(const std::string& what, const std::string& prompt) = 0;
};

}  // namespace falaj::operate
