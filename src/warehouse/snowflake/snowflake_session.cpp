#include "warehouse/snowflake/snowflake_session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/json.hpp"
#include "base/log.hpp"
#include "warehouse/snowflake/copy_report.hpp"
#include "warehouse/snowflake/ddl.hpp"
#include "warehouse/snowflake/dialect.hpp"

namespace falaj::warehouse {
namespace {

using snowflake::quoted;

bool mentions(std::string_view sql, std::string_view name) {
  const auto same = [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) ==
           std::tolower(static_cast<unsigned char>(b));
  };
  return std::search(sql.begin(), sql.end(), name.begin(), name.end(), same) != sql.end();
}

// Answers after which nobody knows what the connection has open.
bool leaves_doubt(ErrorKind kind) {
  return kind == ErrorKind::kUnavailable || kind == ErrorKind::kTimeout ||
         kind == ErrorKind::kBadResponse || kind == ErrorKind::kAuthFailed ||
         kind == ErrorKind::kOutcomeUnknown || kind == ErrorKind::kCancelled;
}

Result<Table> read_all(DriverResult& result) {
  Table table;
  table.columns = result.columns();
  std::vector<std::optional<std::string>> cells;
  for (;;) {
    FALAJ_ASSIGN(const bool has_row, result.next(cells));
    if (!has_row) return table;
    table.rows.push_back(cells);
  }
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
  if (in_transaction_) {
    const Status undone = rollback();
    if (!undone.ok()) log_debug("closing a session: {}", undone.error().to_text());
  }
  if (link_ && !is_in_doubt_) context_.links->give_back(std::move(link_));
}

void SnowflakeSession::tag_statements(const StatementTag& tag) {
  Json object;
  object.set("app", "falaj");
  const auto add = [&](const char* name, const std::string& value, const std::string& otherwise) {
    const std::string& text = value.empty() ? otherwise : value;
    if (!text.empty()) object.set(name, text);
  };
  add("dag", tag.dag, context_.tag.dag);
  add("run", tag.run, context_.tag.run);
  add("task", tag.task, context_.tag.task);
  add("model", tag.model, context_.tag.model);
  add("store", tag.store, context_.tag.store);
  query_tag_ = object.dump();
}

std::string SnowflakeSession::stage_name() const {
  return fmt::format("{}.{}", quoted(context_.schema), quoted(link_->name));
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
    link_.reset();
  }
  is_in_doubt_ = false;
  for (auto& [name, scratch] : scratches_) scratch.uploaded = 0;
}

Status SnowflakeSession::ensure_connected() {
  if (in_transaction_) {
    if (link_ && !is_in_doubt_) return {};
    return Error(ErrorKind::kUnavailable,
                 "the connection to Snowflake was lost in a transaction: it is rolled back");
  }
  if (is_in_doubt_) disconnect();
  if (link_) return {};
  FALAJ_ASSIGN(auto link, context_.links->take());
  const std::lock_guard lock(mutex_);
  link_ = std::move(link);
  return {};
}

