#include "support/fault_table.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <sstream>

#include "support/temp_dir.hpp"

namespace falaj::test {
namespace {

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(' ');
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

// "| a | b \| c |" -> {"a", "b | c"}
std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  std::string cell;
  for (size_t i = 1; i < line.size(); ++i) {
    if (line[i] == '\\' && i + 1 < line.size() && line[i + 1] == '|') {
      cell += line[++i];
    } else if (line[i] == '|') {
      cells.push_back(trimmed(cell));
      cell.clear();
    } else {
      cell += line[i];
    }
  }
  return cells;
}

std::string without_backticks(std::string text) {
  std::erase(text, '`');
  return text;
}

}  // namespace

const std::string& FaultRow::operator[](const std::string& column) const {
  static const std::string kNone;
  const auto found = cells.find(column);
  if (found != cells.end()) return found->second;
  ADD_FAILURE() << "docs/faults.md: the row " << id << " has no column " << column;
  return kNone;
}

std::vector<std::string> FaultRow::quoted(const std::string& column) const {
  std::vector<std::string> texts;
  std::istringstream parts((*this)[column]);
  std::string part;
  for (bool is_quoted = false; std::getline(parts, part, '`'); is_quoted = !is_quoted) {
    if (is_quoted) texts.push_back(part);
  }
  return texts;
}

std::vector<FaultRow> fault_rows(const std::string& heading) {
  std::istringstream page(
      read_text_file(std::filesystem::path(FALAJ_SOURCE_DIR) / "docs" / "faults.md"));
  std::vector<FaultRow> rows;
  std::vector<std::string> columns;
  std::string line;
  bool is_here = false;
  while (std::getline(page, line)) {
    if (line.starts_with("## ")) is_here = line == "## " + heading;
    if (!is_here || !line.starts_with('|') || line.starts_with("|-")) continue;
    const auto cells = cells_of(line);
    if (columns.empty()) {
      columns = cells;
      continue;
    }
    if (cells.size() != columns.size()) {
      ADD_FAILURE() << "docs/faults.md: " << cells.size() << " cells, expected " << columns.size()
                    << ": " << line;
      continue;
    }
    FaultRow row;
    row.id = without_backticks(cells[0]);
    for (size_t i = 1; i < cells.size(); ++i) row.cells[columns[i]] = cells[i];
    rows.push_back(std::move(row));
  }
  if (rows.empty()) ADD_FAILURE() << "docs/faults.md has no table below: " << heading;
  return rows;
}

FaultRow fault_row(const std::string& heading, const std::string& id) {
  for (auto& row : fault_rows(heading)) {
    if (row.id == id) return std::move(row);
  }
  ADD_FAILURE() << "docs/faults.md, " << heading << ": no row is called " << id;
  return {};
}

void expect_every_row_is_tested(const std::string& heading, std::vector<std::string> tested) {
  std::vector<std::string> written;
  for (const auto& row : fault_rows(heading)) written.push_back(row.id);
  std::sort(written.begin(), written.end());
  EXPECT_EQ(std::adjacent_find(written.begin(), written.end()), written.end())
      << heading << ": a name stands twice";
  std::sort(tested.begin(), tested.end());
  EXPECT_EQ(written, tested) << "docs/faults.md, " << heading << ": rows and tests differ";
}

std::string read_test_source(const std::string& path) {
  return read_text_file(std::filesystem::path(FALAJ_SOURCE_DIR) / "tests" / path);
}

std::string test_name(const std::string& id) {
  std::string name = std::isdigit(static_cast<unsigned char>(id.front())) != 0 ? "A" : "";
  bool is_start = true;
  for (const char c : id) {
    if (c == '-') {
      is_start = true;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    name += static_cast<char>(is_start ? std::toupper(byte) : byte);
    is_start = false;
  }
  return name;
}

}  // namespace falaj::test
