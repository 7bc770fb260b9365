// A connection to a DuckDB instance: runs SQL, reads results in chunks, prepares statements.
// Shape:    a text may hold several statements; all run, the last one's result counts.
// Owns:     the connection; a QueryResult or PreparedStatement keeps it alive.
// Threads:  confined to one at a time; interrupt() is safe from any other.
// Errors:   see sql_error.hpp; the SQL is quoted.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "duck/chunk.hpp"
#include "duck/sql_fault.hpp"

namespace falaj::duck {

struct DatabaseHandle;
struct ConnectionHandle;
struct ResultHandle;
struct StatementHandle;

// A streamed result: chunks are computed as they are asked for, so memory stays flat. The next
// statement on the same connection ends it.
class QueryResult {
 public:
  explicit QueryResult(std::unique_ptr<ResultHandle> handle);
  ~QueryResult();
  QueryResult(QueryResult&&) noexcept;
  QueryResult& operator=(QueryResult&&) noexcept;

  const std::vector<ColumnInfo>& columns() const;
  // Rows that an INSERT, UPDATE, DELETE or MERGE changed; 0 for anything else.
  int64_t rows_changed() const;
  // The next rows, or nullptr after the last. Valid until the next call.
  Result<const Chunk*> next_chunk();

 private:
  std::unique_ptr<ResultHandle> handle_;
};

class PreparedStatement {
 public:
  explicit PreparedStatement(std::unique_ptr<StatementHandle> handle);
  ~PreparedStatement();
  PreparedStatement(PreparedStatement&&) noexcept;
  PreparedStatement& operator=(PreparedStatement&&) noexcept;

  // Parameters are counted from 1, as $1 is.
  Status bind_int64(int parameter, int64_t value);
  Status bind_double(int parameter, double value);
  Status bind_bool(int parameter, bool value);
  Status bind_text(int parameter, std::string_view value);
  Status bind_timestamp(int parameter, int64_t micros);
  Status bind_date(int parameter, int32_t days);
  Status bind_null(int parameter);

  Result<QueryResult> query();
  // The number of rows changed.
  Result<int64_t> execute();

 private:
  std::unique_ptr<StatementHandle> handle_;
};

class Connection {
 public:
  explicit Connection(std::shared_ptr<ConnectionHandle> handle);
  ~Connection();
  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) noexcept;

  // Runs to the end; the number of rows that the last statement changed.
  Result<int64_t> execute(std::string_view sql);
  Result<QueryResult> query(std::string_view sql);
  // The only value of a one-row result; nothing for NULL or no row.
  Result<std::optional<int64_t>> query_int64(std::string_view sql);
  Result<std::optional<std::string>> query_text(std::string_view sql);
  Result<PreparedStatement> prepare(std::string_view sql);

  // From now on only statements that read (SELECT, EXPLAIN, SHOW, DESCRIBE) run; others are
  // refused with kNotAllowed before anything happens.
  void restrict_to_reads();
  // execute() for a statement of the program's own, also on a connection that is restricted.
  Result<int64_t> execute_unrestricted(std::string_view sql);

  // From now on fault() is what DuckDB said of the last statement, if that failed.
  Status keep_faults();
  const std::optional<SqlFault>& fault() const;

  // Stops what runs on this connection: it returns kCancelled. Without effect when idle.
  void interrupt();

  // For the classes of this folder that work on a connection.
  const std::shared_ptr<ConnectionHandle>& handle() const { return handle_; }

 private:
  std::shared_ptr<ConnectionHandle> handle_;
};

// A text as an SQL literal: quotes doubled. And as an identifier.
std::string quote_text(std::string_view text);
std::string quote_name(std::string_view name);

}  // namespace falaj::duck
