#include "warehouse/duckdb/duck_session.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/log.hpp"
#include "duck/batch_columns.hpp"

namespace falaj::warehouse {
namespace {

constexpr int kReadAttempts = 60;
constexpr Micros kFirstWait = std::chrono::milliseconds(5);
constexpr Micros kLongestWait = std::chrono::milliseconds(500);

Table header_of(const std::vector<duck::ColumnInfo>& columns) {
  Table table;
  for (const auto& column : columns) {
    Table::ColumnInfo info;
    info.name = column.name;
    info.type = column.type_name;
    info.is_bool = column.kind == duck::TypeKind::kBool;
    info.is_decimal = column.type_name.starts_with("DECIMAL");
    info.is_number = column.kind == duck::TypeKind::kInteger ||
                     column.kind == duck::TypeKind::kDouble ||
                     (column.kind == duck::TypeKind::kWide && !info.is_decimal);
    table.columns.push_back(std::move(info));
  }
  return table;
}

}  // namespace

DuckSession::DuckSession(duck::Connection connection, SessionContext context)
    : connection_(std::move(connection)),
      context_(std::move(context)),
      lock_(context_.lock_path, context_.lock_timeout, context_.stop) {}

DuckSession::~DuckSession() {
  if (in_transaction_) {
    const Status undone = rollback();
    if (!undone.ok()) log_debug("closing a session: {}", undone.error().to_text());
  }
  for (const auto& name : staged_) context_.rows->remove(source_name(name));
}

std::string DuckSession::source_name(std::string_view name) const {
  return fmt::format("{}/{}", context_.number, name);
}

Status DuckSession::refuse_write() const {
  if (!context_.is_read_only) return {};
  return Error(ErrorKind::kUsage, "the warehouse is open for reading only");
}

Status DuckSession::retry_locked(const std::function<Status(bool& delivered)>& read) {
  Micros wait = kFirstWait;
  for (int attempt = 1;; ++attempt) {
    bool delivered = false;
    Status status = read(delivered);
    fault_ = connection_.fault();
    if (status.ok() || status.error().kind() != ErrorKind::kConflict) return status;
    if (delivered || in_transaction_ || attempt == kReadAttempts) return status;
    context_.clock->wait_for(wait, {});
    wait = std::min(wait * 2, kLongestWait);
  }
}

// Reads the catalog: only where a long text is staged.
Status DuckSession::keep_long_texts_out(std::string_view sql) {
  if (!context_.is_lake || long_texts_.empty()) return {};
  LongTexts found;
  for (const auto& [name, of_name] : long_texts_) {
    found.in_payloads |= of_name.in_payloads;
    found.in_values |= of_name.in_values;
  }
  const auto target = insert_target(sql);
  if (target.table.empty()) return {};
  FALAJ_ASSIGN(
      const auto known,
      query(fmt::format("SELECT schema_name FROM duckdb_schemas() WHERE database_name = {}",
                        duck::quote_text(context_.database_name))));
  std::vector<std::string> schemas;
  for (const auto& row : known.rows) schemas.push_back(row[0].value_or(""));
  for (const auto& option :
       keep_out_of_catalog_sql(context_.database_name, schemas, target, found)) {
    auto set = connection_.execute(option);
    if (!set.ok())
      return std::move(set).error().while_doing("keeping long texts out of the catalog");
  }
  return {};
}

Result<int64_t> DuckSession::execute(std::string_view sql) {
  if (context_.is_read_only) return connection_.execute(sql);
  if (in_transaction_) {
    FALAJ_TRY(keep_long_texts_out(sql));
    return connection_.execute(sql);
  }
  int64_t changed = 0;
  const Status done = retry_locked([&](bool&) -> Status {
    context_.before_write();
    FALAJ_TRY(lock_.acquire());
    Status ready = keep_long_texts_out(sql);
    auto result = ready.ok() ? connection_.execute(sql) : std::move(ready).error();
    if (result.ok()) context_.after_commit();
    lock_.release();
    if (!result.ok()) return std::move(result).error();
    changed = *result;
    return {};
  });
  if (!done.ok()) return done.error();
  return changed;
}

Result<Table> DuckSession::query(std::string_view sql) {
  Table table;
  const Status done = retry_locked([&](bool&) -> Status {
    FALAJ_ASSIGN(auto result, connection_.query(sql));
    table = header_of(result.columns());
    for (;;) {
      FALAJ_ASSIGN(const duck::Chunk* chunk, result.next_chunk());
      if (chunk == nullptr) return {};
      for (size_t row = 0; row < chunk->row_count(); ++row) {
        auto& cells = table.rows.emplace_back(chunk->column_count());
        for (size_t i = 0; i < cells.size(); ++i) {
          if (!chunk->is_null(i, row)) cells[i] = chunk->render(i, row);
        }
      }
    }
  });
  if (!done.ok()) return done.error();
  return table;
}

Status DuckSession::query_each(
    std::string_view sql, const std::function<void(const Table&)>& on_header,
    const std::function<bool(const std::vector<std::optional<std::string>>&)>& on_row) {
  bool has_header = false;
  return retry_locked([&](bool& delivered) -> Status {
    FALAJ_ASSIGN(auto result, connection_.query(sql));
    // The first chunk before the header: an error in it may be tried again unseen.
    FALAJ_ASSIGN(const duck::Chunk* chunk, result.next_chunk());
    if (!has_header && on_header) on_header(header_of(result.columns()));
    has_header = true;
    delivered = true;
    std::vector<std::optional<std::string>> cells(result.columns().size());
    while (chunk != nullptr) {
      for (size_t row = 0; row < chunk->row_count(); ++row) {
        for (size_t i = 0; i < cells.size(); ++i) {
          cells[i].reset();
          if (!chunk->is_null(i, row)) cells[i] = chunk->render(i, row);
        }
        if (!on_row(cells)) return {};
      }
      FALAJ_ASSIGN(chunk, result.next_chunk());
    }
    return {};
  });
}

Status DuckSession::stage(std::string_view name, std::shared_ptr<const rows::RowBatch> batch) {
  const std::string source = source_name(name);
  const bool is_new = staged_.find(name) == staged_.end();
  const LongTexts found = long_texts_of(*batch);
  context_.rows->add(source, duck::columns_of(std::move(batch)));
  if (found.any()) {
    auto& of_name = long_texts_[std::string(name)];
    of_name.in_payloads |= found.in_payloads;
    of_name.in_values |= found.in_values;
  }
  if (!is_new) return {};
  auto created = connection_.execute(
      fmt::format("CREATE OR REPLACE TEMP VIEW {} AS SELECT * FROM falaj_rows({})",
                  duck::quote_name(name), duck::quote_text(source)));
  if (!created.ok()) {
    context_.rows->remove(source);
    long_texts_.erase(std::string(name));
    return std::move(created).error().while_doing(fmt::format("staging rows as {}", name));
  }
  staged_.emplace(name);
  if (in_transaction_) staged_since_begin_.emplace(name);
  return {};
}

Result<int64_t> DuckSession::fill(std::string_view name, std::string_view select) {
  auto made = connection_.execute(
      fmt::format("CREATE OR REPLACE TEMP TABLE {} AS {}", duck::quote_name(name), select));
  if (!made.ok()) return std::move(made).error().while_doing(fmt::format("filling {}", name));
  filled_.emplace(name);
  FALAJ_ASSIGN(const auto rows,
               connection_.query_int64("SELECT COUNT(*) FROM temp." + duck::quote_name(name)));
  return rows.value_or(0);
}

Status DuckSession::drop_staged(std::string_view name) {
  if (const auto table = filled_.find(name); table != filled_.end()) {
    filled_.erase(table);
    auto dropped =
        connection_.execute(fmt::format("DROP TABLE IF EXISTS temp.{}", duck::quote_name(name)));
    if (!dropped.ok()) return std::move(dropped).error();
  }
  const auto found = staged_.find(name);
  if (found == staged_.end()) return {};
  auto dropped =
      connection_.execute(fmt::format("DROP VIEW IF EXISTS temp.{}", duck::quote_name(name)));
  context_.rows->remove(source_name(name));
  long_texts_.erase(std::string(name));
  staged_.erase(found);
  if (!dropped.ok()) return std::move(dropped).error();
  return {};
}

Status DuckSession::begin() {
  FALAJ_TRY(refuse_write());
  if (in_transaction_) return Error(ErrorKind::kBug, "begin() inside a transaction");
  context_.before_write();
  FALAJ_TRY(lock_.acquire());
  auto begun = connection_.execute("BEGIN TRANSACTION");
  if (!begun.ok()) {
    lock_.release();
    return std::move(begun).error();
  }
  in_transaction_ = true;
  staged_since_begin_.clear();
  return {};
}

Status DuckSession::commit() {
  if (!in_transaction_) return Error(ErrorKind::kBug, "commit() without begin()");
  auto committed = connection_.execute("COMMIT");
  if (!committed.ok()) {
    // DuckDB has rolled back; asking again is harmless and covers the case that it has not.
    (void)connection_.execute("ROLLBACK").ok();
    forget_staged_since_begin();
  } else {
    context_.after_commit();
  }
  in_transaction_ = false;
  lock_.release();
  if (!committed.ok()) return std::move(committed).error().while_doing("committing");
  return {};
}

Status DuckSession::rollback() {
  if (!in_transaction_) return {};
  auto undone = connection_.execute("ROLLBACK");
  in_transaction_ = false;
  lock_.release();
  forget_staged_since_begin();
  if (!undone.ok()) return std::move(undone).error().while_doing("rolling back");
  return {};
}

void DuckSession::forget_staged_since_begin() {
  for (const auto& name : staged_since_begin_) {
    context_.rows->remove(source_name(name));
    long_texts_.erase(name);
    staged_.erase(name);
  }
  staged_since_begin_.clear();
}

Status DuckSession::add_functions(std::string_view sql) {
  FALAJ_ASSIGN([[maybe_unused]] const auto changed, connection_.execute_unrestricted(sql));
  return {};
}

Status DuckSession::look_in(const std::vector<std::string>& schemas) {
  std::string path;
  for (const auto& schema : schemas) path += (path.empty() ? "" : ",") + schema;
  FALAJ_ASSIGN([[maybe_unused]] const auto changed,
               connection_.execute_unrestricted("SET search_path = " + duck::quote_text(path)));
  return {};
}

// Parquet has no 128-bit integers: DuckDB would write them, and so every SUM of integers, as
// doubles.
Result<std::string> DuckSession::parquet_select(std::string_view statement) {
  FALAJ_ASSIGN(auto result,
               connection_.query(fmt::format("SELECT * FROM ({}\n) LIMIT 0", statement)));
  std::set<std::string> casts;
  for (const auto& column : result.columns()) {
    if (column.type_name != "HUGEINT" && column.type_name != "UHUGEINT") continue;
    const auto name = duck::quote_name(column.name);
    casts.insert(fmt::format("CAST({0} AS DECIMAL(38, 0)) AS {0}", name));
  }
  if (casts.empty()) return std::string("SELECT * FROM");
  return fmt::format("SELECT * REPLACE ({}) FROM", fmt::join(casts, ", "));
}

Result<int64_t> DuckSession::write_parquet(std::string_view statement, const std::string& path) {
  int64_t rows = 0;
  size_t before = 0;
  const Status done = retry_locked([&](bool&) -> Status {
    before = 0;
    // Alone first: a text that closes the parentheses around it is found out.
    FALAJ_ASSIGN([[maybe_unused]] auto prepared, connection_.prepare(statement));
    FALAJ_ASSIGN(const auto select, parquet_select(statement));
    const auto begin = fmt::format("COPY ({} (", select);
    before = begin.size();
    FALAJ_ASSIGN(rows, connection_.execute_unrestricted(fmt::format(
                           "{}{}\n)) TO {} (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)",
                           begin, statement, duck::quote_text(path))));
    return {};
  });
  if (!done.ok()) {
    if (fault_ && fault_->at) *fault_->at -= std::min(*fault_->at, before);
    return done.error();
  }
  return rows;
}

void DuckSession::cancel() {
  lock_.cancel();
  connection_.interrupt();
}

}  // namespace falaj::warehouse
