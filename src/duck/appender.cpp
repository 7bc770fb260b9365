#include "duck/appender.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "duck/handles.hpp"
#include "duck/sql_error.hpp"
#include "duck/vector_writer.hpp"

namespace falaj::duck {

struct Appender::State {
  std::shared_ptr<ConnectionHandle> connection;
  std::string table;
  duckdb_appender appender = nullptr;
  ~State() { duckdb_appender_destroy(&appender); }

  Error failure(std::string_view doing) const {
    duckdb_error_data data = duckdb_appender_error_data(appender);
    const char* message = duckdb_error_data_message(data);
    Error error = sql_error(fmt::format("{} {}", doing, table),
                            message == nullptr ? "no reason given" : message, {});
    duckdb_destroy_error_data(&data);
    return error;
  }
};

namespace {

struct DataChunk {
  duckdb_data_chunk chunk = nullptr;
  ~DataChunk() { duckdb_destroy_data_chunk(&chunk); }
};

duckdb_data_chunk make_chunk(std::span<const ColumnData> columns) {
  std::vector<duckdb_logical_type> types;
  for (const auto& column : columns) types.push_back(make_type(column));
  const duckdb_data_chunk chunk = duckdb_create_data_chunk(types.data(), types.size());
  for (auto& type : types) duckdb_destroy_logical_type(&type);
  return chunk;
}

}  // namespace

Appender::Appender(std::unique_ptr<State> state) : state_(std::move(state)) {}
Appender::~Appender() = default;
Appender::Appender(Appender&&) noexcept = default;
Appender& Appender::operator=(Appender&&) noexcept = default;

Result<Appender> Appender::open(Connection& connection, const std::string& catalog,
                                const std::string& schema, const std::string& table) {
  auto state = std::make_unique<State>();
  state->connection = connection.handle();
  state->table = table;
  const auto or_null = [](const std::string& name) {
    return name.empty() ? nullptr : name.c_str();
  };
  if (duckdb_appender_create_ext(state->connection->connection, or_null(catalog), or_null(schema),
                                 table.c_str(), &state->appender) != DuckDBSuccess) {
    return state->failure("opening an appender for");
  }
  return Appender(std::move(state));
}

Status Appender::append(std::span<const ColumnData> columns, size_t rows) {
  const idx_t wanted = duckdb_appender_column_count(state_->appender);
  if (wanted != columns.size()) {
    return Error(ErrorKind::kBug, fmt::format("appending to {}: {} columns given, {} in the table",
                                              state_->table, columns.size(), wanted));
  }
  DataChunk data{make_chunk(columns)};
  const size_t capacity = duckdb_vector_size();
  for (size_t first = 0; first < rows; first += capacity) {
    const size_t count = std::min(capacity, rows - first);
    if (first > 0) duckdb_data_chunk_reset(data.chunk);
    for (size_t i = 0; i < columns.size(); ++i) {
      write_slice(columns[i], first, count, TextMemory::kCopied,
                  duckdb_data_chunk_get_vector(data.chunk, i));
    }
    duckdb_data_chunk_set_size(data.chunk, count);
    if (duckdb_append_data_chunk(state_->appender, data.chunk) != DuckDBSuccess) {
      return state_->failure("appending to");
    }
  }
  return {};
}

Status Appender::close() {
  if (duckdb_appender_close(state_->appender) != DuckDBSuccess) {
    return state_->failure("closing the appender of");
  }
  return {};
}

}  // namespace falaj::duck
