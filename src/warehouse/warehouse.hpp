// The port to a warehouse: sessions that run SQL, take staged rows and commit. load and transform
// are written against it and name no database.
// Shape:    a Session is one connection; SQL is what DuckDB and Snowflake have in common, and the
//           functions that an adapter adds: warehouse/duckdb/prelude.hpp lists them, and
//           surrogate_key().
// Owns:     the Warehouse owns the database; a Session must not outlive it.
// Threads:  Warehouse is safe; a Session belongs to one thread at a time (cancel() is safe).
// Errors:   kUsage = SQL that the warehouse refuses; kRowsRejected = values that do not fit a
//           column (NULL where required, out of range). kConflict = somebody else committed in
//           between: roll back and run the whole transaction again. kOutcomeUnknown = a COMMIT
//           whose answer was lost: look up the package id or the sequence before trying again.
//           Vendor fields are filled.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "rows/row_batch.hpp"

namespace falaj::warehouse {

// A result set as text cells: decimals as plain text, timestamps "YYYY-MM-DD HH:MM:SS.ffffff".
struct Table {
  struct ColumnInfo {
    std::string name;
    std::string type;        // the warehouse's name of the type
    bool is_number = false;  // --json prints integers and doubles bare, decimals quoted
    bool is_decimal = false;
    bool is_bool = false;
  };
  std::vector<ColumnInfo> columns;
  std::vector<std::vector<std::optional<std::string>>> rows;

  // The one value of a one-row one-column result as an integer; 0 for NULL or no row.
  int64_t scalar_int() const;
};

// How a table is to be created; the adapter renders the DDL.
struct TableDefinition {
  std::string schema;  // BRONZE, SILVER, GOLD, OPS
  std::string name;
  rows::Schema columns;
  bool holds_long_text = false;  // raw payloads: own compression and row group settings
  std::string comment;
  std::string
      view_sql;  // not empty: a view, "CREATE OR REPLACE VIEW ..."; columns are those it has
};

// What statements are for: a warehouse that bills by statement writes it beside each of them.
struct StatementTag {
  std::string dag;  // what is being run: "run", "reconcile", "sql", ...
  std::string run;
  std::string task;   // "load", "transform", ...
  std::string model;  // empty: none in particular
  std::string store;  // ids, with commas between; empty: of no store
};

// "7,8,9"; of very many the first ones and how many more.
std::string store_list(const std::vector<int64_t>& stores);

// What was asked of a warehouse that runs elsewhere, by all sessions together: what its bill can be
// compared with.
struct Usage {
  int64_t statements = 0;
  int64_t files = 0;  // uploaded
  int64_t bytes = 0;  // of these files
  Micros waited{0};   // for answers
};

class Session {
 public:
  virtual ~Session() = default;

  // Holds for the statements from now on. What is empty is what the warehouse was opened with.
  virtual void tag_statements(const StatementTag& /*tag*/) {}

  // How many entities a statement that computes their rows should take at once, for its memory; 0:
  // any number.
  virtual int64_t entities_at_once() const { return 0; }
  // After a statement ran out of memory that takes as little at once as it can, a single large row
  // say: whether there is more for the next try.
  virtual bool take_more_memory() { return false; }

  // A statement without a result; the number of rows it changed (0 where that has no meaning).
  virtual Result<int64_t> execute(std::string_view sql) = 0;
  virtual Result<Table> query(std::string_view sql) = 0;
  // Result rows one by one in constant memory; the callback returns false to stop.
  virtual Status query_each(
      std::string_view sql, const std::function<void(const Table&)>& on_header,
      const std::function<bool(const std::vector<std::optional<std::string>>&)>& on_row) = 0;

  // Offers the batch's rows to SQL as a table with that bare name, of the batch's schema; a second
  // batch of the same schema adds to it. Inside a transaction only for a name that was declared.
  // The session keeps the batch, which must not change, until drop_staged(); a rollback forgets
  // what was staged since begin(). NULL in a required column is found when the rows are inserted.
  // An adapter may read the rows in place: their order is lost.
  virtual Status stage(std::string_view name, std::shared_ptr<const rows::RowBatch> batch) = 0;
  // What stage() offered or fill() made under that name is gone.
  virtual Status drop_staged(std::string_view name) = 0;
  // Adds rows to a table: their columns' values, but for columns that have an SQL expression in
  // `constants`. What is wrong with them may come to light by the next statement only.
  virtual Status append(std::string_view table, const std::map<std::string, std::string>& constants,
                        const std::vector<std::shared_ptr<const rows::RowBatch>>& batches);
  // A table of that bare name with the rows of a query ("SELECT ..."), for this session and until
  // drop_staged() or a rollback; its columns are those of the query. The number of rows.
  virtual Result<int64_t> fill(std::string_view name, std::string_view select) = 0;
  // Says before begin() which names stage() and fill() will use in the transaction, with the
  // columns and their order: where making a table ends a transaction (Snowflake), begin() makes
  // them first, and once for all transactions of the session. Another declaration of a name
  // replaces it.
  virtual Status declare(std::string_view name, const rows::Schema& columns) = 0;

  // A write transaction. begin() waits for its turn among all writers of this warehouse, in this
  // and other processes; reads outside a transaction never wait. execute() outside a transaction
  // is one of its own, with the same wait.
  virtual Status begin() = 0;
  virtual Status commit() = 0;
  virtual Status rollback() = 0;

  // Stops the running statement, or the wait in begin(), from another thread: it returns
  // kCancelled. Without effect when nothing runs.
  virtual void cancel() = 0;
};

class Warehouse {
 public:
  virtual ~Warehouse() = default;
  virtual Result<std::unique_ptr<Session>> open_session() = 0;
  // Creates what does not exist, adds missing columns and makes columns of whole numbers decimal where
  // they are defined so; never drops.
  virtual Status create_tables(const std::vector<TableDefinition>& tables) = 0;
  // Threads for the statements from now on; of no effect where the warehouse is not in this
  // process.
  virtual Status set_threads(int threads) = 0;
  // Housekeeping that is due now (e.g. after many commits); cheap when nothing is.
  virtual Status maintain() = 0;
  // "SALLA_DWH": the database that the schemas live in.
  virtual std::string database_name() const = 0;
  // Zeros for a warehouse in this process.
  virtual Usage usage() const { return {}; }
};

// The statement needed more memory than the warehouse has: it may do with fewer entities at once.
bool is_out_of_memory(const Error& error);

// Runs `work` inside a write transaction; on kConflict rolls back and runs it again, `attempts`
// times at the most with growing waits. Any other error rolls back and is returned.
Status in_transaction(Session& session, Clock& clock, int attempts,
                      const std::function<Status(Session&)>& work);

}  // namespace falaj::warehouse
