// What Snowflake says about the rows that a statement changed and the files that a COPY loaded.
// Threads:  confined to one.
// Errors:   kRowsRejected naming the file, when COPY did not load exactly what was sent.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "warehouse/snowflake/upload.hpp"
#include "warehouse/warehouse.hpp"

namespace falaj::warehouse {

using Cells = std::vector<std::optional<std::string>>;

// Of a row of a DML statement's result: "number of rows inserted" and the like, summed.
int64_t rows_changed(const std::vector<Table::ColumnInfo>& columns, const Cells& cells);

class CopyReport {
 public:
  explicit CopyReport(const std::vector<Table::ColumnInfo>& columns);
  // One row of COPY's result.
  void add(const Cells& cells);
  // Every file there, loaded, with all its rows; and none besides.
  Status compare(const std::vector<ParquetFile>& sent) const;

 private:
  struct File {
    std::string status;
    int64_t parsed = 0;
    int64_t loaded = 0;
    int64_t errors = 0;
    std::string first_error;
  };
  std::map<std::string, size_t> position_;  // of a column
  std::map<std::string, File> files_;       // by name without folders
  std::string message_;                     // where COPY gives one instead of files
};

}  // namespace falaj::warehouse
