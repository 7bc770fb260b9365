#include <atomic>
#include <thread>

#include "warehouse/contract/case_groups.hpp"

namespace falaj::warehouse::contract {
namespace {

constexpr const char* kCount = "SELECT COUNT(*) FROM BRONZE.bronze_orders";
constexpr const char* kBooks = "SELECT COUNT(*) FROM OPS.load_packages";

Status rolls_back(ContractRun& run) {
  auto& session = run.session();
  FALAJ_TRY(run.load(orders_batch(1, 10)));
  FALAJ_TRY(session.begin());
  FALAJ_TRY(run.insert(session, orders_batch(100, 10)));
  FALAJ_TRY(session.execute("INSERT INTO OPS.load_packages VALUES ('P1', 10)"));
  FALAJ_TRY(session.execute("UPDATE BRONZE.bronze_orders SET raw_data = 'x' WHERE order_id < 5"));
  FALAJ_TRY(session.execute("DELETE FROM BRONZE.bronze_orders WHERE order_id = 7"));
  run.expect_value(kCount, "19");
  FALAJ_TRY(session.rollback());
  run.expect_value(kCount, "10");
  run.expect_value(std::string(kCount) + " WHERE raw_data = 'x'", "0");
  run.expect_value(kBooks, "0");
  run.expect(session.rollback().ok(), "a second rollback has nothing to do");
  const auto left = session.query("SELECT COUNT(*) FROM staged_orders");
  run.expect(!left.ok() || left->scalar_int() == 0, "what was staged is gone with the transaction");
  FALAJ_TRY(run.load(orders_batch(100, 10)));
  run.expect_value(kCount, "20");
  return {};
}

Status commits_tables_together(ContractRun& run) {
  FALAJ_ASSIGN(auto other, run.warehouse().open_session());
  const auto work = [&](Session& session) -> Status {
    FALAJ_TRY(run.insert(session, orders_batch(1, 100)));
    FALAJ_TRY(session.execute("INSERT INTO OPS.load_packages VALUES ('P1', 100)"));
    FALAJ_TRY(session.execute("UPDATE OPS.load_packages SET loaded = loaded + 1"));
    run.expect_equal(run.value(*other, kCount), "0", "rows that others see before COMMIT");
    run.expect_equal(run.value(*other, kBooks), "0", "books that others see before COMMIT");
    return {};
  };
  FALAJ_TRY(run.in_transaction(work));
  run.expect_equal(run.value(*other, kCount), "100", "rows that others see");
  run.expect_equal(run.value(*other, "SELECT loaded FROM OPS.load_packages"), "101",
                   "books that others see");
  return {};
}

Status ends_with_its_session(ContractRun& run) {
  {
    FALAJ_ASSIGN(auto other, run.warehouse().open_session());
    FALAJ_TRY(other->begin());
    FALAJ_TRY(other->execute("INSERT INTO OPS.load_packages VALUES ('P1', 1)"));
  }
  FALAJ_TRY(run.load(orders_batch(1, 1)).while_doing("writing after the other session has gone"));
  run.expect_value(kBooks, "0");
  return {};
}

Status runs_again_after_a_conflict(ContractRun& run) {
  int runs = 0;
  const auto succeeds_at_last = [&](Session& session) -> Status {
    FALAJ_TRY(run.insert(session, orders_batch(1, 1)));
    if (++runs < 3) return Error(ErrorKind::kConflict, "a conflict (made up)");
    return {};
  };
  FALAJ_TRY(run.in_transaction(succeeds_at_last, 3));
  run.expect_equal(std::to_string(runs), "3", "times it was run");
  run.expect_value(kCount, "1");
  runs = 0;
  const Status failed = run.in_transaction(
      [&](Session&) -> Status {
        ++runs;
        return Error(ErrorKind::kConflict, "a conflict (made up)");
      },
      2);
  run.expect_error(failed, ErrorKind::kConflict, "a conflict that stays");
  run.expect_equal(std::to_string(runs), "2", "times it was run");
  return {};
}

Status survives_an_error_inside(ContractRun& run) {
  auto& session = run.session();
  FALAJ_TRY(session.begin());
  FALAJ_TRY(session.execute("INSERT INTO OPS.load_packages VALUES ('P1', 1)"));
  run.expect(!session.execute("INSERT INTO OPS.nowhere VALUES (1)").ok(), "the statement fails");
  FALAJ_TRY(session.rollback());
  run.expect_value(kBooks, "0");
  FALAJ_TRY(run.load(orders_batch(1, 3)));
  run.expect_value(kCount, "3");
  run.expect(!session.commit().ok(), "COMMIT without a transaction is refused");
  return {};
}

// Until it goes it cancels what the session does.
class Canceller {
 public:
  explicit Canceller(Session& session)
      : thread_([this, &session] {
          while (!done_) {
            session.cancel();
            std::this_thread::yield();
          }
        }) {}
  ~Canceller() {
    done_ = true;
    thread_.join();
  }
  Canceller(const Canceller&) = delete;
  Canceller& operator=(const Canceller&) = delete;

 private:
  std::atomic<bool> done_{false};
  std::thread thread_;
};

Status waits_for_its_turn(ContractRun& run) {
  FALAJ_ASSIGN(auto other, run.warehouse().open_session());
  FALAJ_TRY(other->begin());
  Status waited;
  {
    const Canceller canceller(run.session());
    waited = run.session().begin();
  }
  run.expect_error(waited, ErrorKind::kCancelled, "the wait of a second writer, when cancelled");
  FALAJ_TRY(other->rollback());
  FALAJ_TRY(run.session().begin().while_doing("beginning when the other writer has ended"));
  return run.session().rollback();
}

Status cancels_a_statement(ContractRun& run) {
  const auto since = run.clock().steady_now();
  Status stopped;
  {
    const Canceller canceller(run.session());
    auto result = run.session().query(run.subject().slow_query());
    if (!result.ok()) stopped = std::move(result).error();
  }
  run.expect_error(stopped, ErrorKind::kCancelled, "a query that is cancelled");
  run.expect(run.clock().steady_now() - since < std::chrono::seconds(30), "it stops at once");
  FALAJ_TRY(run.load(orders_batch(1, 1)).while_doing("loading after a cancelled statement"));
  run.expect_value(kCount, "1");
  return {};
}

}  // namespace

std::vector<ContractCase> transaction_cases() {
  return {
      {"transactions", "several tables are committed together, and not seen before",
       commits_tables_together},
      {"transactions", "a transaction is run again after a conflict, so many times",
       runs_again_after_a_conflict},
      {"transactions", "a second writer waits for its turn", waits_for_its_turn},
      {"rollback", "everything in several tables is undone, what was staged too", rolls_back},
      {"rollback", "a transaction ends with its session", ends_with_its_session},
      {"rollback", "after an error inside a transaction the session works on",
       survives_an_error_inside},
      {"cancel", "a running statement stops, and the session works on", cancels_a_statement},
  };
}

}  // namespace falaj::warehouse::contract
