#include "cli/result_writer.hpp"

#include <fmt/format.h>

#include "base/printable_text.hpp"

namespace falaj::cli {
namespace {

std::string csv_cell(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

// Of a block of the table form.
constexpr size_t kBlockRows = 10'000;
constexpr size_t kBlockBytes = size_t{8} << 20U;

}  // namespace

void ResultWriter::header(const operate::ResultTable& table) {
  columns_ = table.columns;
  if (format_ == ResultFormat::kCsv) {
    std::string line;
    for (size_t i = 0; i < columns_.size(); ++i) {
      if (i > 0) line += ',';
      line += csv_cell(columns_[i].name);
    }
    write_csv(line);
  }
  if (format_ == ResultFormat::kJson) out_.write("[");
}

bool ResultWriter::row(const std::vector<std::optional<std::string>>& cells) {
  ++rows_;
  std::string line;
  switch (format_) {
    case ResultFormat::kTable: {
      std::vector<std::string> texts;
      for (const auto& cell : cells) {
        texts.push_back(cell.value_or("NULL"));
        kept_bytes_ += texts.back().size();
      }
      kept_.push_back(std::move(texts));
      if (kept_.size() >= kBlockRows || kept_bytes_ >= kBlockBytes) print_block();
      return out_.is_good();
    }
    case ResultFormat::kCsv:
      for (size_t i = 0; i < cells.size(); ++i) {
        if (i > 0) line += ',';
        if (cells[i]) line += csv_cell(*cells[i]);
      }
      write_csv(line);
      return out_.is_good();
    case ResultFormat::kJson:
      line = rows_ > 1 ? ",\n {" : "\n {";
      for (size_t i = 0; i < cells.size(); ++i) {
        if (i > 0) line += ", ";
        line += json_quote(columns_[i].name) + ": ";
        const bool bare = (columns_[i].is_number && !columns_[i].is_decimal) || columns_[i].is_bool;
        if (!cells[i]) {
          line += "null";
        } else {
          line += bare ? *cells[i] : json_quote(*cells[i]);
        }
      }
      line += "}";
      out_.write(printable(line));
      break;
  }
  return out_.is_good();
}

// A file gets the data as they are; a terminal would act on some of them.
void ResultWriter::write_csv(const std::string& line) {
  out_.write((out_.is_terminal() ? printable(line) : line) + "\r\n");
}

void ResultWriter::print_block() {
  std::vector<TextTable::Heading> headings;
  for (const auto& column : columns_) {
    const bool is_right = column.is_number || column.is_decimal;
    headings.push_back(
        {printable(column.name, Lines::kEscaped), is_right ? Align::kRight : Align::kLeft});
  }
  TextTable table(std::move(headings));
  for (auto& cells : kept_) table.add_row(std::move(cells));
  // The first block decides for all of a result.
  if (layout_ == Layout::kAuto)
    layout_ = width_ > 0 && table.width() > width_ ? Layout::kVertical : Layout::kTable;
  if (layout_ == Layout::kVertical) {
    out_.write(table.render_vertical(printed_rows_ + 1));
  } else {
    out_.write((has_printed_ ? "\n" : "") + table.render());
  }
  printed_rows_ = rows_;
  kept_.clear();
  kept_bytes_ = 0;
  has_printed_ = true;
}

void ResultWriter::finish() {
  if (format_ == ResultFormat::kJson) out_.write(columns_.empty() ? "[]\n" : "\n]\n");
  if (format_ != ResultFormat::kTable) return;
  if (!kept_.empty() || !has_printed_) print_block();
  out_.write(fmt::format("({} {})\n", rows_, rows_ == 1 ? "row" : "rows"));
}

}  // namespace falaj::cli
