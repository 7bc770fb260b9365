#include "warehouse/snowflake/upload.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "base/system_error.hpp"
#include "duck/batch_columns.hpp"

namespace falaj::warehouse {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFunction = "falaj_rows";
constexpr std::string_view kExtension = ".parquet";

Status prepare_folder(const std::string& directory) {
  std::error_code problem;
  fs::create_directories(directory, problem);
  if (problem) {
    return Error(ErrorKind::kStorageFailed,
                 fmt::format("cannot create the folder {}: {}", directory, system_text(problem)));
  }
  for (const auto& entry : fs::directory_iterator(directory, problem)) {
    std::error_code ignored;
    if (entry.path().extension() == kExtension) fs::remove(entry.path(), ignored);
  }
  return {};
}

}  // namespace

ParquetFile::~ParquetFile() {
  if (path_.empty()) return;
  std::error_code ignored;
  fs::remove(path_, ignored);
}

std::string ParquetFile::name() const {
  return fs::path(path_).filename().string();
}

int64_t ParquetFile::bytes() const {
  std::error_code ignored;
  const auto size = fs::file_size(path_, ignored);
  return ignored ? 0 : static_cast<int64_t>(size);
}

ParquetWriter::ParquetWriter(const SnowflakeOptions& options, duck::Connection connection,
                             duck::RowSource rows)
    : directory_(options.staging_directory),
      file_bytes_max_(options.file_bytes_max),
      connection_(std::move(connection)),
      rows_(std::move(rows)) {}

Result<std::unique_ptr<ParquetWriter>> ParquetWriter::open(const SnowflakeOptions& options) {
  FALAJ_TRY(prepare_folder(options.staging_directory));
  duck::DatabaseOptions database;
  database.threads = 1;
  database.memory_limit_bytes = options.memory_limit_bytes;
  database.temp_directory = options.staging_directory + "/tmp";
  database.keeps_insertion_order = false;
  FALAJ_ASSIGN(auto opened, duck::Database::open(database));
  FALAJ_ASSIGN(auto connection, opened.connect());
  FALAJ_ASSIGN(auto rows, duck::RowSource::create(connection, kFunction));
  return std::unique_ptr<ParquetWriter>(
      new ParquetWriter(options, std::move(connection), std::move(rows)));
}

Status ParquetWriter::write_file(const std::string& path, const std::string& source,
                                 std::span<const Batch> batches) {
  const auto& columns = batches.front()->schema().columns;
  std::string list;
  for (size_t i = 0; i < columns.size(); ++i) {
    list += fmt::format("{}{} AS c{}", i == 0 ? "" : ", ", duck::quote_name(columns[i].name), i);
  }
  const std::lock_guard lock(mutex_);
  for (const auto& batch : batches) rows_.add(source, duck::columns_of(batch));
  auto written = connection_.execute(fmt::format(
      "COPY (SELECT {} FROM {}({})) TO {} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, "
      "ROW_GROUP_SIZE_BYTES '16MB')",
      list, kFunction, duck::quote_text(source), duck::quote_text(path)));
  rows_.remove(source);
  if (!written.ok()) return std::move(written).error().while_doing("writing " + path);
  return {};
}

Result<std::vector<ParquetFile>> ParquetWriter::write(const std::string& name,
                                                      std::span<const Batch> batches) {
  std::vector<ParquetFile> files;
  size_t first = 0;
  while (first < batches.size()) {
    size_t end = first;
    uint64_t bytes = 0;
    int64_t rows = 0;
    while (end < batches.size() && (end == first || bytes < file_bytes_max_)) {
      bytes += batches[end]->bytes();
      rows += static_cast<int64_t>(batches[end]->row_count());
      ++end;
    }
    const std::string source = fmt::format("{}_{}", name, files.size());
    const std::string path = fmt::format("{}/{}{}", directory_, source, kExtension);
    if (rows > 0) {
      files.emplace_back(path, rows);
      FALAJ_TRY(write_file(path, source, batches.subspan(first, end - first)));
    }
    first = end;
  }
  return files;
}

}  // namespace falaj::warehouse
