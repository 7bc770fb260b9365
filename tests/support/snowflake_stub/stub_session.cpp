#include "support/snowflake_stub/stub_session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "support/snowflake_stub/stub_sql.hpp"
#include "warehouse/duckdb/prelude.hpp"

namespace falaj::test {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kSelect = 4096;
constexpr int64_t kInsert = 12544;
constexpr int64_t kUpdate = 12800;
constexpr int64_t kDelete = 13056;
constexpr int64_t kMerge = 13312;
constexpr int64_t kTransaction = 21504;
constexpr int64_t kDefinition = 24576;
constexpr int64_t kLongestText = 16'777'216;

Json row_type(const duck::ColumnInfo& info) {
  switch (info.kind) {
    case duck::TypeKind::kInteger: return column(info.name, "fixed", 38, 0);
    case duck::TypeKind::kDecimal: return column(info.name, "fixed", info.width, info.scale);
    case duck::TypeKind::kWide:
      return column(info.name, "fixed", info.width > 0 ? info.width : 38, info.scale);
    case duck::TypeKind::kDouble: return column(info.name, "real");
    case duck::TypeKind::kBool: return column(info.name, "boolean");
    case duck::TypeKind::kDate: return column(info.name, "date");
    case duck::TypeKind::kTimestamp: return column(info.name, "timestamp_ntz", 0, 6);
    default: return column(info.name, "text");
  }
}

// Seconds and nanoseconds since 1970.
std::string timestamp(int64_t micros) {
  constexpr int64_t kMillion = 1'000'000;
  int64_t seconds = micros / kMillion;
  int64_t rest = micros % kMillion;
  if (rest < 0) {
    rest += kMillion;
    --seconds;
  }
  return fmt::format("{}.{:06}000", seconds, rest);
}

Json cell(const duck::Chunk& chunk, size_t column_index, size_t row) {
  if (chunk.is_null(column_index, row)) return nullptr;
  switch (chunk.kind(column_index)) {
    case duck::TypeKind::kTimestamp: return timestamp(chunk.int64(column_index, row));
    case duck::TypeKind::kBool: return chunk.boolean(column_index, row) ? "1" : "0";
    case duck::TypeKind::kText: return chunk.text(column_index, row);
    default: return chunk.render(column_index, row);
  }
}

StubError stub_error(const Error& error) {
  const std::string& text = error.message();
  const auto contains = [&](const char* part) { return text.find(part) != std::string::npos; };
  switch (error.kind()) {
    case ErrorKind::kCancelled: return {"000604", "57014", "SQL execution canceled"};
    case ErrorKind::kRowsRejected:
      if (contains("NOT NULL")) return {"100072", "22000", text};
      return {"100038", "22018", text};
    case ErrorKind::kUsage:
      if (contains("does not exist")) return {"002003", "42S02", text};
      return {"001003", "42000", text};
    case ErrorKind::kConflict: return {"000625", "57014", "Transaction has locked table: " + text};
    default: return {"300002", "XX000", text};
  }
}

StubResult failed(const Error& error) {
  StubResult result;
  result.error = stub_error(error);
  return result;
}

StubResult counted(const std::vector<std::pair<std::string, int64_t>>& counts, int64_t type) {
  StubResult result;
  Json::Array row;
  for (const auto& [name, value] : counts) {
    result.row_type.push_back(column(name, "fixed", 19, 0));
    row.emplace_back(std::to_string(value));
  }
  result.rows.emplace_back(std::move(row));
  result.statement_type = type;
  return result;
}

}  // namespace

Json column(const std::string& name, const char* type, int precision, int scale) {
  Json object;
  object.set("name", name);
  object.set("type", type);
  object.set("nullable", true);
  object.set("precision", precision);
  object.set("scale", scale);
  object.set("length", kLongestText);
  object.set("byteLength", kLongestText);
  return object;
}

StubResult status_result(const std::string& text, int64_t statement_type) {
  StubResult result;
  result.row_type.push_back(column("status", "text"));
  result.rows.emplace_back(Json::Array{Json(text)});
  result.statement_type = statement_type;
  return result;
}

bool WriterLocks::take(StubSession& session, const std::function<bool()>& is_stopped) {
  std::unique_lock lock(mutex_);
  while (holder_ != nullptr && holder_ != &session) {
    if (is_stopped()) return false;
    const auto idle = holder_->idle_since();
    if (idle && std::chrono::steady_clock::now() - *idle > silence_) {
      StubSession* silent = holder_;
      holder_ = nullptr;
      lock.unlock();
      silent->roll_back();
      lock.lock();
      continue;
    }
    changed_.wait_for(lock, std::chrono::milliseconds(20));
  }
  holder_ = &session;
  return true;
}

