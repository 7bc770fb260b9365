#include "sql/script.hpp"

#include <algorithm>

namespace falaj::sql {

Script split_script(std::string_view sql, const Lexis& lexis) {
  Script script;
  size_t begin = std::string_view::npos;
  size_t end = 0;
  const auto close = [&] {
    if (begin != std::string_view::npos)
      script.statements.push_back({sql.substr(begin, end - begin), begin});
    begin = std::string_view::npos;
  };
  for (const auto& token : tokenize(sql, lexis)) {
    if (!token.is_closed) script.is_complete = false;
    if (!token.is_significant()) continue;
    if (token.is_symbol(";")) {
      close();
      continue;
    }
    if (begin == std::string_view::npos) begin = token.at;
    end = token.end();
  }
  if (begin != std::string_view::npos) script.is_complete = false;
  close();
  return script;
}

TextPlace place_of(std::string_view text, size_t at) {
  at = std::min(at, text.size());
  TextPlace place;
  size_t begin = 0;
  for (size_t i = 0; i < at; ++i) {
    if (text[i] != '\n') continue;
    ++place.line;
    begin = i + 1;
  }
  auto end = std::min(text.find('\n', begin), text.size());
  if (end > begin && text[end - 1] == '\r') --end;
  place.text = text.substr(begin, end - begin);
  place.offset = std::min(at - begin, place.text.size());
  return place;
}

size_t offset_of(std::string_view text, size_t line, size_t character) {
  size_t at = 0;
  for (size_t i = 1; i < line; ++i) {
    const auto end = text.find('\n', at);
    if (end == std::string_view::npos) return text.size();
    at = end + 1;
  }
  while (at < text.size() && text[at] != '\n' && character > 0) {
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) ++at;
    --character;
  }
  return at;
}

}  // namespace falaj::sql
