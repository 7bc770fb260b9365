// Text tables for terminals: columns as wide as their widest cell, numbers to the right.
// Units:    widths in terminal columns of Unicode text (combining marks take none).
// Threads:  confined to one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/counted.hpp"

namespace falaj::cli {

enum class Align { kLeft, kRight };

class TextTable {
 public:
  struct Heading {
    std::string title;
    Align align = Align::kLeft;
  };
  explicit TextTable(std::vector<Heading> headings) : headings_(std::move(headings)) {}

  // Each cell is one line: newlines and control characters in it are escaped.
  void add_row(std::vector<std::string> cells);
  // Lines ending in \n; each starts with `indent` spaces.
  std::string render(size_t indent = 0) const;
  // Terminal columns of the longest line of render().
  size_t width() const;
  // One line a cell, for rows that are too wide: "name | value". Rows are counted from `first`.
  std::string render_vertical(size_t first = 1) const;

 private:
  std::vector<size_t> widths() const;

  std::vector<Heading> headings_;
  std::vector<std::vector<std::string>> rows_;
};

// Terminal columns that the UTF-8 text takes.
size_t display_width(std::string_view text);

struct Bar {
  std::string label;
  double value = 0;
  std::string text;  // printed behind the bar
};

// Horizontal bars of at most `width` columns, the longest for the greatest value.
std::string bar_chart(const std::vector<Bar>& bars, size_t width = 48);

}  // namespace falaj::cli
