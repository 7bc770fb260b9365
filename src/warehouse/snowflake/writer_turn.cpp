#include "warehouse/snowflake/writer_turn.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/log.hpp"
#include "base/waits.hpp"
#include "warehouse/snowflake/ddl.hpp"

namespace falaj::warehouse {
namespace {

using snowflake::literal;

constexpr Micros kFirstWait = std::chrono::milliseconds(100);
constexpr Micros kLongestWait = std::chrono::seconds(1);
// Who is next in line asks again much sooner than this.
constexpr std::chrono::seconds kQueueLease{10};
constexpr int kLeasesToWait = 2;

// The server's, since the clocks of two machines differ.
constexpr const char* kNow = "CAST(CURRENT_TIMESTAMP AS TIMESTAMP_NTZ)";

std::string until(std::chrono::seconds lease) {
  return fmt::format("DATEADD('second', {}, {})", lease.count(), kNow);
}

std::string take_sql(const std::string& writer, std::chrono::seconds lease) {
  return fmt::format(
      "UPDATE OPS.WRITER_TURN SET HOLDER = {0}, TURN = TURN + 1, TAKEN_AT = {1}, HELD_UNTIL = {2} "
      "WHERE SLOT = 'turn' AND (HOLDER IS NULL OR HOLDER = {0} OR HELD_UNTIL < {1}) AND (SELECT "
      "COUNT(*) FROM OPS.WRITER_TURN WHERE SLOT = 'next' AND HOLDER <> {0} AND HELD_UNTIL >= {1}) "
      "= 0",
      literal(writer), kNow, until(lease));
}

std::string queue_sql(const std::string& writer) {
  return fmt::format(
      "UPDATE OPS.WRITER_TURN SET HOLDER = {0}, TURN = TURN + 1, TAKEN_AT = {1}, HELD_UNTIL = {2} "
      "WHERE SLOT = 'next' AND (HOLDER IS NULL OR HOLDER = {0} OR HELD_UNTIL < {1})",
      literal(writer), kNow, until(kQueueLease));
}

std::string free_sql(const char* slot, const std::string& writer) {
  return fmt::format(
      "UPDATE OPS.WRITER_TURN SET HOLDER = NULL, HELD_UNTIL = NULL WHERE SLOT = '{}' AND HOLDER = "
      "{}",
      slot, literal(writer));
}

}  // namespace

TableDefinition WriterTurn::table() {
  using rows::ColumnType;
  return {.schema = "OPS",
          .name = "writer_turn",
          .columns = {{{"slot", ColumnType::kText},
                       {"holder", ColumnType::kText},
                       {"turn", ColumnType::kBigInt},
                       {"taken_at", ColumnType::kTimestamp},
                       {"held_until", ColumnType::kTimestamp}}},
          .comment = "which machine writes (turn) and which one is next in line, until when"};
}

std::string WriterTurn::fill_sql() {
  return "INSERT INTO OPS.WRITER_TURN (SLOT, TURN) SELECT s.SLOT, 0 FROM (SELECT 'turn' AS SLOT "
         "UNION ALL SELECT 'next') AS s WHERE s.SLOT NOT IN (SELECT COALESCE(SLOT, '') FROM "
         "OPS.WRITER_TURN)";
}

Status WriterTurn::take(const Statements& statements, std::stop_token stop) {
  {
    std::unique_lock lock(mutex_);
    if (!changed_.wait(lock, stop, [this] { return !is_taken_; })) {
      return Error(ErrorKind::kCancelled, "stopped while waiting for the turn to write");
    }
    is_taken_ = true;
  }
  Status taken = wait_for_lease(statements, stop);
  if (!taken.ok()) leave();
  return taken;
}

Status WriterTurn::wait_for_lease(const Statements& statements, const std::stop_token& stop) {
  FALAJ_ASSIGN(const bool is_free, try_to_take(statements));
  if (is_free) return {};
  FALAJ_ASSIGN(const auto other, holder(statements));
  log_info("waiting for the turn to write to Snowflake, which {} has", other);
  Status waited;
  {
    const ShownWait shown(&clock_, {WaitFor::kWriterTurn, "Snowflake", other + " has it",
                                    kLeasesToWait * lease_, true});
    waited = wait_in_line(statements, stop);
  }
  auto left = statements.execute(free_sql("next", writer_));
  if (waited.ok() && !left.ok()) waited = std::move(left).error();
  return waited;
}

Result<bool> WriterTurn::try_to_take(const Statements& statements) {
  const auto asked_at = clock_.steady_now();
  FALAJ_ASSIGN(const int64_t taken, statements.execute(take_sql(writer_, lease_)));
  if (taken == 0) return false;
  const std::lock_guard lock(mutex_);
  leased_at_ = asked_at;
  return true;
}

Status WriterTurn::wait_in_line(const Statements& statements, const std::stop_token& stop) {
  const auto give_up_at = clock_.steady_now() + kLeasesToWait * lease_;
  for (Micros wait = kFirstWait;; wait = std::min(wait * 2, kLongestWait)) {
    FALAJ_TRY(statements.execute(queue_sql(writer_)));
    if (!clock_.wait_for(wait, stop)) {
      return Error(ErrorKind::kCancelled, "stopped while waiting for the turn to write");
    }
    FALAJ_ASSIGN(const bool is_free, try_to_take(statements));
    if (is_free) return {};
    if (clock_.steady_now() < give_up_at) continue;
    FALAJ_ASSIGN(const auto other, holder(statements));
    return Error(ErrorKind::kTimeout,
                 fmt::format("waited {} s for the turn to write, which {} has: is it another falaj "
                             "that never comes to an end?",
                             (kLeasesToWait * lease_).count(), other));
  }
}

Result<std::string> WriterTurn::holder(const Statements& statements) const {
  FALAJ_ASSIGN(const auto found,
               statements.query("SELECT COALESCE(HOLDER, 'who is next in line'), "
                                "COALESCE(CAST(HELD_UNTIL AS VARCHAR), 'now') FROM OPS.WRITER_TURN "
                                "WHERE SLOT = 'turn'"));
  if (found.rows.empty()) {
    return Error(
        ErrorKind::kInvalidConfig,
        "OPS.WRITER_TURN has no rows, so that nobody may write; as falaj's role: " + fill_sql());
  }
  return fmt::format("{} (until {})", found.rows[0][0].value_or(""), found.rows[0][1].value_or(""));
}

Status WriterTurn::give_back(const Statements& statements) {
  FALAJ_ASSIGN(const int64_t rows, statements.execute(free_sql("turn", writer_)));
  if (rows > 0) return {};
  FALAJ_ASSIGN(const auto other, holder(statements));
  return Error(ErrorKind::kConflict,
               fmt::format("the turn to write was lost before COMMIT: the transaction took longer "
                           "than {} s or was ended by somebody, and {} has the turn now; nothing "
                           "of it is kept",
                           lease_.count(), other));
}

Status WriterTurn::give_up(const Statements& statements) {
  FALAJ_TRY(statements.execute(free_sql("turn", writer_)));
  return {};
}

void WriterTurn::leave() {
  {
    const std::lock_guard lock(mutex_);
    is_taken_ = false;
  }
  changed_.notify_all();
}

bool WriterTurn::is_due() const {
  const std::lock_guard lock(mutex_);
  return is_taken_ && clock_.steady_now() - leased_at_ > lease_ / 3;
}

Status WriterTurn::renew(const Statements& statements) {
  const auto asked_at = clock_.steady_now();
  FALAJ_ASSIGN(const int64_t rows,
               statements.execute(fmt::format("UPDATE OPS.WRITER_TURN SET HELD_UNTIL = {} WHERE "
                                              "SLOT = 'turn' AND HOLDER = {}",
                                              until(lease_), literal(writer_))));
  if (rows == 0) {
    return Error(ErrorKind::kConflict, "the turn to write was lost while the transaction ran");
  }
  const std::lock_guard lock(mutex_);
  leased_at_ = asked_at;
  return {};
}

}  // namespace falaj::warehouse
