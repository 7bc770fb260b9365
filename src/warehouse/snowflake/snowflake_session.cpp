#include "warehouse/snowflake/snowflake_session.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.hpp"
#include "base/log.hpp"
#include "warehouse/snowflake/copy_report.hpp"
#include "warehouse/snowflake/ddl.hpp"
#include "warehouse/snowflake/dialect.hpp"

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

// Answers after which nobody knows what the connection has open.
bool leaves_doubt(ErrorKind kind) {
  return kind == ErrorKind::kUnavailable || kind == ErrorKind::kTimeout ||
         kind == ErrorKind::kBadResponse || kind == ErrorKind::kAuthFailed ||
         kind == ErrorKind::kOutcomeUnknown || kind == ErrorKind::kCancelled;
}

// Answers by which Snowflake has said that it did not commit.
bool is_refusal(ErrorKind kind) {
  return kind == ErrorKind::kUsage || kind == ErrorKind::kRowsRejected ||
         kind == ErrorKind::kConflict || kind == ErrorKind::kNotAllowed;
}

}  // namespace

SnowflakeSession::SnowflakeSession(SnowflakeContext context) : context_(std::move(context)) {
  tag_statements({});
}

SnowflakeSession::~SnowflakeSession() {
  if (!in_transaction_) return;
  const Status undone = rollback();
  if (!undone.ok()) log_debug("closing a session: {}", undone.error().to_text());
}

void SnowflakeSession::tag_statements(const StatementTag& tag) {
  Json object;
  object.set("app", "falaj");
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) object.set(name, value);
  };
  add("dag", context_.dag);
  add("run", tag.run);
  add("task", tag.task);
  add("model", tag.model);
  query_tag_ = object.dump();
}

std::string SnowflakeSession::stage_name() const {
  return fmt::format("{}.{}", quoted(context_.schema), quoted("FALAJ_" + context_.unique_name));
}

Status SnowflakeSession::refuse_write(std::string_view sql) const {
  if (!context_.is_read_only || is_read(sql)) return {};
  return Error(ErrorKind::kNotAllowed,
               fmt::format("the warehouse is open for reading only; SQL: {}", excerpt(sql)));
}

Error SnowflakeSession::noted(Error error) {
  if (leaves_doubt(error.kind())) is_in_doubt_ = true;
  return error;
}

void SnowflakeSession::disconnect() {
  {
    const std::lock_guard lock(mutex_);
    connection_.reset();
  }
  is_in_doubt_ = false;
  has_stage_ = false;
  for (auto& [name, scratch] : scratches_) {
    scratch.exists = false;
    scratch.has_rows = false;
    scratch.uploaded = 0;
  }
}

Status SnowflakeSession::ensure_connected() {
  if (in_transaction_) {
    if (connection_ && !is_in_doubt_) return {};
    return Error(ErrorKind::kUnavailable,
                 "the connection to Snowflake was lost in a transaction: it is rolled back");
  }
  if (is_in_doubt_) disconnect();
  if (connection_) return {};
  FALAJ_ASSIGN(auto connection, context_.database->connect());
  const std::lock_guard lock(mutex_);
  connection_ = std::move(connection);
  return {};
}

Result<DriverResult> SnowflakeSession::run(const std::string& sql) {
  auto result = connection_->query(sql, query_tag_);
  if (!result.ok()) return noted(std::move(result).error());
  return result;
}

// The rows it changed: Snowflake gives them as columns of the result.
Result<int64_t> SnowflakeSession::run_to_end(const std::string& sql) {
  FALAJ_ASSIGN(auto result, run(sql));
  std::vector<std::optional<std::string>> cells;
  int64_t changed = 0;
  for (;;) {
    auto has_row = result.next(cells);
    if (!has_row.ok()) return noted(std::move(has_row).error());
    if (!*has_row) return changed;
    changed += rows_changed(result.columns(), cells);
  }
}

Result<int64_t> SnowflakeSession::execute(std::string_view sql) {
  FALAJ_TRY(refuse_write(sql));
  FALAJ_TRY(ensure_connected());
  FALAJ_TRY(upload_waiting());
  return run_to_end(to_snowflake(sql));
}

Result<Table> SnowflakeSession::query(std::string_view sql) {
  Table table;
  FALAJ_TRY(query_each(
      sql, [&](const Table& header) { table.columns = header.columns; },
      [&](const auto& cells) {
        table.rows.push_back(cells);
        return true;
      }));
  return table;
}