Result<DriverResult> SnowflakeSession::run(const std::string& sql) {
  const UsageMeter::Statement metered(*context_.meter, *context_.clock);
  auto result = link_->connection->query(sql, query_tag_);
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
  FALAJ_TRY(make_ready_for(sql));
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
  FALAJ_TRY(make_ready_for(sql));
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

Status SnowflakeSession::make_ready_for(std::string_view sql) {
  FALAJ_TRY(ensure_connected());
  if (in_transaction_) FALAJ_TRY(renew_turn());
  FALAJ_TRY(upload_waiting());
  for (const auto& [name, table] : link_->tables) {
    if (table.is_stale && mentions(sql, name)) FALAJ_TRY(empty_scratch(name));
  }
  return {};
}

WriterTurn::Statements SnowflakeSession::turn_statements() {
  return {.execute = [this](const std::string& sql) { return run_to_end(sql); },
          .query = [this](const std::string& sql) -> Result<Table> {
            FALAJ_ASSIGN(auto result, run(sql));
            return read_all(result);
          }};
}

// A statement of the transaction would be seen by nobody before COMMIT: another session does it.
Status SnowflakeSession::renew_turn() {
  if (!context_.turn->is_due()) return {};
  FALAJ_ASSIGN(auto link, context_.links->take());
  const WriterTurn::Statements statements = {
      .execute = [&](const std::string& sql) -> Result<int64_t> {
        const UsageMeter::Statement metered(*context_.meter, *context_.clock);
        FALAJ_ASSIGN(auto result, link->connection->query(sql, query_tag_));
        FALAJ_ASSIGN(const auto table, read_all(result));
        return table.rows.empty() ? 0 : rows_changed(table.columns, table.rows.front());
      },
      .query = {}};
  FALAJ_TRY(context_.turn->renew(statements));
  context_.links->give_back(std::move(link));
  return {};
}

Status SnowflakeSession::begin() {
  FALAJ_TRY(refuse_write("BEGIN"));
  if (in_transaction_) return Error(ErrorKind::kBug, "begin() inside a transaction");
  FALAJ_TRY(ensure_connected());
  // A table or a stage that is made later would end the transaction.
  for (const auto& [name, scratch] : scratches_) {
    if (scratch.is_declared) FALAJ_TRY(make_scratch(name, scratch.columns));
  }
  FALAJ_TRY(make_stage());
  FALAJ_TRY(upload_waiting());
  std::stop_token stop;
  {
    const std::lock_guard lock(mutex_);
    stop_ = std::stop_source();
    stop = stop_.get_token();
  }
  FALAJ_TRY(
      context_.turn->take(turn_statements(), stop).while_doing("waiting for the turn to write"));
  changed_since_begin_.clear();
  auto begun = run_to_end("BEGIN TRANSACTION");
  if (!begun.ok()) {
    end_turn();
    return std::move(begun).error();
  }
  in_transaction_ = true;
  return {};
}

// After a transaction that did not commit.
void SnowflakeSession::end_turn() {
  if (link_ && !is_in_doubt_) {
    const Status given = context_.turn->give_up(turn_statements());
    if (!given.ok()) log_debug("the turn to write was not given back: {}", given.error().to_text());
  }
  context_.turn->leave();
}

Status SnowflakeSession::commit() {
  if (!in_transaction_) return Error(ErrorKind::kBug, "commit() outside a transaction");
  FALAJ_TRY(ensure_connected());
  FALAJ_TRY(upload_waiting());
  FALAJ_TRY(context_.turn->give_back(turn_statements()));
  auto committed = run_to_end("COMMIT");
  in_transaction_ = false;
  context_.turn->leave();
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
  if (link_) {
    // Also in doubt: where it arrives, the next writer need not wait for the logout to be noticed.
    const bool was_in_doubt = is_in_doubt_;
    auto done = run_to_end("ROLLBACK");
    if (done.ok()) {
      const Status given = context_.turn->give_up(turn_statements());
      if (!given.ok()) log_debug("the turn to write was kept: {}", given.error().to_text());
    } else if (!was_in_doubt) {
      is_in_doubt_ = true;
      undone = std::move(done).error().while_doing("rolling back");
    }
  }
  in_transaction_ = false;
  context_.turn->leave();
  forget_changes_since_begin();
  // Logging out rolls back whatever is open.
  if (is_in_doubt_) disconnect();
  return undone;
}

// What waited or was staged since begin() is no more; what the tables held before is there again,
// and of no use.
void SnowflakeSession::forget_changes_since_begin() {
  appends_.clear();
  for (const auto& name : changed_since_begin_) {
    if (const auto found = scratches_.find(name); found != scratches_.end()) {
      found->second.batches.clear();
      found->second.uploaded = 0;
    }
    if (!link_) continue;
    if (const auto table = link_->tables.find(name); table != link_->tables.end()) {
      table->second.has_rows = true;
      table->second.is_stale = true;
    }
  }
  changed_since_begin_.clear();
}

void SnowflakeSession::cancel() {
  const std::lock_guard lock(mutex_);
  stop_.request_stop();
  if (link_) link_->connection->cancel();
}

}  // namespace falaj::warehouse
