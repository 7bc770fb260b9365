#include "warehouse/snowflake/driver.hpp"

#include <dlfcn.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "base/log.hpp"
#include "warehouse/snowflake/adbc_abi.hpp"
#include "warehouse/snowflake/arrow_cells.hpp"
#include "warehouse/snowflake/redaction.hpp"
#include "warehouse/snowflake/snowflake_error.hpp"

namespace falaj::warehouse {

// The loaded library; never unloaded.
struct DriverTable {
  abi::AdbcDriver driver{};
};

namespace {

constexpr const char* kQueryTagOption = "adbc.snowflake.statement.query_tag";
// A result's chunks that are fetched at once, and batches of rows that a chunk may have waiting: a
// chunk whose batches all fit is read to its end and the next one begun, however slow the reader.
constexpr const char* kChunksOption = "adbc.snowflake.rpc.prefetch_concurrency";
constexpr const char* kChunks = "2";
constexpr const char* kBatchesOption = "adbc.rpc.result_queue_size";
constexpr const char* kBatches = "1";
constexpr size_t kSqlStateLength = 5;
constexpr size_t kLoggedBytes = 160;

// A driver whose Go runtime has panicked is of no more use, and what it held may be half done. The
// loads are safe: what was not committed is loaded again by the next process.
[[noreturn]] void give_up(std::string_view message) {
  log_error("the Snowflake driver has failed for good; this process ends, the next one goes on: {}",
            excerpt(message));
  std::fflush(nullptr);
  ::_exit(exit_code(ErrorKind::kConflict));
}

struct ErrorHolder {
  abi::AdbcError error{};

  ErrorHolder() = default;
  ErrorHolder(const ErrorHolder&) = delete;
  ErrorHolder& operator=(const ErrorHolder&) = delete;
  ~ErrorHolder() {
    if (error.release != nullptr) error.release(&error);
  }

  Error to_error(abi::StatusCode status, std::string_view doing, std::string_view sql = {}) const {
    const std::string message =
        redacted(error.message == nullptr ? "the driver gave no reason" : error.message);
    if (is_poisoned(message)) give_up(message);
    DriverVerdict verdict;
    verdict.status = status;
    verdict.vendor_code = error.vendor_code;
    if (error.sqlstate[0] != '\0') verdict.sql_state = {error.sqlstate, kSqlStateLength};
    verdict.message = message;
    return snowflake_error(doing, verdict, sql);
  }
};

Error missing(const std::string& library, const std::string& reason) {
  return {
      ErrorKind::kInvalidConfig,
      fmt::format("the Snowflake driver cannot be loaded from {}: {}; it is in the PyPI package "
                  "adbc-driver-snowflake 1.11.0, which tools/fetch-deps brings, or set "
                  "snowflake.driver to its place. The embedded warehouse works without it",
                  library, reason)};
}

// Loads the library on the first call.
Result<DriverTable*> load_driver(const std::string& library) {
  static std::mutex mutex;
  static DriverTable* loaded = nullptr;
  const std::lock_guard lock(mutex);
  if (loaded != nullptr) return loaded;
  std::error_code ignored;
  if (!std::filesystem::exists(library, ignored)) return missing(library, "there is no such file");
  // It would ask cloud metadata addresses where it runs, and load a library of its own.
  ::setenv("SNOWFLAKE_DISABLE_PLATFORM_DETECTION", "true", 1);
  ::setenv("SF_DISABLE_MINICORE", "true", 1);
  void* handle = ::dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (handle == nullptr) return missing(library, ::dlerror());
  void* symbol = ::dlsym(handle, "AdbcDriverInit");
  if (symbol == nullptr) return missing(library, "it has no AdbcDriverInit");
  abi::DriverInit init = nullptr;
  std::memcpy(&init, &symbol, sizeof init);  // an object pointer to a function pointer
  auto table = std::make_unique<DriverTable>();
  ErrorHolder error;
  const auto status = init(abi::kVersion, &table->driver, &error.error);
  if (status != abi::kOk) return error.to_error(status, "starting the Snowflake driver");
  loaded = table.release();
  return loaded;
}

}  // namespace

struct StatementHandle {
  DriverTable* table = nullptr;
  abi::AdbcStatement statement{};
  std::string sql;
  // Where cancel() finds it; cleared before the statement goes.
  std::mutex* mutex = nullptr;
  abi::AdbcStatement** running = nullptr;

