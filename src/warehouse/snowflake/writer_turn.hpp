// Whose turn it is to write to a Snowflake database, among all machines: a lease in a row of
// OPS.WRITER_TURN. It is given back inside the transaction, so that a turn that was lost meanwhile
// is noticed before COMMIT. Who waits next in line has a second row, so that a writer that comes
// back at once does not starve the others.
// A writer is known by a name that outlives its process: the next run of a home takes up the lease
// that a killed one left; other writers wait until it has run out.
// Threads:  safe: sessions of one warehouse wait for each other here, without asking Snowflake.
// Errors:   kConflict (lost), kTimeout (waited for too long), kCancelled, kInvalidConfig (no rows).
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "warehouse/warehouse.hpp"

namespace falaj::warehouse {

class WriterTurn {
 public:
  struct Statements {
    std::function<Result<int64_t>(const std::string& sql)> execute;  // rows changed
    std::function<Result<Table>(const std::string& sql)> query;
  };

  // A lease of `lease`; `clock` must outlive this.
  WriterTurn(std::string writer, std::chrono::seconds lease, Clock& clock)
      : writer_(std::move(writer)), lease_(lease), clock_(clock) {}

  // The rows that must be there.
  static TableDefinition table();
  static std::string fill_sql();

  // Outside a transaction. Whoever has taken it calls leave() in the end.
  Status take(const Statements& statements, std::stop_token stop);
  // In the transaction, right before its COMMIT.
  Status give_back(const Statements& statements);
  // Outside, after a rollback.
  Status give_up(const Statements& statements);
  // Lets the other sessions of this process have it.
  void leave();

  // A third of the lease is over: renew() it, in a session without a transaction.
  bool is_due() const;
  Status renew(const Statements& statements);

 private:
  Status wait_for_lease(const Statements& statements, const std::stop_token& stop);
  Result<bool> try_to_take(const Statements& statements);
  Status wait_in_line(const Statements& statements, const std::stop_token& stop);
  Result<std::string> holder(const Statements& statements) const;

  std::string writer_;
  std::chrono::seconds lease_;
  Clock& clock_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  bool is_taken_ = false;
  Micros leased_at_{0};
};

}  // namespace falaj::warehouse
