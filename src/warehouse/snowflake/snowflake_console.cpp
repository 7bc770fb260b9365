#include "warehouse/snowflake/snowflake_console.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <vector>

#include "duck/batch_columns.hpp"
#include "duck/database.hpp"
#include "duck/row_source.hpp"
#include "sql/script.hpp"
#include "warehouse/snowflake/snowflake_warehouse.hpp"

namespace falaj::warehouse {
namespace {

constexpr size_t kBatchRows = 50'000;
constexpr size_t kBatchBytes = size_t{16} << 20U;

std::optional<size_t> number_after(std::string_view text, std::string_view mark, size_t from,
                                   size_t& end) {
  const auto found = text.find(mark, from);
  if (found == std::string_view::npos) return std::nullopt;
  size_t value = 0;
  const char* begin = text.data() + found + mark.size();
  const auto read = std::from_chars(begin, text.data() + text.size(), value);
  if (read.ec != std::errc()) return std::nullopt;
  end = static_cast<size_t>(read.ptr - text.data());
  return value;
}

// Rows of texts, gathered in an embedded database and written from there, cast to their types.
class ParquetOfRows {
 public:
  static Result<std::unique_ptr<ParquetOfRows>> open(const SnowflakeOptions& options) {
    duck::DatabaseOptions database;
    database.threads = 1;
    database.memory_limit_bytes = options.memory_limit_bytes;
    database.temp_directory = options.staging_directory + "/tmp";
    FALAJ_ASSIGN(auto opened, duck::Database::open(database));
    FALAJ_ASSIGN(auto connection, opened.connect());
    FALAJ_ASSIGN(auto source, duck::RowSource::create(connection, "falaj_rows"));
    return std::unique_ptr<ParquetOfRows>(
        new ParquetOfRows(std::move(connection), std::move(source)));
  }

  void begin(const Table& header) {
    auto schema = std::make_shared<rows::Schema>();
    columns_ = header.columns;
    for (size_t i = 0; i < columns_.size(); ++i)
      schema->columns.push_back({fmt::format("c{}", i), rows::ColumnType::kText, false});
    schema_ = std::move(schema);
    batch_ = std::make_shared<rows::RowBatch>(schema_);
  }

  Status add(const std::vector<std::optional<std::string>>& cells) {
    for (size_t i = 0; i < cells.size(); ++i) {
      if (cells[i]) batch_->add_text(i, *cells[i]);
    }
    batch_->finish_row();
    ++rows_;
    if (batch_->row_count() < kBatchRows && batch_->bytes() < kBatchBytes) return {};
    return flush();
  }

  Result<int64_t> write(const std::string& path) {
    FALAJ_TRY(flush());
    std::string list;
    for (size_t i = 0; i < columns_.size(); ++i) {
      list += fmt::format("{}CAST(c{} AS {}) AS {}", i == 0 ? "" : ", ", i, type_of(columns_[i]),
                          duck::quote_name(columns_[i].name));
    }
    FALAJ_TRY(
        run(fmt::format("COPY (SELECT {} FROM gathered) TO {} (FORMAT parquet, COMPRESSION "
                        "zstd, USE_TMP_FILE false)",
                        list, duck::quote_text(path))));
    return rows_;
  }

 private:
  ParquetOfRows(duck::Connection connection, duck::RowSource source)
      : connection_(std::move(connection)), source_(std::move(source)) {}

  static std::string type_of(const Table::ColumnInfo& column) {
    if (column.type == "NUMBER") return "BIGINT";
    if (column.type.starts_with("NUMBER(")) return "DECIMAL" + column.type.substr(6);
    if (column.type == "DOUBLE" || column.type == "BOOLEAN" || column.type == "DATE")
      return column.type;
    return column.type.starts_with("TIMESTAMP") ? "TIMESTAMP" : "VARCHAR";
  }

  Status run(const std::string& sql) {
    auto done = connection_.execute(sql);
    if (!done.ok()) return std::move(done).error();
    return {};
  }