Status SnowflakeSession::query_each(
    std::string_view sql, const std::function<void(const Table&)>& on_header,
    const std::function<bool(const std::vector<std::optional<std::string>>&)>& on_row) {
  FALAJ_TRY(refuse_write(sql));
  FALAJ_TRY(ensure_connected());
  FALAJ_TRY(upload_waiting());
  FALAJ_ASSIGN(auto result, run(to_snowflake(sql)));
  if (on_header) {
    Table header;
    header.columns = result.columns();
    on_header(header);
  }
  std::vector<std::optional<std::string>> cells;
  for (;;) {
    auto has_row = result.next(cells);
    if (!has_row.ok()) return noted(std::move(has_row).error());
    if (!*has_row || !on_row(cells)) return {};
  }
}

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

Status SnowflakeSession::make_scratch(std::string_view name, Scratch& scratch) {
  if (scratch.exists) return {};
  if (in_transaction_) {
    return Error(ErrorKind::kBug,
                 fmt::format("{} was not declared before the transaction: making a table would end "
                             "it",
                             name));
  }
  FALAJ_TRY(run_to_end(snowflake::create_scratch_sql(name, scratch.columns)));
  scratch.exists = true;
  scratch.has_rows = false;
  scratch.uploaded = 0;
  return {};
}

Status SnowflakeSession::make_stage() {
  if (has_stage_) return {};
  if (in_transaction_) return Error(ErrorKind::kBug, "a stage is made inside a transaction");
  FALAJ_TRY(run_to_end(fmt::format("CREATE TEMPORARY STAGE IF NOT EXISTS {}", stage_name())));
  has_stage_ = true;
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
  if (in_transaction_ && !scratch.exists) return make_scratch(name, scratch);
  if (in_transaction_) changed_since_begin_.emplace(name);
  scratch.batches.push_back(std::move(batch));
  return {};
}

Status SnowflakeSession::fill(std::string_view name, std::string_view select) {
  FALAJ_TRY(ensure_connected());
  FALAJ_TRY(upload_waiting());
  auto found = scratches_.find(name);
  if (found == scratches_.end()) {
    return Error(ErrorKind::kBug, fmt::format("{} is filled but was not declared", name));
  }
  Scratch& scratch = found->second;
  FALAJ_TRY(make_scratch(name, scratch));
  if (scratch.has_rows) FALAJ_TRY(run_to_end("DELETE FROM " + quoted(name)));
  auto filled = run_to_end(fmt::format("INSERT INTO {} ({}) {}", quoted(name),
                                       column_list(scratch.columns), to_snowflake(select)));
  if (!filled.ok()) return std::move(filled).error().while_doing(fmt::format("filling {}", name));
  scratch.has_rows = true;
  if (in_transaction_) changed_since_begin_.emplace(name);
  return {};
}

Status SnowflakeSession::drop_staged(std::string_view name) {
  const auto found = scratches_.find(name);
  if (found == scratches_.end()) return {};
  Scratch& scratch = found->second;
  scratch.batches.clear();
  scratch.uploaded = 0;
  const bool is_there = scratch.exists && connection_ && !is_in_doubt_;
  if (!scratch.is_declared && !in_transaction_) {
    scratches_.erase(found);
    if (!is_there) return {};
    auto dropped = run_to_end("DROP TABLE IF EXISTS " + quoted(name));
    if (!dropped.ok()) return std::move(dropped).error();
    return {};
  }
  if (!is_there || !scratch.has_rows) return {};
  if (in_transaction_) changed_since_begin_.emplace(name);
  auto emptied = run_to_end("DELETE FROM " + quoted(name));
  if (!emptied.ok()) return std::move(emptied).error();
  scratch.has_rows = false;
  return {};
}

Status SnowflakeSession::upload_waiting() {
  for (auto& [name, scratch] : scratches_) {
    if (scratch.uploaded == scratch.batches.size()) continue;
    FALAJ_TRY(upload(name, scratch).while_doing(fmt::format("staging rows as {}", name)));
  }
  return {};
}

Status SnowflakeSession::upload(const std::string& name, Scratch& scratch) {
  FALAJ_TRY(make_stage());
  FALAJ_TRY(make_scratch(name, scratch));
  FALAJ_ASSIGN(ParquetWriter * writer, context_.writer());
  const std::string folder = fmt::format("u{}", ++uploads_);
  const std::span<const Batch> waiting = std::span(scratch.batches).subspan(scratch.uploaded);
  FALAJ_ASSIGN(const auto files,
               writer->write(fmt::format("{}_{}", context_.unique_name, folder), waiting));
  for (const auto& file : files) {
    Status put = connection_->put(
        fmt::format("PUT {} @{}/{}/ AUTO_COMPRESS=FALSE OVERWRITE=TRUE",
                    snowflake::literal("file://" + file.path()), stage_name(), folder),
        query_tag_);
    if (!put.ok()) return noted(std::move(put).error());
  }
  if (!files.empty()) FALAJ_TRY(copy_into(name, scratch, folder, files));
  scratch.uploaded = scratch.batches.size();
  scratch.has_rows = true;
  return {};
}

