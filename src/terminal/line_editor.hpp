// Lines typed at a terminal: edited, remembered, completed.
// Shape:    texts are UTF-8, whatever the locale; prompts and lists go to standard error, so that
//           standard output holds answers only.
// Owns:     the terminal's settings while a line is read; its history, and the file of it.
// Threads:  confined to one.
// Errors:   none: without a file to write to, history lasts as long as the process.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace falaj::terminal {

// What a word may become: `word` is what stands left of the cursor, `before` the text before that.
using Completer =
    std::function<std::vector<std::string>(std::string_view word, std::string_view before)>;

class LineEditor {
 public:
  enum class Outcome {
    kLine,
    kEnd,          // Ctrl-D on an empty line, or the terminal is gone
    kInterrupted,  // Ctrl-C
  };

  virtual ~LineEditor() = default;
  virtual Outcome read(const std::string& prompt, std::string& line) = 0;
  // May hold line breaks; comes back as one entry.
  virtual void remember(const std::string& entry) = 0;
  virtual void complete_with(Completer completer) = 0;
};

// `history_file` may be empty: nothing is kept.
std::unique_ptr<LineEditor> open_line_editor(const std::string& history_file);

// Below XDG_STATE_HOME or ~/.local/state; empty where there is no home.
std::string history_file(const std::string& program);

// What the candidates have in common, whatever the case; as the first spells it.
std::string common_start(const std::vector<std::string>& candidates);

// Where the word left of the cursor begins: letters, digits, _, $, dots and double quotes.
size_t word_start(std::string_view before_cursor);

}  // namespace falaj::terminal
