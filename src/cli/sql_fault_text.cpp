#include "cli/sql_fault_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/error.hpp"
#include "cli/text_table.hpp"
#include "sql/script.hpp"

namespace falaj::cli {
namespace {

constexpr size_t kUsualWidth = 100;
constexpr size_t kSaidBytes = 4000;

// Line breaks stay; other control bytes are shown, not obeyed.
std::string readable(std::string_view said) {
  std::string out;
  while (!said.empty()) {
    const auto end = std::min(said.find('\n'), said.size());
    auto line = std::string(said.substr(0, end));
    std::replace(line.begin(), line.end(), '\t', ' ');
    out += excerpt(line, kSaidBytes);
    said.remove_prefix(end);
    if (said.empty()) break;
    out += '\n';
    said.remove_prefix(1);
  }
  out.erase(out.find_last_not_of('\n') + 1);
  return out;
}

// A character as it is printed, and where it began.
struct Glyph {
  std::string text;
  size_t at = 0;
  size_t width = 0;
};

std::vector<Glyph> glyphs_of(std::string_view line) {
  std::vector<Glyph> glyphs;
  for (size_t at = 0; at < line.size();) {
    size_t end = at + 1;
    while (end < line.size() && (static_cast<unsigned char>(line[end]) & 0xC0U) == 0x80U) ++end;
    const auto bytes = line.substr(at, end - at);
    Glyph glyph;
    glyph.text = bytes == "\t" ? " " : excerpt(bytes);
    glyph.at = at;
    glyph.width = display_width(glyph.text);
    glyphs.push_back(std::move(glyph));
    at = end;
  }
  return glyphs;
}

// The glyphs that fit, the place in the midst of them.
struct Window {
  size_t begin = 0;
  size_t end = 0;
};

Window window_of(const std::vector<Glyph>& glyphs, size_t place, size_t room) {
  Window window{place, place};
  size_t used = 0;
  bool grows = true;
  while (grows) {
    grows = false;
    if (window.end < glyphs.size() && used + glyphs[window.end].width <= room) {
      used += glyphs[window.end++].width;
      grows = true;
    }
    if (window.begin > 0 && used + glyphs[window.begin - 1].width <= room) {
      used += glyphs[--window.begin].width;
      grows = true;
    }
  }
  return window;
}

}  // namespace

std::string sql_fault_text(std::string_view doing, std::string_view said,
                           const SqlFaultPlace& place) {
  std::string out = fmt::format("{}: {}", doing, readable(said));
  if (!place.at) return out;
  const auto found = sql::place_of(place.script, *place.at);
  const auto label = fmt::format("LINE {}: ", found.line);
  const auto glyphs = glyphs_of(found.text);
  size_t caret = 0;
  while (caret < glyphs.size() && glyphs[caret].at + 1 <= found.offset &&
         (caret + 1 == glyphs.size() ? found.text.size() : glyphs[caret + 1].at) <= found.offset)
    ++caret;
  constexpr size_t kDots = 6;
  const size_t width = place.width == 0 ? kUsualWidth : place.width;
  const size_t room = std::max(width, label.size() + kDots + 20) - label.size() - kDots;
  const auto window = window_of(glyphs, caret, room);
  std::string line = window.begin > 0 ? "..." : "";
  std::string before;
  for (size_t i = window.begin; i < window.end; ++i) {
    if (i == caret) before = line;
    line += glyphs[i].text;
  }
  if (caret >= window.end) before = line;
  if (window.end < glyphs.size()) line += "...";
  return fmt::format("{}\n\n{}{}\n{}^", out, label, line,
                     std::string(label.size() + display_width(before), ' '));
}

}  // namespace falaj::cli
