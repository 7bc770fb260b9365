#include "duck/connection.hpp"

#include <fmt/format.h>
#include <functional>

#include <algorithm>
#include <chrono>
#include <functional>
#include <utility>

#include "base/log.hpp"
#include "duck/chunk_binder.hpp"
#include "duck/handles.hpp"
#include "duck/sql_error.hpp"

namespace falaj::duck {
namespace {

constexpr std::string_view kRunning = "running SQL";

struct Statements {
  duckdb_extracted_statements handle = nullptr;
  ~Statements() { duckdb_destroy_extracted(&handle); }
};

std::string text_or(const char* text, std::string_view fallback) {
  return text == nullptr ? std::string(fallback) : std::string(text);
}

void describe_columns(ResultHandle& handle) {
  const idx_t count = duckdb_column_count(&handle.result);
  for (idx_t i = 0; i < count; ++i) {
    duckdb_logical_type type = duckdb_column_logical_type(&handle.result, i);
    ColumnInfo info = describe_type(type);
    duckdb_destroy_logical_type(&type);
    info.name = text_or(duckdb_column_name(&handle.result, i), "");
    handle.columns.push_back(std::move(info));
  }
}

// EXPLAIN ANALYZE runs what it explains; a COPY would write.
bool names_copy(std::string_view sql) {
  constexpr std::string_view kCopy = "copy";
  const auto same = [](char a, char b) { return (a | 0x20) == b; };
  return std::search(sql.begin(), sql.end(), kCopy.begin(), kCopy.end(), same) != sql.end();
}

Error failed(ConnectionHandle& connection, std::string_view doing, std::string_view message,
             std::string_view sql) {
  if (!connection.keeps_faults) return sql_error(doing, message, sql);
  connection.fault = read_fault(message);
  return sql_error(doing, connection.fault->text, sql);
}

Status check_allowed(duckdb_prepared_statement statement, ConnectionHandle& connection,
                     std::string_view sql) {
  if (!connection.reads_only) return {};
  const duckdb_statement_type type = duckdb_prepared_statement_type(statement);
  if (type == DUCKDB_STATEMENT_TYPE_SELECT) return {};
  if (type == DUCKDB_STATEMENT_TYPE_EXPLAIN && !names_copy(sql)) return {};
  constexpr std::string_view kRefusal =
      "only statements that read are allowed here (SELECT, EXPLAIN, SHOW, DESCRIBE)";
  if (connection.keeps_faults) connection.fault = SqlFault{std::string(kRefusal), 0};
  return Error(ErrorKind::kNotAllowed, fmt::format("{}; SQL: {}", kRefusal, excerpt(sql)));
}

enum class Delivery { kStreamed, kWhole };

Result<QueryResult> run(duckdb_prepared_statement statement,
                        const std::shared_ptr<ConnectionHandle>& connection, std::string_view sql,
                        Delivery delivery) {
  auto handle = std::make_unique<ResultHandle>();
  handle->connection = connection;
  handle->sql = sql;
  const duckdb_state state = delivery == Delivery::kStreamed
                                 ? duckdb_execute_prepared_streaming(statement, &handle->result)
                                 : duckdb_execute_prepared(statement, &handle->result);
  if (state != DuckDBSuccess) {
    return failed(*connection, kRunning,
                  text_or(duckdb_result_error(&handle->result), "no reason given"), sql);
  }
  describe_columns(*handle);
  return QueryResult(std::move(handle));
}

// At debug level the log tells what each statement took; reading a streamed result comes on top.
class StatementTimer {
 public:
  explicit StatementTimer(std::string_view sql) : sql_(sql) {}
  ~StatementTimer() {
    if (!log_enabled(LogLevel::kDebug)) return;
    const std::chrono::duration<double, std::milli> taken = Steady::now() - start_;
    log_debug("sql {:.1f} ms: {}", taken.count(), excerpt(sql_, 160));
  }

