#include "base/token_text.hpp"

#include <fmt/format.h>
#include <strings.h>

#include <optional>

#include "base/text_file.hpp"

namespace falaj {
namespace {

// Nothing if `text` does not begin with the word.
std::optional<std::string_view> after_word(std::string_view text, std::string_view word) {
  if (text.size() < word.size() || ::strncasecmp(text.data(), word.data(), word.size()) != 0)
    return std::nullopt;
  const auto rest = text.substr(word.size());
  const auto next = trimmed(rest);
  const bool is_word = rest.empty() || word.ends_with(':') || next.size() < rest.size();
  return is_word ? std::optional(next) : std::nullopt;
}

std::string_view bare(std::string_view text) {
  text = unquoted(trimmed(text));
  if (const auto rest = after_word(trimmed(text), "Authorization:")) text = *rest;
  if (const auto rest = after_word(trimmed(text), "Bearer")) text = *rest;
  return trimmed(unquoted(trimmed(text)));
}

const char* name_of(char c) {
  if (c == '\n' || c == '\r') return "a line end";
  if (c == ' ' || c == '\t') return "a blank";
  return "a character that no token has";
}

}  // namespace

Result<Secret> clean_token(std::string_view text, const std::string& origin) {
  text = trimmed(text);
  const char quote = text.empty() ? '\0' : text.front();
  if (const auto end = text.find(quote, 1); (quote == '"' || quote == '\'') &&
                                            end != std::string_view::npos &&
                                            without_comment(text.substr(end + 1)).empty()) {
    text = text.substr(0, end + 1);
  } else if (text.find('\n') == std::string_view::npos) {
    text = without_comment(text);
  }
  const auto token = bare(text);
  if (token.empty()) {
    return Error(ErrorKind::kInvalidConfig, fmt::format("there is no token in {}", origin));
  }
  for (size_t i = 0; i < token.size(); ++i) {
    if (token[i] > ' ' && token[i] <= '~') continue;
    return Error(ErrorKind::kInvalidConfig,
                 fmt::format("what is in {} is no token: character {} of {} is {}; paste the token "
                             "again, in one piece",
                             origin, i + 1, token.size(), name_of(token[i])));
  }
  return Secret(std::string(token));
}

Result<Secret> clean_token_file(std::string_view text, const std::string& origin) {
  std::string lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const auto line = trimmed(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.empty() || line.front() == '#') continue;
    if (!lines.empty()) lines += '\n';
    lines += line;
  }
  return clean_token(lines, origin);
}

}  // namespace falaj
