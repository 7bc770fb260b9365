// One Snowflake session. See the port for what it promises.
// A connection about which something is in doubt (no answer, a COMMIT that may have been done) is
// given up and signed in anew before the next transaction: logging out rolls back what it had
// open, and staged rows are uploaded again.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "warehouse/snowflake/driver.hpp"
#include "warehouse/snowflake/snowflake_options.hpp"
#include "warehouse/snowflake/upload.hpp"
#include "warehouse/warehouse.hpp"

namespace falaj::warehouse {

struct SnowflakeContext {
  std::shared_ptr<DriverDatabase> database;
  // Opened by the first session that uploads.
  std::function<Result<ParquetWriter*>()> writer;
  bool is_read_only = false;
  std::string schema;       // where the stage is
  std::string holder;       // who takes the turn to write
  std::string unique_name;  // of this session, for its stage and files
  std::string dag;
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
  Status fill(std::string_view name, std::string_view select) override;
  Status declare(std::string_view name, const rows::Schema& columns) override;
  Status begin() override;
  Status commit() override;
  Status rollback() override;
  void cancel() override;

 private:
  // A temporary table of this session.
  struct Scratch {
    rows::Schema columns;
    bool is_declared = false;
    bool exists = false;    // in the session, with these columns
    bool has_rows = false;  // there
    std::vector<Batch> batches;
    size_t uploaded = 0;  // of the batches
  };
  using Scratches = std::map<std::string, Scratch, std::less<>>;

  Status refuse_write(std::string_view sql) const;
  // Signs in if need be. Within a transaction a lost connection is an error.
  Status ensure_connected();
  void disconnect();
  // Remembers whether the connection is in doubt.
  Error noted(Error error);
  Result<DriverResult> run(const std::string& sql);
  Result<int64_t> run_to_end(const std::string& sql);
  Status make_scratch(std::string_view name, Scratch& scratch);
  Status make_stage();
  Status upload_waiting();
  Status upload(const std::string& name, Scratch& scratch);
  Status copy_into(const std::string& name, const Scratch& scratch, const std::string& folder,
                   const std::vector<ParquetFile>& files);
  void forget_changes_since_begin();
  std::string stage_name() const;

  SnowflakeContext context_;
  std::string query_tag_;
  std::mutex mutex_;  // of the pointer below, for cancel()
  std::unique_ptr<DriverConnection> connection_;
  bool is_in_doubt_ = false;
  bool in_transaction_ = false;
  bool has_stage_ = false;
  int uploads_ = 0;
  Scratches scratches_;
  std::set<std::string, std::less<>> changed_since_begin_;
};

}  // namespace falaj::warehouse