  Status flush() {
    const bool is_first = !std::exchange(is_made_, true);
    source_.add("rows",
                duck::columns_of(std::exchange(batch_, std::make_shared<rows::RowBatch>(schema_))));
    Status stored =
        run(fmt::format("{} SELECT * FROM falaj_rows('rows')",
                        is_first ? "CREATE TABLE gathered AS" : "INSERT INTO gathered"));
    source_.remove("rows");
    return stored;
  }

  duck::Connection connection_;
  duck::RowSource source_;
  std::vector<Table::ColumnInfo> columns_;
  std::shared_ptr<const rows::Schema> schema_;
  std::shared_ptr<rows::RowBatch> batch_;
  bool is_made_ = false;
  int64_t rows_ = 0;
};

class SnowflakeConsole final : public Console {
 public:
  SnowflakeConsole(SnowflakeOptions options, std::unique_ptr<Warehouse> warehouse,
                   std::unique_ptr<Session> session)
      : options_(std::move(options)),
        warehouse_(std::move(warehouse)),
        session_(std::move(session)) {}

  sql::Lexis lexis() const override { return {.has_backslashes = true, .nests_comments = false}; }
  bool gives_rows(std::string_view statement) const override {
    const auto tokens = sql::significant_tokens(statement, lexis());
    return tokens.empty() || !tokens.front().is("use");
  }
  const std::optional<ConsoleFault>& fault() const override { return fault_; }
  std::string where() const override { return options_.database; }
  void cancel() override { session_->cancel(); }

  Status run(std::string_view statement, const HeaderSink& on_header,
             const RowSink& on_row) override {
    const bool has_rows = gives_rows(statement);
    return noted(session_->query_each(
                     statement, has_rows ? on_header : HeaderSink(),
                     has_rows ? on_row : [](const auto&) { return true; }),
                 statement);
  }

  Result<int64_t> write_parquet(std::string_view statement, const std::string& path) override {
    FALAJ_ASSIGN(auto file, ParquetOfRows::open(options_));
    Status stored;
    FALAJ_TRY(noted(session_->query_each(
                        statement, [&](const Table& header) { file->begin(header); },
                        [&](const auto& cells) {
                          stored = file->add(cells);
                          return stored.ok();
                        }),
                    statement));
    FALAJ_TRY(std::move(stored));
    return file->write(path);
  }

 private:
  Status noted(Status status, std::string_view statement) {
    fault_.reset();
    if (!status.ok() && is_of_statement(status.error().kind()))
      fault_ = snowflake_fault(status.error(), statement);
    return status;
  }

  SnowflakeOptions options_;
  std::unique_ptr<Warehouse> warehouse_;
  std::unique_ptr<Session> session_;
  std::optional<ConsoleFault> fault_;
};

}  // namespace

ConsoleFault snowflake_fault(const Error& error, std::string_view statement) {
  ConsoleFault fault;
  std::string_view said = error.message();
  said = said.substr(0, said.rfind("; SQL: "));
  constexpr std::string_view kEscape = "\\x0a";
  for (size_t at = 0; at < said.size();) {
    const bool is_break = said.substr(at).starts_with(kEscape);
    fault.text += is_break ? '\n' : said[at];
    at += is_break ? kEscape.size() : 1;
  }
  size_t end = 0;
  const auto line = number_after(fault.text, "line ", 0, end);
  const auto position = line ? number_after(fault.text, " at position ", end, end) : std::nullopt;
  if (position) fault.at = sql::offset_of(statement, *line, *position);
  return fault;
}

Result<std::unique_ptr<Console>> open_snowflake_console(const SnowflakeOptions& options) {
  FALAJ_ASSIGN(auto warehouse, open_snowflake(options));
  FALAJ_ASSIGN(auto session, warehouse->open_session());
  return std::unique_ptr<Console>(
      std::make_unique<SnowflakeConsole>(options, std::move(warehouse), std::move(session)));
}

}  // namespace falaj::warehouse
