// Appends columnar rows to a table in chunks of 2,048 rows.
// Shape:    columns in the table's order, of the table's types; the appender checks their number
//           and types, never ranges: a DECIMAL out of range would poison the table.
// Owns:     copies what it is given.
// Threads:  confined to its connection's thread.
// Errors:   a NOT NULL or type failure surfaces in append() or close(); dropped without close(),
//           rows since the last flush may be missing.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "base/result.hpp"
#include "duck/column_data.hpp"
#include "duck/connection.hpp"

namespace falaj::duck {

class Appender {
 public:
  // An empty catalog or schema means the current one; temporary tables are in "temp"."main".
  static Result<Appender> open(Connection& connection, const std::string& catalog,
                               const std::string& schema, const std::string& table);
  ~Appender();
  Appender(Appender&&) noexcept;
  Appender& operator=(Appender&&) noexcept;

  Status append(std::span<const ColumnData> columns, size_t rows);
  // Everything is in the table when this returns.
  Status close();

 private:
  struct State;
  explicit Appender(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace falaj::duck
