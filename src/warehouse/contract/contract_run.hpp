// What one case of the contract works with: a warehouse with two tables, a session, and the
// expectations that it notes.
// Shape:    expect() and its kin note what does not hold and go on; a case that cannot go on
//           returns an error, which fails it.
// Owns:     the open warehouse. Threads: confined to one.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "rows/row_batch.hpp"
#include "warehouse/contract/subject.hpp"

namespace falaj::warehouse::contract {

// BRONZE.bronze_orders: a column of each type.
TableDefinition orders_definition();
// OPS.load_packages as far as the cases need it.
TableDefinition books_definition();

using Batch = std::shared_ptr<rows::RowBatch>;
// Rows of bronze_orders of store 7: ids first, first + 1, ...; total_amount = id.
Batch orders_batch(int64_t first, int64_t count, const std::string& text = "{}");

class ContractRun {
 public:
  explicit ContractRun(Subject& subject) : subject_(subject) {}

  // Opens the warehouse, or closes it and opens it again; makes the two tables.
  Status open(const OpenMode& mode = {});
  void close();

  Subject& subject() { return subject_; }
  Clock& clock() { return subject_.clock(); }
  Warehouse& warehouse() { return *warehouse_; }
  Session& session() { return *session_; }

  // A batch of bronze_orders by way of the declared name staged_orders; within a transaction.
  Status insert(Session& session, Batch batch);
  // The same as one transaction.
  Status load(Batch batch);
  Status in_transaction(const std::function<Status(Session&)>& work, int attempts = 5);
  // The first cell; "<null>", "<none>" without a row, "<error: ...>".
  std::string value(const std::string& sql);
  std::string value(Session& session, const std::string& sql);

  bool expect(bool holds, const std::string& what);
  bool expect_equal(const std::string& actual, const std::string& expected,
                    const std::string& what);
  // `sql` yields one cell.
  bool expect_value(const std::string& sql, const std::string& expected);
  bool expect_error(const Status& status, ErrorKind kind, const std::string& what);
  // What the contract asks for; where the quirk is declared it must not hold. Returns `holds`.
  bool expect_unless(Quirk quirk, bool holds, const std::string& what);
  bool has(Quirk quirk) const { return subject_.quirks().has(quirk); }
  // An expression of the common subset.
  void expect_sql(const std::string& expression, const std::string& expected);

  int checks() const { return checks_; }
  const std::vector<std::string>& failures() const { return failures_; }
  const std::set<Quirk>& seen() const { return seen_; }
  const std::set<std::string>& seen_sql() const { return seen_sql_; }

 private:
  Subject& subject_;
  std::unique_ptr<Warehouse> warehouse_;
  std::unique_ptr<Session> session_;
  int checks_ = 0;
  std::vector<std::string> failures_;
  std::set<Quirk> seen_;
  std::set<std::string> seen_sql_;
};

}  // namespace falaj::warehouse::contract
