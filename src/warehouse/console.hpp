// One person's read-only conversation with a warehouse: statements as they were typed, in
// Snowflake's SQL whatever the warehouse is.
// Shape:    one statement a call, without its semicolon (sql/script.hpp takes scripts apart). Which
//           schema is used stays from one statement to the next.
// Owns:     the warehouse and its session.
// Threads:  confined to one; cancel() is safe.
// Errors:   kUsage: SQL that cannot be read; kNotAllowed: it would write; kCancelled. fault() has
//           the warehouse's own words and the place in the statement, as far as it names one.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "sql/token.hpp"
#include "warehouse/warehouse.hpp"

namespace falaj::warehouse {

struct ConsoleFault {
  std::string text;          // with its line breaks
  std::optional<size_t> at;  // byte of the statement as it was typed
};

// Whether the statement is to blame, and a place in it helps; other errors stand as they are.
constexpr bool is_of_statement(ErrorKind kind) {
  return kind == ErrorKind::kUsage || kind == ErrorKind::kNotAllowed ||
         kind == ErrorKind::kRowsRejected;
}

class Console {
 public:
  using HeaderSink = std::function<void(const Table&)>;
  using RowSink = std::function<bool(const std::vector<std::optional<std::string>>&)>;

  virtual ~Console() = default;

  virtual sql::Lexis lexis() const = 0;
  // False for what only changes the conversation: USE.
  virtual bool gives_rows(std::string_view statement) const = 0;
  // Row by row; the sink returns false to stop. No header for what gives no rows.
  virtual Status run(std::string_view statement, const HeaderSink& on_header,
                     const RowSink& on_row) = 0;
  // The rows as a Parquet file; the number of rows. Whoever calls removes what a failure leaves.
  virtual Result<int64_t> write_parquet(std::string_view statement, const std::string& path) = 0;
  // Of the last call, if it failed and is_of_statement().
  virtual const std::optional<ConsoleFault>& fault() const = 0;
  // "SALLA_DWH.GOLD" or "SALLA_DWH".
  virtual std::string where() const = 0;
  // Stops what is running, from another thread.
  virtual void cancel() = 0;
};

}  // namespace falaj::warehouse
