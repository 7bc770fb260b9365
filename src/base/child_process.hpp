// A program started by this one and stopped by its process id.
// Owns:     the child: the destructor sends SIGTERM, waits up to two seconds, then SIGKILL.
//           The child dies with its parent (PR_SET_PDEATHSIG), so a killed falaj leaves none
//           behind.
// Threads:  confined to one.
// Errors:   kUnavailable when the program cannot be started; kTimeout when a line does not come.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace falaj {

class ChildProcess {
 public:
  struct Options {
    std::vector<std::string> command;                              // program path, arguments
    std::vector<std::pair<std::string, std::string>> environment;  // added to ours
    std::vector<std::string> withheld;                             // variables that it does not get
    std::string working_directory;                                 // empty: ours
    std::string stderr_file;                                       // empty: shares ours
  };
  struct Exit {
    int status = 0;  // exit status, or 128 + signal
    bool signalled = false;
  };

  static Result<ChildProcess> start(Options options);
  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&& other) noexcept;
  ~ChildProcess();

  pid_t pid() const { return pid_; }
  // The next line of its standard output, without the newline.
  Result<std::string> read_line(std::chrono::milliseconds timeout);
  // Everything it still prints, until it closes its standard output.
  std::string read_rest();
  void send_signal(int signal);
  // Whether it has ended; wait() then returns at once.
  bool has_ended() const;
  // Waits for its end.
  Exit wait();

 private:
  ChildProcess() = default;
  void stop();

  pid_t pid_ = -1;
  UniqueFd out_;
  std::string buffer_;
};

}  // namespace falaj
