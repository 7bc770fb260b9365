// Where commands print: what they found to standard output, why they failed to standard error.
// Shape:    everything that goes to standard output goes through one Output, which knows whether it
//           arrived. finish_output() is the last word on a command's exit status: 74 when something
//           did not arrive, death by SIGPIPE when the reader went away (`| head`), without a word.
//           put() and fail() escape control characters (base/printable_text.hpp), which leaves a
//           JSON document the same; an Output writes what it is given.
// Owns:     an Output owns its buffer, not its descriptor.
// Threads:  called from the main thread.
// Errors:   kStorageFailed: a full disk, a closed descriptor. What is written after the first
//           failure is dropped; a writer of much looks at is_good() and stops.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace falaj::cli {

class Output {
 public:
  explicit Output(int descriptor) : descriptor_(descriptor) {}
  ~Output() { (void)flush().ok(); }
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  void write(std::string_view text);
  // Whether everything that has left the buffer arrived.
  bool is_good() const { return problem_ == 0; }
  bool is_terminal() const;
  // The reader went away: nobody misses the rest.
  bool is_reader_gone() const;
  // Empties the buffer; whether all that was ever written arrived.
  Status flush();
  // As flush(), and asks the file system too: a server of files may refuse when a file is closed.
  Status finish();

 private:
  Status state() const;
  void send(std::string_view text);

  int descriptor_;
  std::string buffer_;
  int problem_ = 0;  // errno of the first failure
};

// At the start of the program: no file that is opened takes the number of a standard stream that
// was closed, and a reader that goes away is an error of a write, not a signal.
void guard_standard_streams();

Output& standard_output();

void put(const std::string& text);

// Says what went wrong; the exit status that it means (base/error.hpp).
int fail(const Error& error);

// The exit status of a command that ended with `status`, by whether its output arrived. Does not
// return when the reader of a good command went away.
int finish_output(int status);

}  // namespace falaj::cli
