// One session of a Snowflake warehouse. See the port for what it promises.
// Rows that are staged or appended wait until the next statement, and are uploaded before it.
// Appended ones go straight into their table. Temporary tables are emptied when somebody is
// about to read or fill them again, not when their rows are dropped: a statement costs more there
// than rows.
// A connection about which something is in doubt (no answer, a COMMIT that may have been done) is
// given up and signed in again before the next transaction: logging out rolls back what it had
// open, and staged rows are uploaded again.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "warehouse/snowflake/link.hpp"
#include "warehouse/snowflake/snowflake_options.hpp"
#include "warehouse/snowflake/upload.hpp"
#include "warehouse/snowflake/usage_meter.hpp"
#include "warehouse/snowflake/writer_turn.hpp"
#include "warehouse/warehouse.hpp"

namespace falaj::warehouse {

struct SnowflakeContext {
  std::shared_ptr<LinkPool> links;
  std::shared_ptr<WriterTurn> turn;
  // Opened by the first session that uploads.
  std::function<Result<ParquetWriter*>()> writer;
  bool is_read_only = false;
  std::string schema;  // where the stage is
  StatementTag tag;    // what tag_statements() leaves empty
  int upload_threads = 4;
  UsageMeter* meter = nullptr;   // of the warehouse
  const Clock* clock = nullptr;  // of the warehouse
};

class SnowflakeSession final : public Session {
 public:
  explicit SnowflakeSession(SnowflakeContext context);
  ~SnowflakeSession() override;

  void tag_statements(const StatementTag& tag) override;
  Result<int64_t> execute(std::string_view sql) override;
  Result<Table> query(std::string_view sql) override;
  Status query_each(
      std::string_view sql, const std::function<void(const Table&)>& on_header,
      const std::function<bool(const std::vector<std::optional<std::string>>&)>& on_row) override;
  Status stage(std::string_view name, std::shared_ptr<const rows::RowBatch> batch) override;
  Status drop_staged(std::string_view name) override;
  Status append(std::string_view table, const std::map<std::string, std::string>& constants,
                const std::vector<Batch>& batches) override;
  Result<int64_t> fill(std::string_view name, std::string_view select) override;
  Status declare(std::string_view name, const rows::Schema& columns) override;
  Status begin() override;
  Status commit() override;
  Status rollback() override;
  void cancel() override;

 private:
  // A temporary table as the callers see it.
  struct Scratch {
    rows::Schema columns;
    bool is_declared = false;
    std::vector<Batch> batches;
    size_t uploaded = 0;  // of the batches
  };
  // Rows for one COPY.
  struct Upload {
    std::string table;  // SQL
    std::map<std::string, std::string> constants;
    std::vector<Batch> batches;
  };

  Status refuse_write(std::string_view sql) const;
  // Signs in if need be. Within a transaction a lost connection is an error.
  Status ensure_connected();
  void disconnect();
  // Remembers whether the connection is in doubt.
  Error noted(Error error);
  Result<DriverResult> run(const std::string& sql);
  Result<int64_t> run_to_end(const std::string& sql);
  // What must be done before a statement that may read what waits, or stale rows.
  Status make_ready_for(std::string_view sql);
  Status renew_turn();
  WriterTurn::Statements turn_statements();
  void end_turn();

  Status make_scratch(std::string_view name, const rows::Schema& columns);
  Status empty_scratch(std::string_view name);
  Status make_stage();
  Status upload_waiting();
  Status upload_scratch(const std::string& name, Scratch& scratch);
  Status upload(Upload upload);
  Status copy(const Upload& upload, const std::string& folder,
              const std::vector<ParquetFile>& files);
  void forget_changes_since_begin();
  std::string stage_name() const;

  SnowflakeContext context_;
  std::string query_tag_;
  std::mutex mutex_;  // of the pointer and the stop below, for cancel()
  std::unique_ptr<Link> link_;
  std::stop_source stop_;
  bool is_in_doubt_ = false;
  bool in_transaction_ = false;
  std::map<std::string, Scratch, std::less<>> scratches_;
  std::vector<Upload> appends_;
  std::set<std::string, std::less<>> changed_since_begin_;
};

}  // namespace falaj::warehouse
