// docs/faults.md as data: what a test expects of a fault stands in the table that people read.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace falaj::test {

// One row: its cells by the names of the columns. The first column is the row's name.
struct FaultRow {
  std::string id;
  std::map<std::string, std::string> cells;

  // The cell; fails the test when there is no such column.
  const std::string& operator[](const std::string& column) const;
  // The texts between backticks in a cell.
  std::vector<std::string> quoted(const std::string& column) const;
};

// The table below a heading of docs/faults.md, in its order; fails the test when there is none.
std::vector<FaultRow> fault_rows(const std::string& heading);
// The row of that name; fails the test when there is none.
FaultRow fault_row(const std::string& heading, const std::string& id);

// Fails the test unless the table's rows and `tested` are the same names.
void expect_every_row_is_tested(const std::string& heading, std::vector<std::string> tested);

// The text of a file below tests/.
std::string read_test_source(const std::string& path);

// A row's name as a test's name: "429-no-body" is A429NoBody.
std::string test_name(const std::string& id);

}  // namespace falaj::test
