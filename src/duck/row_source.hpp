// Offers columns in memory to SQL as a table function, without copying them: what is staged for a
// load is read once, in place.
// Shape:    `SELECT ... FROM <function>('<name>')` reads the columns registered under that name;
//           only those asked for are touched, several threads read at once. Rows come in slices of
//           at most 2,048 rows and about 1 MiB of text; a longer row comes alone.
// Owns:     keeps `keep_alive` until remove(); texts are handed to DuckDB as pointers, so nothing
//           a query returned may be used after its columns went.
// Threads:  safe.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "duck/column_data.hpp"
#include "duck/connection.hpp"

namespace falaj::duck {

struct ColumnSet {
  std::vector<ColumnData> columns;
  size_t rows = 0;
  std::shared_ptr<const void> keep_alive;
};

class RowSource {
 public:
  // Registers the table function `function` in the connection's database.
  static Result<RowSource> create(Connection& connection, const std::string& function);
  ~RowSource();
  RowSource(RowSource&&) noexcept;
  RowSource& operator=(RowSource&&) noexcept;

  // Appends a set; all sets under one name have the same columns.
  void add(const std::string& name, ColumnSet set);
  void remove(const std::string& name);

 private:
  struct Registry;
  struct Callbacks;
  explicit RowSource(std::shared_ptr<Registry> registry);
  std::shared_ptr<Registry> registry_;
};

}  // namespace falaj::duck