  StatementHandle() = default;
  StatementHandle(const StatementHandle&) = delete;
  StatementHandle& operator=(const StatementHandle&) = delete;
  ~StatementHandle() {
    if (running != nullptr) {
      const std::lock_guard lock(*mutex);
      *running = nullptr;
    }
    ErrorHolder ignored;
    if (statement.private_data != nullptr) {
      (void)table->driver.statement_release(&statement, &ignored.error);
    }
  }
};

struct StreamHandle {
  std::unique_ptr<StatementHandle> statement;
  abi::ArrowArrayStream stream{};
  abi::ArrowSchema schema{};
  abi::ArrowArray batch{};
  int64_t row = 0;         // the next one of the batch
  int64_t rows_seen = 0;   // of all batches so far
  int64_t announced = -1;  // rows that the result is to have; -1: not known
  std::vector<CellFormat> formats;
  std::vector<Table::ColumnInfo> columns;

  StreamHandle() = default;
  StreamHandle(const StreamHandle&) = delete;
  StreamHandle& operator=(const StreamHandle&) = delete;
  ~StreamHandle() {
    drop_batch();
    if (schema.release != nullptr) schema.release(&schema);
    if (stream.release != nullptr) stream.release(&stream);
  }

  void drop_batch() {
    if (batch.release != nullptr) batch.release(&batch);
    batch = {};
    row = 0;
  }

  Error failure(int code, std::string_view doing) {
    const char* text = stream.get_last_error(&stream);
    const std::string message = text == nullptr ? fmt::format("error {}", code) : redacted(text);
    if (is_poisoned(message)) give_up(message);
    DriverVerdict verdict;
    verdict.status = code == ECANCELED ? abi::kCancelled : abi::kIo;
    verdict.message = message;
    return snowflake_error(doing, verdict, statement->sql);
  }

  Status read_schema() {
    if (const int code = stream.get_schema(&stream, &schema); code != 0) {
      return failure(code, "reading a result's columns");
    }
    for (int64_t i = 0; i < schema.n_children; ++i) {
      FALAJ_ASSIGN(const auto format, cell_format(*schema.children[i]));
      formats.push_back(format);
      columns.push_back(column_info(*schema.children[i], format));
    }
    return {};
  }

  // False when there are no more rows.
  Result<bool> next_batch() {
    while (row >= batch.length) {
      drop_batch();
      if (const int code = stream.get_next(&stream, &batch); code != 0) {
        return failure(code, "reading a result");
      }
      if (batch.release == nullptr) {
        FALAJ_TRY(compare_with_announced());
        return false;
      }
      rows_seen += batch.length;
    }
    return true;
  }

