#include "cli/text_table.hpp"

#include <algorithm>
#include <cmath>

#include "base/printable_text.hpp"

namespace falaj::cli {
namespace {

bool is_combining(char32_t code) {
  return (code >= 0x0300 && code <= 0x036F) || (code >= 0x0610 && code <= 0x061A) ||
         (code >= 0x064B && code <= 0x065F) || code == 0x0670 ||
         (code >= 0x200B && code <= 0x200F) || (code >= 0x202A && code <= 0x202E) ||
         (code >= 0x2066 && code <= 0x2069) || code == 0xFEFF;
}

bool is_wide(char32_t code) {
  return (code >= 0x1100 && code <= 0x115F) || (code >= 0x2E80 && code <= 0xA4CF) ||
         (code >= 0xAC00 && code <= 0xD7A3) || (code >= 0xF900 && code <= 0xFAFF) ||
         (code >= 0xFF00 && code <= 0xFF60) || (code >= 0x1F300 && code <= 0x1FAFF);
}

std::string padded(const std::string& text, size_t width, Align align) {
  const size_t used = display_width(text);
  const std::string space(width > used ? width - used : 0, ' ');
  return align == Align::kLeft ? text + space : space + text;
}

std::string trimmed_line(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

}  // namespace

size_t display_width(std::string_view text) {
  size_t width = 0;
  for (size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    size_t length = 1;
    char32_t code = lead;
    if (lead >= 0xF0) {
      length = 4;
      code = lead & 0x07U;
    } else if (lead >= 0xE0) {
      length = 3;
      code = lead & 0x0FU;
    } else if (lead >= 0xC0) {
      length = 2;
      code = lead & 0x1FU;
    }
    for (size_t k = 1; k < length && i + k < text.size(); ++k) {
      code = (code << 6U) | (static_cast<unsigned char>(text[i + k]) & 0x3FU);
    }
    i += length;
    if (!is_combining(code)) width += is_wide(code) ? 2 : 1;
  }
  return width;
}

void TextTable::add_row(std::vector<std::string> cells) {
  for (auto& cell : cells) cell = printable(cell, Lines::kEscaped);
  rows_.push_back(std::move(cells));
}

std::vector<size_t> TextTable::widths() const {
  std::vector<size_t> widths;
  for (const auto& heading : headings_) widths.push_back(display_width(heading.title));
  for (const auto& row : rows_) {
    for (size_t i = 0; i < row.size() && i < widths.size(); ++i) {
      widths[i] = std::max(widths[i], display_width(row[i]));
    }
  }
  return widths;
}

size_t TextTable::width() const {
  size_t total = 0;
  for (const size_t width : widths()) total += width + 2;
  return total < 2 ? 0 : total - 2;
}

std::string TextTable::render_vertical(size_t first) const {
  size_t name_width = 0;
  for (const auto& heading : headings_)
    name_width = std::max(name_width, display_width(heading.title));
  std::string out;
  for (const auto& row : rows_) {
    const std::string title = "-[ row " + std::to_string(first++) + " ]";
    constexpr size_t kRule = 40;
    out += title + std::string(kRule - std::min(kRule, title.size()), '-') + "\n";
    for (size_t i = 0; i < row.size() && i < headings_.size(); ++i) {
      out += trimmed_line(padded(headings_[i].title, name_width, Align::kLeft) + " | " + row[i]);
    }
  }
  return out;
}

std::string TextTable::render(size_t indent) const {
  const std::vector<size_t> widths = this->widths();
  const std::string margin(indent, ' ');
  std::string line = margin;
  std::string rule = margin;
  for (size_t i = 0; i < headings_.size(); ++i) {
    if (i > 0) line += "  ";
    if (i > 0) rule += "  ";
    line += padded(headings_[i].title, widths[i], headings_[i].align);
    rule += std::string(widths[i], '-');
  }
  std::string out = trimmed_line(line) + trimmed_line(rule);
  for (const auto& row : rows_) {
    line = margin;
    for (size_t i = 0; i < row.size() && i < widths.size(); ++i) {
      if (i > 0) line += "  ";
      line += padded(row[i], widths[i], headings_[i].align);
    }
    out += trimmed_line(line);
  }
  return out;
}

std::string bar_chart(const std::vector<Bar>& bars, size_t width) {
  double greatest = 0;
  size_t label_width = 0;
  for (const auto& bar : bars) {
    greatest = std::max(greatest, bar.value);
    label_width = std::max(label_width, display_width(bar.label));
  }
  std::string out;
  for (const auto& bar : bars) {
    const double share = greatest > 0 ? std::max(0.0, bar.value) / greatest : 0;
    // Eighths of a column, so that small differences show.
    const auto eighths = static_cast<size_t>(std::lround(share * static_cast<double>(width) * 8.0));
    static const char* const kPart[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    std::string drawn;
    for (size_t i = 0; i < eighths / 8; ++i) drawn += "█";
    drawn += kPart[eighths % 8];
    out += padded(bar.label, label_width, Align::kLeft) + "  " +
           padded(drawn, width, Align::kLeft) + "  " + bar.text + "\n";
  }
  return out;
}

}  // namespace falaj::cli
