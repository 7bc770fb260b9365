#include "base/json_part.hpp"

#include <algorithm>
#include <array>

namespace falaj {
namespace {

constexpr std::string_view kMark = "\xEF\xBB\xBF";
constexpr std::string_view kBlanks = " \t\r\n";
// More text than this before the JSON is no list of notices.
constexpr size_t kNoticesMax = size_t{64} << 10U;
constexpr int kBracesMax = 16;

bool is_blank(std::string_view text) {
  return text.find_first_not_of(kBlanks) == std::string_view::npos;
}

// "<br />\n<b>Notice</b>:  Undefined index: x in <b>/a.php</b> on line <b>7</b><br />", "PHP Warning:  ..."
bool is_notice(std::string_view text) {
  constexpr std::array<std::string_view, 7> kWords = {
      "Notice",      "Warning",          "Deprecated", "Fatal error",
      "Parse error", "Strict Standards", "Recoverable"};
  constexpr std::array<std::string_view, 6> kPage = {"<!DOCTYPE", "<!doctype", "<html",
                                                     "<HTML",     "<script",   "<body"};
  const auto is_in = [text](std::string_view word) {
    return text.find(word) != std::string_view::npos;
  };
  return std::any_of(kWords.begin(), kWords.end(), is_in) &&
         std::none_of(kPage.begin(), kPage.end(), is_in);
}

// One past the brace that closes the one at `open`; npos: none does.
size_t end_of_object(std::string_view text, size_t open) {
  size_t depth = 0;
  bool is_in_string = false;
  for (size_t i = open; i < text.size(); ++i) {
    const char c = text[i];
    if (is_in_string) {
      if (c == '\\') ++i;
      if (c == '"') is_in_string = false;
    } else if (c == '"') {
      is_in_string = true;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if ((c == '}' || c == ']') && --depth == 0) {
      return i + 1;
    }
  }
  return std::string_view::npos;
}

// At the beginning of a line, or after a tag, and followed by a name or its end.
bool may_begin(std::string_view text, size_t brace) {
  const char before = brace == 0 ? '\n' : text[brace - 1];
  if (before != '\n' && before != '\r' && before != '>') return false;
  const auto next = text.find_first_not_of(kBlanks, brace + 1);
  return next != std::string_view::npos && (text[next] == '"' || text[next] == '}');
}

}  // namespace

std::string_view json_part(std::string_view body) {
  std::string_view text = body;
  bool is_marked = false;
  while (true) {
    text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
    if (!text.starts_with(kMark)) break;
    text.remove_prefix(kMark.size());
    is_marked = true;
  }
  // The usual answer: nothing follows its last brace, and no scan is needed to know it.
  const bool begins = text.starts_with('{') || text.starts_with('[');
  const auto last = text.find_last_not_of(kBlanks);
  if (begins && (text[last] == '}' || text[last] == ']')) return is_marked ? text : body;
  int braces = 0;
  for (size_t at = text.find('{'); at != std::string_view::npos && at <= kNoticesMax;
       at = text.find('{', at + 1)) {
    if (++braces > kBracesMax) break;
    const auto before = text.substr(0, at);
    if (!is_blank(before) && !is_notice(before)) break;
    if (!may_begin(text, at)) continue;
    const auto end = end_of_object(text, at);
    if (end == std::string_view::npos && at == 0) break;
    if (end == std::string_view::npos) continue;
    const auto after = text.substr(end);
    if (is_blank(after) || is_notice(after)) return text.substr(at, end - at);
  }
  return is_marked && begins ? text : body;
}

}  // namespace falaj
