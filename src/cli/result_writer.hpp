// Writes a result set row by row as a text table, CSV (RFC 4180) or one JSON array of objects.
// Shape:    JSON: integers bare, decimals as text (exact), booleans as true/false, NULL as null.
// Threads:  confined to one.
#pragma once

#include <cstdio>
#include <string>
#include <vector>

#include "cli/text_table.hpp"
#include "operate/reports.hpp"

namespace falaj::cli {

enum class ResultFormat { kTable, kCsv, kJson };

class ResultWriter {
 public:
  ResultWriter(std::FILE* out, ResultFormat format) : out_(out), format_(format) {}
  void header(const operate::ResultTable& table);
  bool row(const std::vector<std::optional<std::string>>& cells);
  void finish();

 private:
  std::FILE* out_;
  ResultFormat format_;
  std::vector<operate::ResultTable::ColumnInfo> columns_;
  std::vector<std::vector<std::string>> kept_;  // the table form needs all rows to size columns
  size_t rows_ = 0;
};

}  // namespace falaj::cli
