// SnowflakeSession: rows on their way into tables, through Parquet files and temporary stages.
#include <fmt/format.h>

#include <algorithm>

#include "base/json.hpp"
#include "base/log.hpp"
#include "warehouse/snowflake/copy_report.hpp"
#include "warehouse/snowflake/ddl.hpp"
#include "warehouse/snowflake/dialect.hpp"
#include "warehouse/snowflake/snowflake_session.hpp"

namespace falaj::warehouse {
namespace {

using snowflake::quoted;

bool same_columns(const rows::Schema& a, const rows::Schema& b) {
  return std::equal(a.columns.begin(), a.columns.end(), b.columns.begin(), b.columns.end(),
                    [](const rows::Column& x, const rows::Column& y) {
                      return x.name == y.name && x.type == y.type;
                    });
}

std::string column_list(const rows::Schema& schema) {
  std::string list;
  for (const auto& column : schema.columns) {
    list += (list.empty() ? "" : ", ") + quoted(column.name);
  }
  return list;
}

}  // namespace

Status SnowflakeSession::declare(std::string_view name, const rows::Schema& columns) {
  auto found = scratches_.find(name);
  if (found == scratches_.end()) found = scratches_.emplace(std::string(name), Scratch()).first;
  Scratch& scratch = found->second;
  if (scratch.is_declared && same_columns(scratch.columns, columns)) return {};
  if (in_transaction_) {
    return Error(ErrorKind::kBug, fmt::format("{} is declared inside a transaction", name));
  }
  scratch = Scratch();
  scratch.columns = columns;
  scratch.is_declared = true;
  return {};
}

Status SnowflakeSession::make_scratch(std::string_view name, const rows::Schema& columns) {
  const auto found = link_->tables.find(name);
  if (found != link_->tables.end() && same_columns(found->second.columns, columns)) return {};
  if (in_transaction_) {
    return Error(ErrorKind::kBug,
                 fmt::format("{} was not declared before the transaction: making a table would end "
                             "it",
                             name));
  }
  FALAJ_TRY(run_to_end(snowflake::create_scratch_sql(name, columns)));
  link_->tables[std::string(name)] = {columns, false, false};
  return {};
}

Status SnowflakeSession::empty_scratch(std::string_view name) {
  auto& table = link_->tables.find(name)->second;
  FALAJ_TRY(run_to_end("DELETE FROM " + quoted(name)));
  if (in_transaction_) changed_since_begin_.emplace(name);
  table.has_rows = false;
  table.is_stale = false;
  return {};
}

Status SnowflakeSession::make_stage() {
  if (link_->has_stage) return {};
  if (in_transaction_) return Error(ErrorKind::kBug, "a stage is made inside a transaction");
  FALAJ_TRY(run_to_end(fmt::format("CREATE TEMPORARY STAGE IF NOT EXISTS {}", stage_name())));
  link_->has_stage = true;
  return {};
}

Status SnowflakeSession::stage(std::string_view name, std::shared_ptr<const rows::RowBatch> batch) {
  auto found = scratches_.find(name);
  if (found == scratches_.end()) found = scratches_.emplace(std::string(name), Scratch()).first;
  Scratch& scratch = found->second;
  if (!same_columns(scratch.columns, batch->schema())) {
    if (in_transaction_) {
      return Error(ErrorKind::kBug,
                   fmt::format("{} is staged with other columns than it was declared with", name));
    }
    scratch = Scratch();
    scratch.columns = batch->schema();
  }
  if (in_transaction_) {
    FALAJ_TRY(ensure_connected());
    FALAJ_TRY(make_scratch(name, scratch.columns));
    changed_since_begin_.emplace(name);
  }
  scratch.batches.push_back(std::move(batch));
  return {};
}

Status SnowflakeSession::append(std::string_view table,
                                const std::map<std::string, std::string>& constants,
                                const std::vector<Batch>& batches) {
  FALAJ_TRY(refuse_write("INSERT"));
  if (batches.empty()) return {};
  appends_.push_back({std::string(table), constants, batches});
  if (in_transaction_) return {};
  FALAJ_TRY(ensure_connected());
  return upload_waiting();
}

Result<int64_t> SnowflakeSession::fill(std::string_view name, std::string_view select) {
  FALAJ_TRY(make_ready_for(select));
  auto found = scratches_.find(name);
  if (found == scratches_.end()) {
    return Error(ErrorKind::kBug, fmt::format("{} is filled but was not declared", name));
  }
  const auto& columns = found->second.columns;
  FALAJ_TRY(make_scratch(name, columns));
  auto& table = link_->tables.find(name)->second;
  if (table.has_rows) FALAJ_TRY(empty_scratch(name));
  auto filled = run_to_end(fmt::format("INSERT INTO {} ({}) {}", quoted(name), column_list(columns),
                                       to_snowflake(select)));
  if (!filled.ok()) return std::move(filled).error().while_doing(fmt::format("filling {}", name));
  table.has_rows = true;
  if (in_transaction_) changed_since_begin_.emplace(name);
  return filled;
}

Status SnowflakeSession::drop_staged(std::string_view name) {
  const auto found = scratches_.find(name);
  if (found == scratches_.end()) return {};
  Scratch& scratch = found->second;
  scratch.batches.clear();
  scratch.uploaded = 0;
  const bool is_kept = scratch.is_declared || in_transaction_;
  if (!is_kept) scratches_.erase(found);
  if (!link_ || is_in_doubt_) return {};
  const auto table = link_->tables.find(name);
  if (table == link_->tables.end()) return {};
  if (is_kept) {
    table->second.is_stale = table->second.has_rows;
    return {};
  }
  link_->tables.erase(table);
  auto dropped = run_to_end("DROP TABLE IF EXISTS " + quoted(name));
  if (!dropped.ok()) return std::move(dropped).error();
  return {};
}

Status SnowflakeSession::upload_waiting() {
  std::vector<Upload> appends = std::move(appends_);
  appends_.clear();
  for (auto& append : appends) {
    const std::string what = "adding rows to " + append.table;
    FALAJ_TRY(upload(std::move(append)).while_doing(what));
  }
  for (auto& [name, scratch] : scratches_) {
    if (scratch.uploaded == scratch.batches.size()) continue;
    FALAJ_TRY(upload_scratch(name, scratch).while_doing(fmt::format("staging rows as {}", name)));
  }
  return {};
}

Status SnowflakeSession::upload_scratch(const std::string& name, Scratch& scratch) {
  FALAJ_TRY(make_scratch(name, scratch.columns));
  if (link_->tables.find(name)->second.is_stale) FALAJ_TRY(empty_scratch(name));
  const auto first = scratch.batches.begin() + static_cast<ptrdiff_t>(scratch.uploaded);
  FALAJ_TRY(upload({.table = quoted(name),
                    .constants = {},
                    .batches = std::vector<Batch>(first, scratch.batches.end())}));
  scratch.uploaded = scratch.batches.size();
  link_->tables.find(name)->second.has_rows = true;
  return {};
}

// A folder of its own for each upload. One PUT for the files of all of them and FILES = (...) in
// COPY would be fewer statements; the emulator takes neither, and PUT needs no warehouse.
Status SnowflakeSession::upload(Upload upload) {
  FALAJ_TRY(make_stage());
  FALAJ_ASSIGN(ParquetWriter * writer, context_.writer());
  const std::string folder = fmt::format("u{}", ++link_->uploads);
  FALAJ_ASSIGN(const auto files,
               writer->write(fmt::format("{}_{}", link_->name, folder), upload.batches));
  // The rows are on disk now; one batch stays for its columns.
  upload.batches.resize(1);
  for (const auto& file : files) {
    const UsageMeter::Statement metered(*context_.meter, *context_.clock);
    context_.meter->add_file(file.bytes());
    Status put = link_->connection->put(
        fmt::format("PUT {} @{}/{}/ AUTO_COMPRESS=FALSE OVERWRITE=TRUE PARALLEL={}",
                    snowflake::literal("file://" + file.path()), stage_name(), folder,
                    context_.upload_threads),
        query_tag_);
    if (!put.ok()) return noted(std::move(put).error());
  }
  if (files.empty()) return {};
  return copy(upload, folder, files);
}

Status SnowflakeSession::copy(const Upload& upload, const std::string& folder,
                              const std::vector<ParquetFile>& files) {
  const auto& columns = upload.batches.front()->schema();
  std::string values;
  for (size_t i = 0; i < columns.columns.size(); ++i) {
    const auto& column = columns.columns[i];
    const auto constant = upload.constants.find(column.name);
    values += fmt::format(
        "{}{}::{}", i == 0 ? "" : ", ",
        constant == upload.constants.end() ? fmt::format("$1:c{}", i) : constant->second,
        snowflake::sql_type(column.type));
  }
  // Loaded files go at once; what a failure leaves goes with the temporary stage.
  const std::string sql = fmt::format(
      "COPY INTO {} ({}) FROM (SELECT {} FROM @{}/{}/) FILE_FORMAT = (TYPE = PARQUET "
      "USE_LOGICAL_TYPE = TRUE) ON_ERROR = ABORT_STATEMENT PURGE = TRUE",
      upload.table, column_list(columns), values, stage_name(), folder);
  FALAJ_ASSIGN(auto result, run(sql));
  CopyReport report(result.columns());
  std::vector<std::optional<std::string>> cells;
  for (;;) {
    auto has_row = result.next(cells);
    if (!has_row.ok()) return noted(std::move(has_row).error());
    if (!*has_row) break;
    report.add(cells);
  }
  return report.compare(files);
}

}  // namespace falaj::warehouse
