// What a word of a query may become: keywords, schemas, tables, columns.
// Shape:    after "GOLD." tables of GOLD, after a table's name and a dot its columns; elsewhere
//           columns of the tables that the statement names come before everything else.
// Threads:  confined to one.
// Errors:   none: names that cannot be read are not offered.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "operate/sql_console.hpp"

namespace falaj::cli {

class SqlNames {
 public:
  struct Column {
    std::string schema;
    std::string table;
    std::string name;
  };

  SqlNames() = default;
  explicit SqlNames(std::vector<Column> columns) : columns_(std::move(columns)) {}
  static SqlNames read(operate::SqlConsole& console);

  // In order, none twice. `statement`: what was typed before the word.
  std::vector<std::string> candidates(std::string_view word, std::string_view statement) const;

 private:
  std::vector<Column> columns_;
};

}  // namespace falaj::cli
