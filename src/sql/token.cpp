#include "sql/token.hpp"

#include <algorithm>

namespace falaj::sql {
namespace {

bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool is_name_part(char c) {
  return is_letter(c) || is_digit(c) || c == '$';
}
char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

class Scanner {
 public:
  Scanner(std::string_view sql, const Lexis& lexis) : sql_(sql), lexis_(lexis) {}

  std::vector<Token> run() {
    std::vector<Token> tokens;
    while (at_ < sql_.size()) {
      Token token;
      token.at = at_;
      is_closed_ = true;
      token.kind = scan();
      token.text = sql_.substr(token.at, at_ - token.at);
      token.is_closed = is_closed_;
      tokens.push_back(token);
    }
    return tokens;
  }

 private:
  bool follows(std::string_view mark) const { return sql_.substr(at_).starts_with(mark); }
  template <typename Wanted>
  void skip_while(Wanted wanted) {
    while (at_ < sql_.size() && wanted(sql_[at_])) ++at_;
  }

  // Moves on by one token.
  TokenKind scan() {
    const char c = sql_[at_];
    if (is_space(c)) return skip_while(is_space), TokenKind::kSpace;
    if (follows("--")) return skip_while([](char x) { return x != '\n'; }), TokenKind::kComment;
    if (follows("/*")) return scan_comment(), TokenKind::kComment;
    if (c == '\'') return scan_quoted('\'', lexis_.has_backslashes), TokenKind::kText;
    if (c == '"') return scan_quoted('"', false), TokenKind::kQuotedName;
    if ((c == 'e' || c == 'E') && at_ + 1 < sql_.size() && sql_[at_ + 1] == '\'') {
      ++at_;
      return scan_quoted('\'', true), TokenKind::kText;
    }
    if (c == '$' && scan_dollars()) return TokenKind::kText;
    if (is_letter(c)) return skip_while(is_name_part), TokenKind::kWord;
    const bool is_fraction = c == '.' && at_ + 1 < sql_.size() && is_digit(sql_[at_ + 1]);
    if (is_digit(c) || is_fraction) return scan_number(), TokenKind::kNumber;
    at_ += follows("::") || follows("=>") ? 2 : 1;
    return TokenKind::kSymbol;
  }

  void scan_comment() {
    at_ += 2;
    int depth = 1;
    while (at_ < sql_.size() && depth > 0) {
      if (follows("*/")) {
        --depth;
        at_ += 2;
      } else if (lexis_.nests_comments && follows("/*")) {
        ++depth;
        at_ += 2;
      } else {
        ++at_;
      }
    }
    is_closed_ = depth == 0;
  }

  void scan_quoted(char quote, bool has_backslashes) {
    ++at_;
    while (at_ < sql_.size()) {
      const char c = sql_[at_++];
      if (has_backslashes && c == '\\' && at_ < sql_.size()) {
        ++at_;
      } else if (c == quote) {
        if (at_ >= sql_.size() || sql_[at_] != quote) return;
        ++at_;
      }
    }
    is_closed_ = false;
  }

  // $$...$$ and $tag$...$tag$; $1 is a parameter.
  bool scan_dollars() {
    size_t end = at_ + 1;
    while (end < sql_.size() && (is_letter(sql_[end]) || (end > at_ + 1 && is_digit(sql_[end]))))
      ++end;
    if (end >= sql_.size() || sql_[end] != '$') return false;
    const auto mark = sql_.substr(at_, end + 1 - at_);
    const auto close = sql_.find(mark, end + 1);
    is_closed_ = close != std::string_view::npos;
    at_ = is_closed_ ? close + mark.size() : sql_.size();
    return true;
  }

  void scan_number() {
    const auto is_part = [](char x) { return is_digit(x) || x == '.' || x == '_'; };
    skip_while(is_part);
    if (at_ < sql_.size() && lower(sql_[at_]) == 'e') {
      size_t next = at_ + 1;
      if (next < sql_.size() && (sql_[next] == '+' || sql_[next] == '-')) ++next;
      if (next < sql_.size() && is_digit(sql_[next])) {
        at_ = next;
        skip_while(is_digit);
      }
    }
  }

  std::string_view sql_;
  Lexis lexis_;
  size_t at_ = 0;
  bool is_closed_ = true;
};

}  // namespace

bool same_word(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                            [](char x, char y) { return lower(x) == lower(y); });
}

bool Token::is(std::string_view word) const {
  return kind == TokenKind::kWord && same_word(text, word);
}

std::vector<Token> tokenize(std::string_view sql, const Lexis& lexis) {
  return Scanner(sql, lexis).run();
}

std::vector<Token> significant_tokens(std::string_view sql, const Lexis& lexis) {
  auto tokens = tokenize(sql, lexis);
  tokens.erase(std::remove_if(tokens.begin(), tokens.end(),
                              [](const Token& token) { return !token.is_significant(); }),
               tokens.end());
  return tokens;
}

}  // namespace falaj::sql