  // The driver has been known to end early without an error (gosnowflake #1789).
  Status compare_with_announced() const {
    if (announced < 0 || rows_seen == announced) return {};
    return Error(ErrorKind::kBadResponse,
                 fmt::format("a result of {} rows ended after {}; SQL: {}", announced, rows_seen,
                             excerpt(statement->sql)));
  }
};

DriverResult::DriverResult(std::unique_ptr<StreamHandle> stream) : stream_(std::move(stream)) {}
DriverResult::~DriverResult() = default;
DriverResult::DriverResult(DriverResult&&) noexcept = default;
DriverResult& DriverResult::operator=(DriverResult&&) noexcept = default;

const std::vector<Table::ColumnInfo>& DriverResult::columns() const {
  return stream_->columns;
}

Result<bool> DriverResult::next(std::vector<std::optional<std::string>>& cells) {
  FALAJ_ASSIGN(const bool has_row, stream_->next_batch());
  if (!has_row) return false;
  cells.resize(stream_->formats.size());
  for (size_t i = 0; i < cells.size(); ++i) {
    cells[i] = cell_text(*stream_->batch.children[i], stream_->formats[i], stream_->row);
  }
  ++stream_->row;
  return true;
}

struct DriverDatabase::Handle {
  DriverTable* table = nullptr;
  abi::AdbcDatabase database{};
};

DriverDatabase::DriverDatabase(std::unique_ptr<Handle> handle) : handle_(std::move(handle)) {}

DriverDatabase::~DriverDatabase() {
  ErrorHolder ignored;
  (void)handle_->table->driver.database_release(&handle_->database, &ignored.error);
}

Result<std::shared_ptr<DriverDatabase>> DriverDatabase::open(
    const std::string& library, const std::map<std::string, std::string>& options) {
  auto handle = std::make_unique<Handle>();
  FALAJ_ASSIGN(handle->table, load_driver(library));
  const auto& driver = handle->table->driver;
  ErrorHolder error;
  if (const auto status = driver.database_new(&handle->database, &error.error);
      status != abi::kOk) {
    return error.to_error(status, "making a Snowflake database object");
  }
  // From here on the destructor releases it.
  std::shared_ptr<DriverDatabase> database(new DriverDatabase(std::move(handle)));
  auto& object = database->handle_->database;
  for (const auto& [name, value] : options) {
    ErrorHolder refused;
    const auto status =
        driver.database_set_option(&object, name.c_str(), value.c_str(), &refused.error);
    // Never the value: it may be a secret.
    if (status != abi::kOk) {
      return Error(ErrorKind::kInvalidConfig,
                   refused.to_error(status, "setting the driver's option " + name).message());
    }
  }
  ErrorHolder refused;
  if (const auto status = driver.database_init(&object, &refused.error); status != abi::kOk) {
    return Error(ErrorKind::kInvalidConfig,
                 refused.to_error(status, "checking the Snowflake settings").message());
  }
  return database;
}

struct DriverConnection::Handle {
  DriverTable* table = nullptr;
  abi::AdbcConnection connection{};
  std::mutex mutex;  // of running
  abi::AdbcStatement* running = nullptr;
};

DriverConnection::DriverConnection(std::unique_ptr<Handle> handle) : handle_(std::move(handle)) {}

DriverConnection::~DriverConnection() {
  ErrorHolder ignored;
  (void)handle_->table->driver.connection_release(&handle_->connection, &ignored.error);
}

Result<std::unique_ptr<DriverConnection>> DriverDatabase::connect() {
  auto handle = std::make_unique<DriverConnection::Handle>();
  handle->table = handle_->table;
  const auto& driver = handle_->table->driver;
  ErrorHolder error;
  if (const auto status = driver.connection_new(&handle->connection, &error.error);
      status != abi::kOk) {
    return error.to_error(status, "making a Snowflake connection object");
  }
  std::unique_ptr<DriverConnection> connection(new DriverConnection(std::move(handle)));
  ErrorHolder refused;
  const auto status =
      driver.connection_init(&connection->handle_->connection, &handle_->database, &refused.error);
  if (status != abi::kOk) return refused.to_error(status, "signing in to Snowflake");
  return connection;
}

Result<std::unique_ptr<StatementHandle>> DriverConnection::prepare(const std::string& sql,
                                                                   const std::string& query_tag) {
  log_debug("Snowflake {}: {}", query_tag, excerpt(sql, kLoggedBytes));
  auto statement = std::make_unique<StatementHandle>();
  statement->table = handle_->table;
  statement->sql = sql;
  const auto& driver = handle_->table->driver;
  ErrorHolder error;
  auto status = driver.statement_new(&handle_->connection, &statement->statement, &error.error);
  for (const auto& [name, value] : {std::pair{kQueryTagOption, query_tag.c_str()},
                                    {kChunksOption, kChunks},
                                    {kBatchesOption, kBatches}}) {
    if (status != abi::kOk || *value == '\0') continue;
    status = driver.statement_set_option(&statement->statement, name, value, &error.error);
  }
  if (status == abi::kOk) {
    status = driver.statement_set_sql_query(&statement->statement, sql.c_str(), &error.error);
  }
  if (status != abi::kOk) return error.to_error(status, "preparing SQL", sql);
  {
    const std::lock_guard lock(handle_->mutex);
    handle_->running = &statement->statement;
  }
  statement->mutex = &handle_->mutex;
  statement->running = &handle_->running;
  return statement;
}

Result<DriverResult> DriverConnection::query(const std::string& sql, const std::string& query_tag) {
  auto stream = std::make_unique<StreamHandle>();
  FALAJ_ASSIGN(stream->statement, prepare(sql, query_tag));
  ErrorHolder error;
  const auto status = handle_->table->driver.statement_execute_query(
      &stream->statement->statement, &stream->stream, &stream->announced, &error.error);
  if (status != abi::kOk) return error.to_error(status, "running SQL", sql);
  FALAJ_TRY(stream->read_schema());
  return DriverResult(std::move(stream));
}

Status DriverConnection::put(const std::string& sql, const std::string& query_tag) {
  FALAJ_ASSIGN(const auto statement, prepare(sql, query_tag));
  ErrorHolder error;
  int64_t ignored = 0;
  const auto status = handle_->table->driver.statement_execute_query(&statement->statement, nullptr,
                                                                     &ignored, &error.error);
  if (status != abi::kOk) return error.to_error(status, "uploading a file", sql);
  return {};
}

void DriverConnection::cancel() {
  const std::lock_guard lock(handle_->mutex);
  if (handle_->running == nullptr) return;
  ErrorHolder ignored;
  (void)handle_->table->driver.statement_cancel(handle_->running, &ignored.error);
}

std::string_view driver_file_name() {
  return "libadbc_driver_snowflake.so";
}

}  // namespace falaj::warehouse
