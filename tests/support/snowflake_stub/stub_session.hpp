// One session of the stub: runs statements in a DuckDB that stands for the account's database.
// What Snowflake does and DuckDB does not is done here: a definition ends an open transaction, an
// UPDATE, DELETE or MERGE of a shared table waits for the writer before it, a transaction whose
// client has been silent for long is rolled back when it is in another's way, and COPY reads what
// PUT has put.
// Threads:  a session runs one statement at a time; stop() is safe from any other.
// Errors:   StubError as Snowflake numbers them.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "duck/connection.hpp"
#include "duck/database.hpp"

namespace falaj::test {

struct StubError {
  std::string code;  // "002003"
  std::string sql_state;
  std::string message;
};

// Of a statement; `rows` as the protocol's JSON has them.
struct StubResult {
  Json::Array row_type;
  Json::Array rows;
  int64_t statement_type = 4096;
  std::optional<StubError> error;
};

class StubSession;

// Whose transaction holds the locks of shared tables: one at a time.
class WriterLocks {
 public:
  explicit WriterLocks(std::chrono::milliseconds silence_allowed) : silence_(silence_allowed) {}
  // False when `is_stopped` says so. A holder that has been silent for too long is rolled back.
  bool take(StubSession& session, const std::function<bool()>& is_stopped);
  void release(const StubSession& session);
  void wake() { changed_.notify_all(); }

 private:
  std::chrono::milliseconds silence_;
  std::mutex mutex_;
  std::condition_variable changed_;
  StubSession* holder_ = nullptr;
};

class StubSession {
 public:
  struct Options {
    std::string database;
    std::string schema;
    std::string stage_root;  // folder of all stages
  };
  StubSession(duck::Database& database, WriterLocks& locks, Options options);
  ~StubSession();
  StubSession(const StubSession&) = delete;
  StubSession& operator=(const StubSession&) = delete;

  // `rejects_first_file`: COPY says so of it, and its rows stay out.
  StubResult run(const std::string& sql, bool rejects_first_file = false);
  // Stops what runs; it ends with 000604.
  void stop();
  // What logging out does.
  void roll_back();

  bool in_transaction() const { return in_transaction_; }
  // Definitions that ended a transaction: falaj must not send any.
  int transactions_ended_by_definition() const { return ended_by_definition_; }
  // Where a file of that PUT goes.
  std::string file_path(const std::string& sql) const;

  // For WriterLocks: since when no statement has run; nothing while one does.
  std::optional<std::chrono::steady_clock::time_point> idle_since();

 private:
  StubResult run_now(const std::string& sql, bool rejects_first_file);
  StubResult define(const std::string& sql);
  StubResult change(const std::string& sql, int64_t statement_type);
  StubResult select(const std::string& sql);
  StubResult copy(const std::string& sql, bool rejects_first_file);
  std::optional<StubError> begin_if_needed();
  void end_transaction(const char* how);
  std::string stage_folder(const std::string& stage, const std::string& folder) const;

  WriterLocks& locks_;
  Options options_;
  std::mutex mutex_;  // of a statement
  std::optional<duck::Connection> connection_;
  std::mutex idle_mutex_;
  std::optional<std::chrono::steady_clock::time_point> idle_since_;
  std::atomic<bool> is_stopped_ = false;
  std::atomic<bool> in_transaction_ = false;
  bool has_begun_ = false;  // in DuckDB: with the first statement, so that it sees all before it
  int ended_by_definition_ = 0;
};

// A column as a result's "rowtype" has it.
Json column(const std::string& name, const char* type, int precision = 0, int scale = 0);

// A one-row result of text, as statements without rows answer.
StubResult status_result(const std::string& text, int64_t statement_type);

}  // namespace falaj::test