 private:
  using Steady = std::chrono::steady_clock;
  std::string_view sql_;
  Steady::time_point start_ = Steady::now();
};

Result<QueryResult> run_all(const std::shared_ptr<ConnectionHandle>& connection,
                            std::string_view sql, Delivery delivery) {
  const StatementTimer timer(sql);
  const std::string text(sql);
  connection->fault.reset();
  Statements statements;
  const idx_t count =
      duckdb_extract_statements(connection->connection, text.c_str(), &statements.handle);
  if (count == 0) {
    const char* message = duckdb_extract_statements_error(statements.handle);
    if (message == nullptr) return Error(ErrorKind::kUsage, "there is no statement in the SQL");
    return failed(*connection, kRunning, message, sql);
  }
  for (idx_t i = 0; i < count; ++i) {
    StatementHandle prepared;
    const duckdb_state state = duckdb_prepare_extracted_statement(
        connection->connection, statements.handle, i, &prepared.statement);
    if (state != DuckDBSuccess) {
      return failed(*connection, kRunning,
                    text_or(duckdb_prepare_error(prepared.statement), "not prepared"), sql);
    }
    FALAJ_TRY(check_allowed(prepared.statement, *connection, sql));
    const bool is_last = i + 1 == count;
    auto result = run(prepared.statement, connection, sql, is_last ? delivery : Delivery::kWhole);
    if (!result.ok() || is_last) return result;
  }
  return Error(ErrorKind::kBug, "no statement was run");
}

}  // namespace

QueryResult::QueryResult(std::unique_ptr<ResultHandle> handle) : handle_(std::move(handle)) {}
QueryResult::~QueryResult() = default;
QueryResult::QueryResult(QueryResult&&) noexcept = default;
QueryResult& QueryResult::operator=(QueryResult&&) noexcept = default;

const std::vector<ColumnInfo>& QueryResult::columns() const {
  return handle_->columns;
}

int64_t QueryResult::rows_changed() const {
  return static_cast<int64_t>(duckdb_rows_changed(&handle_->result));
}

Result<const Chunk*> QueryResult::next_chunk() {
  duckdb_destroy_data_chunk(&handle_->data);
  handle_->data = duckdb_fetch_chunk(handle_->result);
  if (handle_->data == nullptr) {
    // A stream that fails halfway ends like one that is done; only the error text tells.
    const char* message = duckdb_result_error(&handle_->result);
    if (message != nullptr && *message != '\0')
      return failed(*handle_->connection, kRunning, message, handle_->sql);
    return nullptr;
  }
  ChunkBinder::bind(handle_->chunk, handle_->data);
  if (handle_->chunk.row_count() == 0) return nullptr;
  return &handle_->chunk;
}

PreparedStatement::PreparedStatement(std::unique_ptr<StatementHandle> handle)
    : handle_(std::move(handle)) {}
PreparedStatement::~PreparedStatement() = default;
PreparedStatement::PreparedStatement(PreparedStatement&&) noexcept = default;
PreparedStatement& PreparedStatement::operator=(PreparedStatement&&) noexcept = default;

namespace {

Status bound(const StatementHandle& handle, int parameter, duckdb_state state) {
  if (state == DuckDBSuccess) return {};
  return sql_error(fmt::format("binding parameter {}", parameter),
                   text_or(duckdb_prepare_error(handle.statement), "no such parameter"),
                   handle.sql);
}

idx_t index_of(int parameter) {
  return static_cast<idx_t>(parameter);
}

}  // namespace

Status PreparedStatement::bind_int64(int parameter, int64_t value) {
  return bound(*handle_, parameter,
               duckdb_bind_int64(handle_->statement, index_of(parameter), value));
}

Status PreparedStatement::bind_double(int parameter, double value) {
  return bound(*handle_, parameter,
               duckdb_bind_double(handle_->statement, index_of(parameter), value));
}

Status PreparedStatement::bind_bool(int parameter, bool value) {
  return bound(*handle_, parameter,
               duckdb_bind_boolean(handle_->statement, index_of(parameter), value));
}

Status PreparedStatement::bind_text(int parameter, std::string_view value) {
  return bound(*handle_, parameter,
               duckdb_bind_varchar_length(handle_->statement, index_of(parameter), value.data(),
                                          value.size()));
}

Status PreparedStatement::bind_timestamp(int parameter, int64_t micros) {
  return bound(*handle_, parameter,
               duckdb_bind_timestamp(handle_->statement, index_of(parameter), {micros}));
}

Status PreparedStatement::bind_date(int parameter, int32_t days) {
  return bound(*handle_, parameter,
               duckdb_bind_date(handle_->statement, index_of(parameter), {days}));
}

Status PreparedStatement::bind_null(int parameter) {
  return bound(*handle_, parameter, duckdb_bind_null(handle_->statement, index_of(parameter)));
}

Result<QueryResult> PreparedStatement::query() {
  return run(handle_->statement, handle_->connection, handle_->sql, Delivery::kStreamed);
}

Result<int64_t> PreparedStatement::execute() {
  FALAJ_ASSIGN(const auto result,
               run(handle_->statement, handle_->connection, handle_->sql, Delivery::kWhole));
  return result.rows_changed();
}

namespace {

// Gives the first cell of the first row to `take`, if it has a value. Reads on to the end: a result
// that is left earlier keeps its transaction open.
Status read_first_cell(QueryResult& result, const std::function<Status(const Chunk&)>& take) {
  FALAJ_ASSIGN(const Chunk* chunk, result.next_chunk());
  const bool has_value = chunk != nullptr && chunk->column_count() > 0 && !chunk->is_null(0, 0);
  if (has_value) FALAJ_TRY(take(*chunk));
  while (chunk != nullptr) {
    FALAJ_ASSIGN(chunk, result.next_chunk());
  }
  return {};
}

}  // namespace

Connection::Connection(std::shared_ptr<ConnectionHandle> handle) : handle_(std::move(handle)) {}
Connection::~Connection() = default;
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;

Result<int64_t> Connection::execute(std::string_view sql) {
  FALAJ_ASSIGN(const auto result, run_all(handle_, sql, Delivery::kWhole));
  return result.rows_changed();
}

Result<QueryResult> Connection::query(std::string_view sql) {
  return run_all(handle_, sql, Delivery::kStreamed);
}

Result<std::optional<int64_t>> Connection::query_int64(std::string_view sql) {
  FALAJ_ASSIGN(auto result, query(sql));
  std::optional<int64_t> value;
  const Status read = read_first_cell(result, [&](const Chunk& chunk) -> Status {
    if (chunk.kind(0) == TypeKind::kWide || chunk.kind(0) == TypeKind::kDouble) {
      return Error(ErrorKind::kUsage,
                   fmt::format("a BIGINT is wanted, the query gives {}: cast it; SQL: {}",
                               result.columns()[0].type_name, excerpt(sql)));
    }
    value = chunk.int64(0, 0);
    return {};
  });
  if (!read.ok()) return read.error();
  return value;
}

Result<std::optional<std::string>> Connection::query_text(std::string_view sql) {
  FALAJ_ASSIGN(auto result, query(sql));
  std::optional<std::string> value;
  const Status read = read_first_cell(result, [&](const Chunk& chunk) -> Status {
    value = chunk.render(0, 0);
    return {};
  });
  if (!read.ok()) return read.error();
  return value;
}

Result<PreparedStatement> Connection::prepare(std::string_view sql) {
  auto handle = std::make_unique<StatementHandle>();
  handle->connection = handle_;
  handle->sql = sql;
  handle_->fault.reset();
  if (duckdb_prepare(handle_->connection, handle->sql.c_str(), &handle->statement) !=
      DuckDBSuccess) {
    return failed(*handle_, "preparing SQL",
                  text_or(duckdb_prepare_error(handle->statement), "no reason given"), sql);
  }
  FALAJ_TRY(check_allowed(handle->statement, *handle_, sql));
  return PreparedStatement(std::move(handle));
}

void Connection::restrict_to_reads() {
  handle_->reads_only = true;
}

Result<int64_t> Connection::execute_unrestricted(std::string_view sql) {
  const bool was_restricted = std::exchange(handle_->reads_only, false);
  auto done = execute(sql);
  handle_->reads_only = was_restricted;
  return done;
}

Status Connection::keep_faults() {
  FALAJ_ASSIGN([[maybe_unused]] const auto changed,
               execute_unrestricted("SET errors_as_json = true"));
  handle_->keeps_faults = true;
  return {};
}

const std::optional<SqlFault>& Connection::fault() const {
  return handle_->fault;
}

void Connection::interrupt() {
  duckdb_interrupt(handle_->connection);
}

std::string quote_text(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'') quoted += '\'';
    quoted += c;
  }
  return quoted + "'";
}

std::string quote_name(std::string_view name) {
  std::string quoted = "\"";
  for (const char c : name) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

}  // namespace falaj::duck