void WriterLocks::release(const StubSession& session) {
  {
    const std::lock_guard lock(mutex_);
    if (holder_ == &session) holder_ = nullptr;
  }
  changed_.notify_all();
}

StubSession::StubSession(duck::Database& database, WriterLocks& locks, Options options)
    : locks_(locks), options_(std::move(options)), idle_since_(std::chrono::steady_clock::now()) {
  auto opened = database.connect();
  if (!opened.ok()) return;
  connection_.emplace(std::move(*opened));
  (void)connection_->execute(warehouse::session_prelude());
  (void)connection_->execute(
      "CREATE TEMP MACRO try_parse_json(x) AS TRY_CAST(x AS JSON);"
      "CREATE TEMP MACRO parse_json(x) AS CAST(x AS JSON)");
  // A session may name a schema that is made later.
  const std::string database_name = duck::quote_name(options_.database);
  (void)connection_->execute("USE " + database_name);
  (void)connection_->execute("USE " + database_name + "." + duck::quote_name(options_.schema));
}

StubSession::~StubSession() {
  roll_back();
}

std::optional<std::chrono::steady_clock::time_point> StubSession::idle_since() {
  const std::lock_guard lock(idle_mutex_);
  return idle_since_;
}

void StubSession::stop() {
  is_stopped_ = true;
  locks_.wake();
  if (connection_) connection_->interrupt();
}

void StubSession::roll_back() {
  const std::lock_guard lock(mutex_);
  end_transaction("ROLLBACK");
}

void StubSession::end_transaction(const char* how) {
  if (has_begun_) (void)connection_->execute(how);
  has_begun_ = false;
  in_transaction_ = false;
  locks_.release(*this);
}

StubResult StubSession::run(const std::string& sql, bool rejects_first_file) {
  const std::lock_guard lock(mutex_);
  {
    const std::lock_guard idle(idle_mutex_);
    idle_since_.reset();
  }
  is_stopped_ = false;
  auto result = run_now(sql, rejects_first_file);
  if (!in_transaction_) locks_.release(*this);
  const std::lock_guard idle(idle_mutex_);
  idle_since_ = std::chrono::steady_clock::now();
  return result;
}

std::optional<StubError> StubSession::begin_if_needed() {
  if (!in_transaction_ || has_begun_) return std::nullopt;
  auto begun = connection_->execute("BEGIN TRANSACTION");
  if (!begun.ok()) return stub_error(begun.error());
  has_begun_ = true;
  return std::nullopt;
}

StubResult StubSession::run_now(const std::string& sql, bool rejects_first_file) {
  const StatementKind kind = statement_kind(sql);
  if (kind == StatementKind::kBegin) {
    in_transaction_ = true;
    return status_result("Statement executed successfully.", kTransaction);
  }
  if (kind == StatementKind::kRollback) {
    end_transaction("ROLLBACK");
    return status_result("Statement executed successfully.", kTransaction);
  }
  if (kind == StatementKind::kCommit) {
    auto committed = has_begun_ ? connection_->execute("COMMIT") : Result<int64_t>(0);
    has_begun_ = false;
    end_transaction("");
    if (!committed.ok()) return failed(committed.error());
    return status_result("Statement executed successfully.", kTransaction);
  }
  if (kind == StatementKind::kDefine || kind == StatementKind::kStage) return define(sql);
  if (writes_shared_table(sql) && !locks_.take(*this, [this] { return is_stopped_.load(); })) {
    StubResult stopped;
    stopped.error = StubError{"000604", "57014", "SQL execution canceled"};
    return stopped;
  }
  if (const auto error = begin_if_needed()) {
    StubResult result;
    result.error = error;
    return result;
  }
  switch (kind) {
    case StatementKind::kInsert: return change(sql, kInsert);
    case StatementKind::kUpdate: return change(sql, kUpdate);
    case StatementKind::kDelete: return change(sql, kDelete);
    case StatementKind::kMerge: return change(sql, kMerge);
    case StatementKind::kCopy: return copy(sql, rejects_first_file);
    default: return select(sql);
  }
}

