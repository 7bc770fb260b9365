// Writes batches of rows as Parquet files for one COPY.
// Shape:    columns are called c0, c1, ... in the batch's order, so that no name of ours meets a
//           reserved word; a file holds whole batches up to a limit of raw bytes.
// Owns:     a file on disk until the object goes: it is removed whatever happens.
// Threads:  ParquetWriter is safe.
// Errors:   kStorageFailed and DuckDB's.
#pragma once

#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "duck/connection.hpp"
#include "duck/database.hpp"
#include "duck/row_source.hpp"
#include "rows/row_batch.hpp"
#include "warehouse/snowflake/snowflake_options.hpp"

namespace falaj::warehouse {

using Batch = std::shared_ptr<const rows::RowBatch>;

class ParquetFile {
 public:
  ParquetFile(std::string path, int64_t rows) : path_(std::move(path)), rows_(rows) {}
  ~ParquetFile();
  ParquetFile(ParquetFile&& other) noexcept
      : path_(std::exchange(other.path_, {})), rows_(other.rows_) {}
  ParquetFile& operator=(ParquetFile&&) = delete;

  const std::string& path() const { return path_; }
  std::string name() const;
  int64_t rows() const { return rows_; }
  int64_t bytes() const;

 private:
  std::string path_;
  int64_t rows_ = 0;
};

class ParquetWriter {
 public:
  // Makes the folder; removes files that a killed process left there.
  static Result<std::unique_ptr<ParquetWriter>> open(const SnowflakeOptions& options);

  // `name` must be unique: files are <name>_<n>.parquet.
  Result<std::vector<ParquetFile>> write(const std::string& name, std::span<const Batch> batches);

 private:
  ParquetWriter(const SnowflakeOptions& options, duck::Connection connection, duck::RowSource rows);
  Status write_file(const std::string& path, const std::string& source,
                    std::span<const Batch> batches);

  std::string directory_;
  uint64_t file_bytes_max_;
  std::mutex mutex_;
  duck::Connection connection_;
  duck::RowSource rows_;
};

}  // namespace falaj::warehouse
