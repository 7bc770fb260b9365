// A JSON text with the positions of its tokens, checked as a whole: whoever walks it afterwards
// needs no checks of his own. Walking tokens beats a general parser here because most members of
// a page are skipped, and skipping a container is one step.
// Shape:    tokens are the structural characters and the first characters of strings, numbers and
//           literals, in order.
// Owns:     the positions; borrows the text.
// Threads:  confined to one.
// Errors:   index() gives the reason and the byte; valid UTF-8 and JSON grammar are certain after
//           it succeeded. Numbers may be of any size, nesting of any depth.
// Facts:    RFC 8259
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace falaj::decode {

// The index of a token.
using Token = uint32_t;

class JsonText {
 public:
  struct Problem {
    std::string reason;
    size_t offset = 0;
    // "invalid UTF-8 at byte 17 of 4200, near ..."
    std::string to_text(std::string_view text) const;
  };

  JsonText();
  ~JsonText();
  JsonText(JsonText&&) noexcept;
  JsonText& operator=(JsonText&&) noexcept;

  // Texts up to 4 GB. After a problem nothing below may be called.
  std::optional<Problem> index(std::string_view text);

  std::string_view text() const { return text_; }
  Token root() const { return 0; }
  char kind(Token token) const { return text_[positions_[token]]; }
  const char* start(Token token) const { return text_.data() + positions_[token]; }
  // One past the value that starts here.
  Token after(Token token) const {
    const char c = kind(token);
    return c == '{' || c == '[' ? jumps_[token] + 1 : token + 1;
  }
  // The last byte of the value, exclusive.
  const char* end_of(Token token) const {
    const char c = kind(token);
    if (c == '{' || c == '[') return text_.data() + positions_[jumps_[token]] + 1;
    return trimmed_end(token);
  }
  // The value as it stands in the text.
  std::string_view raw(Token token) const {
    const char* begin = start(token);
    return {begin, static_cast<size_t>(end_of(token) - begin)};
  }
  // Between the quotes of a string or a key, escapes untouched.
  std::string_view raw_string(Token token) const {
    const char* begin = start(token) + 1;
    return {begin, static_cast<size_t>(trimmed_end(token) - 1 - begin)};
  }
  bool is_empty_container(Token token) const { return jumps_[token] == token + 1; }
  // [] or {}, of a token of any kind.
  bool is_empty_value(Token token) const {
    const char c = kind(token);
    return (c == '{' || c == '[') && is_empty_container(token);
  }
  // An array, or an object whose names are all numbers: how PHP writes an array with gaps. `{}` has no
  // names and is none. Of a token of any kind.
  bool is_list(Token value) const {
    const char c = kind(value);
    if (c != '{') return c == '[';
    // Most objects are told by the first byte of their first name.
    if (kind(value + 1) != '"') return false;
    const char first = start(value + 1)[1];
    return ((first >= '0' && first <= '9') || first == '-') && has_only_numbers(value);
  }

  // Calls visit(key, value token) for each member; the key with its escapes untouched.
  template <typename Visit>
  void each_member(Token object, Visit&& visit) const {
    for (Token at = object + 1; kind(at) == '"';) {
      const Token value = at + 2;
      visit(raw_string(at), value);
      at = after(value);
      if (kind(at) == ',') ++at;
    }
  }
  template <typename Visit>
  void each_element(Token array, Visit&& visit) const {
    const Token close = jumps_[array];
    for (Token at = array + 1; at < close;) {
      visit(at);
      at = after(at) + 1;
    }
  }
  // What a list holds, in the order of the text; see is_list().
  template <typename Visit>
  void each_item(Token list, Visit&& visit) const {
    if (kind(list) == '[') {
      each_element(list, visit);
    } else {
      each_member(list, [&visit](std::string_view, Token value) { visit(value); });
    }
  }
  // The member's value, if the object has it.
  std::optional<Token> member(Token object, std::string_view key) const;

 private:
  const char* trimmed_end(Token token) const {
    const char* end = text_.data() + positions_[token + 1];
    while (end[-1] == ' ' || end[-1] == '\n' || end[-1] == '\r' || end[-1] == '\t') --end;
    return end;
  }
  std::optional<Problem> check_grammar(size_t count);
  std::optional<Problem> check_scalar(Token token) const;
  bool has_only_numbers(Token object) const;

  struct Indexer;
  std::unique_ptr<Indexer> indexer_;
  std::string_view text_;
  const uint32_t* positions_ = nullptr;  // one more than there are tokens: the end of the text
  std::vector<uint32_t> jumps_;          // of an opening token: its closing one
  std::vector<Token> open_;              // while checking
};

// The string with its escapes resolved; a lone surrogate and U+0000 become U+FFFD.
void append_unescaped(std::string& out, std::string_view raw);

}  // namespace falaj::decode