Status SnowflakeSession::copy_into(const std::string& name, const Scratch& scratch,
                                   const std::string& folder,
                                   const std::vector<ParquetFile>& files) {
  std::string values;
  for (size_t i = 0; i < scratch.columns.columns.size(); ++i) {
    values += fmt::format("{}$1:c{}::{}", i == 0 ? "" : ", ", i,
                          snowflake::sql_type(scratch.columns.columns[i].type));
  }
  // Loaded files go at once; what a failure leaves goes with the temporary stage.
  const std::string sql = fmt::format(
      "COPY INTO {} ({}) FROM (SELECT {} FROM @{}/{}/) FILE_FORMAT = (TYPE = PARQUET "
      "USE_LOGICAL_TYPE = TRUE) ON_ERROR = ABORT_STATEMENT PURGE = TRUE",
      quoted(name), column_list(scratch.columns), values, stage_name(), folder);
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

Status SnowflakeSession::begin() {
  FALAJ_TRY(refuse_write("BEGIN"));
  if (in_transaction_) return Error(ErrorKind::kBug, "begin() inside a transaction");
  FALAJ_TRY(ensure_connected());
  // A table or a stage that is made later would end the transaction.
  bool has_declared = false;
  for (auto& [name, scratch] : scratches_) {
    if (!scratch.is_declared) continue;
    has_declared = true;
    FALAJ_TRY(make_scratch(name, scratch));
  }
  if (has_declared) FALAJ_TRY(make_stage());
  FALAJ_TRY(upload_waiting());
  FALAJ_TRY(run_to_end("BEGIN TRANSACTION"));
  in_transaction_ = true;
  changed_since_begin_.clear();
  auto taken = run_to_end(snowflake::take_turn_sql(context_.holder));
  if (taken.ok() && *taken == 1) return {};
  Error error = taken.ok() ? Error(ErrorKind::kInvalidConfig,
                                   "OPS.WRITER_TURN must have one row: `falaj run` makes it")
                           : std::move(taken).error();
  const Status undone = rollback();
  if (!undone.ok()) log_debug("rollback failed: {}", undone.error().to_text());
  return std::move(error).while_doing("waiting for the turn to write");
}

Status SnowflakeSession::commit() {
  if (!in_transaction_) return Error(ErrorKind::kBug, "commit() without begin()");
  FALAJ_TRY(ensure_connected());
  auto committed = run_to_end("COMMIT");
  in_transaction_ = false;
  if (committed.ok()) {
    changed_since_begin_.clear();
    return {};
  }
  forget_changes_since_begin();
  Error error = std::move(committed).error();
  is_in_doubt_ = true;
  if (is_refusal(error.kind())) return std::move(error).while_doing("committing");
  Error unknown(ErrorKind::kOutcomeUnknown,
                "whether the transaction was committed is not known: " + error.to_text());
  unknown.sql_state = error.sql_state;
  unknown.vendor_code = error.vendor_code;
  return unknown;
}

Status SnowflakeSession::rollback() {
  if (!in_transaction_) return {};
  Status undone;
  if (connection_) {
    // Also in doubt: where it arrives, the next writer need not wait for the logout to be noticed.
    const bool was_in_doubt = is_in_doubt_;
    auto done = run_to_end("ROLLBACK");
    if (!done.ok() && !was_in_doubt) {
      is_in_doubt_ = true;
      undone = std::move(done).error().while_doing("rolling back");
    }
  }
  in_transaction_ = false;
  const auto changed = changed_since_begin_;
  forget_changes_since_begin();
  // Logging out rolls back whatever is open.
  if (is_in_doubt_) disconnect();
  // What was there before the transaction is forgotten with it.
  for (const auto& name : changed) {
    if (connection_) FALAJ_TRY(run_to_end("DROP TABLE IF EXISTS " + quoted(name)));
  }
  return undone;
}

void SnowflakeSession::forget_changes_since_begin() {
  for (const auto& name : changed_since_begin_) {
    const auto found = scratches_.find(name);
    if (found == scratches_.end()) continue;
    found->second.batches.clear();
    found->second.uploaded = 0;
    found->second.has_rows = false;
    found->second.exists = false;
  }
  changed_since_begin_.clear();
}

void SnowflakeSession::cancel() {
  const std::lock_guard lock(mutex_);
  if (connection_) connection_->cancel();
}

}  // namespace falaj::warehouse
