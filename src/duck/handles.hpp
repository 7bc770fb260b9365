// The foreign handles behind this folder's types. Inside this folder only.
#pragma once

#include <duckdb.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "duck/chunk.hpp"
#include "duck/sql_fault.hpp"

namespace falaj::duck {

struct DatabaseHandle {
  duckdb_database database = nullptr;
  std::string path;
  ~DatabaseHandle() { duckdb_close(&database); }
};

struct ConnectionHandle {
  std::shared_ptr<DatabaseHandle> database;
  duckdb_connection connection = nullptr;
  bool reads_only = false;
  bool keeps_faults = false;
  std::optional<SqlFault> fault;
  ~ConnectionHandle() { duckdb_disconnect(&connection); }
};

struct ResultHandle {
  std::shared_ptr<ConnectionHandle> connection;
  std::string sql;
  duckdb_result result{};
  duckdb_data_chunk data = nullptr;
  Chunk chunk;
  std::vector<ColumnInfo> columns;
  ~ResultHandle() {
    duckdb_destroy_data_chunk(&data);
    duckdb_destroy_result(&result);
  }
};

struct StatementHandle {
  std::shared_ptr<ConnectionHandle> connection;
  std::string sql;
  duckdb_prepared_statement statement = nullptr;
  ~StatementHandle() { duckdb_destroy_prepare(&statement); }
};

}  // namespace falaj::duck
