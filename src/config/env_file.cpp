#include "config/env_file.hpp"

#include <fmt/format.h>

#include <string_view>

#include "base/text_file.hpp"

namespace falaj::config {
namespace {

class EnvText {
 public:
  EnvText(std::string_view text, const std::string& path) : rest_(text), path_(path) {}

  Status read(std::map<std::string, std::string>& variables) {
    while (!rest_.empty()) {
      auto line = trimmed(next_line());
      if (line.empty() || line.front() == '#') continue;
      if (line.starts_with("export ") || line.starts_with("export\t"))
        line = trimmed(line.substr(7));
      const auto equals = line.find('=');
      const auto name = trimmed(line.substr(0, equals));
      if (equals == std::string_view::npos || name.empty()) return bad("expected NAME=value");
      FALAJ_ASSIGN(auto value, value_of(trimmed(line.substr(equals + 1))));
      variables.emplace(std::string(name), std::move(value));
    }
    return {};
  }

 private:
  std::string_view next_line() {
    ++number_;
    const auto end = rest_.find('\n');
    const auto line = rest_.substr(0, end);
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    return line;
  }

  Error bad(const std::string& what) const {
    return {ErrorKind::kInvalidConfig,
            fmt::format("{}, line {}, column 1: {}", path_, number_, what)};
  }

  Result<std::string> value_of(std::string_view text) {
    if (text.empty() || (text.front() != '"' && text.front() != '\''))
      return std::string(without_comment(text));
    const char quote = text.front();
    text.remove_prefix(1);
    const int first_line = number_;
    std::string value;
    // Of the values only a key in PEM has several lines: elsewhere a quote was forgotten.
    const bool is_key = text.starts_with("-----BEGIN");
    for (;;) {
      bool is_closed = false;
      size_t at = 0;
      for (; at < text.size() && !is_closed; ++at) {
        const bool is_escape = quote == '"' && text[at] == '\\' && at + 1 < text.size() &&
                               (text[at + 1] == '"' || text[at + 1] == '\\');
        if (is_escape) {
          value += text[++at];
        } else if (text[at] == quote) {
          is_closed = true;
        } else {
          value += text[at];
        }
      }
      if (is_closed) {
        if (without_comment(text.substr(at)).empty()) return value;
        return bad(
            "there is text behind the closing quote; take the quotes off or write # before "
            "a comment");
      }
      if (!is_key || rest_.empty()) {
        number_ = first_line;
        return bad("the quote before the value is not closed");
      }
      value += '\n';
      text = next_line();
    }
  }

  std::string_view rest_;
  const std::string& path_;
  int number_ = 0;
};

}  // namespace

Status read_env(const std::string& text, const std::string& path,
                std::map<std::string, std::string>& variables) {
  return EnvText(text, path).read(variables);
}

}  // namespace falaj::config
