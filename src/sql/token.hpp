// SQL text as tokens: enough to see where texts, names and comments begin and end, so that whoever
// rewrites a statement never touches what is inside them.
// Shape:    the tokens of a text, put one after the other, are the text.
// Owns:     nothing: views into the text.
// Threads:  functions and values.
// Errors:   none: what is not closed reaches to the end and says so.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace falaj::sql {

enum class TokenKind {
  kSpace,
  kComment,     // -- and /* */
  kWord,        // a keyword or a bare name
  kQuotedName,  // "..."
  kText,        // '...', E'...' and $$...$$
  kNumber,
  kSymbol,  // one character, or :: and =>
};

struct Token {
  TokenKind kind = TokenKind::kSymbol;
  size_t at = 0;  // bytes from the beginning
  std::string_view text;
  bool is_closed = true;

  size_t end() const { return at + text.size(); }
  bool is_significant() const { return kind != TokenKind::kSpace && kind != TokenKind::kComment; }
  // A word, whatever its case.
  bool is(std::string_view word) const;
  bool is_symbol(std::string_view symbol) const {
    return kind == TokenKind::kSymbol && text == symbol;
  }
};

// Where engines differ.
struct Lexis {
  bool has_backslashes = false;  // 'it\'s', as Snowflake reads it
  bool nests_comments = true;
};

std::vector<Token> tokenize(std::string_view sql, const Lexis& lexis = {});
// The significant ones alone.
std::vector<Token> significant_tokens(std::string_view sql, const Lexis& lexis = {});

// ASCII, whatever the case.
bool same_word(std::string_view a, std::string_view b);

}  // namespace falaj::sql
