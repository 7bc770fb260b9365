// One connection to the embedded warehouse. See the port for what it promises.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "duck/connection.hpp"
#include "duck/row_source.hpp"
#include "warehouse/duckdb/duck_warehouse.hpp"
#include "warehouse/duckdb/long_texts.hpp"
#include "warehouse/duckdb/writer_lock.hpp"
#include "warehouse/warehouse.hpp"

namespace falaj::warehouse {

// What a session shares with its warehouse.
struct SessionContext {
  duck::RowSource* rows = nullptr;
  Clock* clock = nullptr;
  std::string lock_path;
  std::chrono::seconds lock_timeout{600};
  std::stop_token stop;  // ends a wait for the lock
  bool is_read_only = false;
  bool is_lake = false;
  std::string database_name;
  int64_t entities_at_once = 0;
  int number = 0;                      // makes staged names unique in the process
  std::function<void()> before_write;  // starts the keeper
  std::function<void()> after_commit;  // still under the lock
  std::function<bool()> take_more_memory;
};

class DuckSession final : public Session {
 public:
  DuckSession(duck::Connection connection, SessionContext context);
  ~DuckSession() override;

  Result<int64_t> execute(std::string_view sql) override;
  Result<Table> query(std::string_view sql) override;
  Status query_each(
      std::string_view sql, const std::function<void(const Table&)>& on_header,
      const std::function<bool(const std::vector<std::optional<std::string>>&)>& on_row) override;
  Status stage(std::string_view name, std::shared_ptr<const rows::RowBatch> batch) override;
  Status drop_staged(std::string_view name) override;
  Result<int64_t> fill(std::string_view name, std::string_view select) override;
  int64_t entities_at_once() const override { return context_.entities_at_once; }
  bool take_more_memory() override { return context_.take_more_memory(); }
  // DuckDB makes temporary tables inside a transaction too.
  Status declare(std::string_view /*name*/, const rows::Schema& /*columns*/) override { return {}; }
  Status begin() override;
  Status commit() override;
  Status rollback() override;
  void cancel() override;

  // For a console: what DuckDB says of the statement that failed, with its place.
  Status keep_faults() { return connection_.keep_faults(); }
  const std::optional<duck::SqlFault>& fault() const { return fault_; }
  // Macros and types of this session.
  Status add_functions(std::string_view sql);
  // Where names without a schema are looked for, in this order.
  Status look_in(const std::vector<std::string>& schemas);
  // The rows of a statement that reads, as a Parquet file; their number.
  Result<int64_t> write_parquet(std::string_view statement, const std::string& path);

 private:
  std::string source_name(std::string_view name) const;
  Status refuse_write() const;
  void forget_staged_since_begin();
  Result<std::string> parquet_select(std::string_view statement);
  Status keep_long_texts_out(std::string_view sql);
  // Runs `read` again after a wait while the catalog is locked and nothing was delivered.
  Status retry_locked(const std::function<Status(bool& delivered)>& read);

  duck::Connection connection_;
  SessionContext context_;
  WriterLock lock_;
  bool in_transaction_ = false;
  std::optional<duck::SqlFault> fault_;
  std::set<std::string, std::less<>> filled_;
  std::set<std::string, std::less<>> staged_;
  std::set<std::string, std::less<>> staged_since_begin_;
  std::map<std::string, LongTexts> long_texts_;  // by staged name
};

}  // namespace falaj::warehouse
