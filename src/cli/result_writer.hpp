// Writes a result set row by row as a text table, CSV (RFC 4180) or one JSON array of objects.
// A table that is wider than the terminal is written with one line a cell.
// Shape:    JSON: integers bare, decimals as text (exact), booleans as true/false, NULL as null.
//           A text table of many rows comes in blocks, each with a heading and widths of its own,
//           so that memory stays flat.
// Threads:  confined to one.
// Errors:   row() is false once the output does not arrive; the Output knows why.
#pragma once

#include <string>
#include <vector>

#include "cli/output.hpp"
#include "cli/text_table.hpp"
#include "operate/reports.hpp"

namespace falaj::cli {

enum class ResultFormat { kTable, kCsv, kJson };

// Of the text table.
enum class Layout { kAuto, kTable, kVertical };

struct ResultStyle {
  ResultFormat format = ResultFormat::kTable;
  Layout layout = Layout::kAuto;
  size_t width = 0;  // of the terminal; 0: any width will do
};

class ResultWriter {
 public:
  ResultWriter(Output& out, const ResultStyle& style)
      : out_(out), format_(style.format), layout_(style.layout), width_(style.width) {}
  ResultWriter(Output& out, ResultFormat format)
      : ResultWriter(out, ResultStyle{.format = format}) {}
  void header(const operate::ResultTable& table);
  bool row(const std::vector<std::optional<std::string>>& cells);
  void finish();

 private:
  void print_block();
  void write_csv(const std::string& line);

  Output& out_;
  ResultFormat format_;
  Layout layout_;
  size_t width_;
  std::vector<operate::ResultTable::ColumnInfo> columns_;
  // The table form sizes its columns by the rows of a block.
  std::vector<std::vector<std::string>> kept_;
  size_t kept_bytes_ = 0;
  bool has_printed_ = false;
  size_t rows_ = 0;
  size_t printed_rows_ = 0;
};

}  // namespace falaj::cli