StubResult StubSession::define(const std::string& sql) {
  if (in_transaction_) {
    ++ended_by_definition_;
    end_transaction("COMMIT");
  }
  if (statement_kind(sql) == StatementKind::kStage) {
    std::error_code ignored;
    fs::create_directories(stage_folder(stage_of(sql), ""), ignored);
    return status_result("Stage area successfully created.", kDefinition);
  }
  const std::string text = duckdb_definition(sql);
  if (!text.empty()) {
    auto done = connection_->execute(text);
    if (!done.ok()) return failed(done.error());
  }
  return status_result("Statement executed successfully.", kDefinition);
}

StubResult StubSession::change(const std::string& sql, int64_t statement_type) {
  auto done = connection_->execute(sql);
  if (!done.ok()) return failed(done.error());
  switch (statement_type) {
    case kUpdate:
      return counted(
          {{"number of rows updated", *done}, {"number of multi-joined rows updated", 0}}, kUpdate);
    case kDelete: return counted({{"number of rows deleted", *done}}, kDelete);
    case kMerge:
      return counted({{"number of rows inserted", *done}, {"number of rows updated", 0}}, kMerge);
    default: return counted({{"number of rows inserted", *done}}, kInsert);
  }
}

StubResult StubSession::select(const std::string& sql) {
  auto found = connection_->query(sql);
  if (!found.ok()) return failed(found.error());
  StubResult result;
  result.statement_type = kSelect;
  for (const auto& info : found->columns()) result.row_type.push_back(row_type(info));
  for (;;) {
    auto chunk = found->next_chunk();
    if (!chunk.ok()) return failed(chunk.error());
    if (*chunk == nullptr) return result;
    for (size_t row = 0; row < (*chunk)->row_count(); ++row) {
      Json::Array cells;
      for (size_t i = 0; i < (*chunk)->column_count(); ++i) {
        cells.push_back(cell(**chunk, i, row));
      }
      result.rows.emplace_back(std::move(cells));
    }
  }
}

StubResult StubSession::copy(const std::string& sql, bool rejects_first_file) {
  const auto statement = parse_copy(sql);
  if (!statement) return failed(Error(ErrorKind::kUsage, "a COPY of another form: " + sql));
  std::vector<fs::path> files;
  std::error_code problem;
  for (const auto& entry :
       fs::directory_iterator(stage_folder(statement->stage, statement->folder), problem)) {
    files.push_back(entry.path());
  }
  if (files.empty()) return status_result("Copy executed with 0 files processed.", kInsert);
  std::sort(files.begin(), files.end());
  StubResult result;
  result.statement_type = kInsert;
  result.row_type = {column("file", "text"),
                     column("status", "text"),
                     column("rows_parsed", "fixed", 38),
                     column("rows_loaded", "fixed", 38),
                     column("error_limit", "fixed", 38),
                     column("errors_seen", "fixed", 38),
                     column("first_error", "text")};
  for (size_t i = 0; i < files.size(); ++i) {
    const bool is_rejected = rejects_first_file && i == 0;
    const std::string source = duck::quote_text(files[i].string());
    auto rows = is_rejected ? connection_->execute("SELECT 1")
                            : connection_->execute(fmt::format(
                                  "INSERT INTO {} ({}) SELECT {} FROM read_parquet({})",
                                  statement->table, statement->columns, statement->values, source));
    if (!rows.ok()) return failed(rows.error());
    const std::string loaded = is_rejected ? "0" : std::to_string(*rows);
    result.rows.emplace_back(
        Json::Array{files[i].filename().string(), is_rejected ? "LOAD_FAILED" : "LOADED", loaded,
                    loaded, "1", is_rejected ? "1" : "0",
                    is_rejected ? Json("Numeric value 'x' is not recognized") : Json(nullptr)});
  }
  if (statement->purges) {
    for (const auto& file : files) fs::remove(file, problem);
  }
  return result;
}

std::string StubSession::stage_folder(const std::string& stage, const std::string& folder) const {
  std::string name;
  for (const char c : stage) {
    if (c != '"') name += c;
  }
  return options_.stage_root + "/" + name + (folder.empty() ? "" : "/" + folder);
}

std::string StubSession::file_path(const std::string& sql) const {
  const auto put = parse_put(sql);
  if (!put) return "";
  const std::string folder = stage_folder(put->stage, put->folder);
  std::error_code ignored;
  fs::create_directories(folder, ignored);
  return folder + "/" + fs::path(put->path).filename().string();
}

}  // namespace falaj::test
