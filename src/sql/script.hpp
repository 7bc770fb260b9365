// A text of several SQL statements, taken apart at the semicolons outside of texts and comments.
// Owns:     nothing: views into the text.
// Threads:  functions and values.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "sql/token.hpp"

namespace falaj::sql {

struct Statement {
  std::string_view text;  // from its first word to its last, without the semicolon
  size_t at = 0;          // bytes from the beginning of the script
};

struct Script {
  std::vector<Statement> statements;  // none is empty
  // The last statement ends in a semicolon and nothing is left open: what a shell waits for.
  bool is_complete = true;
};

Script split_script(std::string_view sql, const Lexis& lexis = {});

// Where a byte of a text is: what an editor calls line and column, and the whole line.
struct TextPlace {
  size_t line = 1;        // from 1
  std::string_view text;  // of the line, without its end
  size_t offset = 0;      // bytes into the line
};
TextPlace place_of(std::string_view text, size_t at);

// The byte at the line (from 1) and the character of it (from 0); the end of a shorter line.
size_t offset_of(std::string_view text, size_t line, size_t character);

}  // namespace falaj::sql
