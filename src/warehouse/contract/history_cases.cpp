#include <fmt/format.h>

#include "warehouse/contract/case_groups.hpp"

namespace falaj::warehouse::contract {
namespace {

constexpr const char* kCount = "SELECT COUNT(*) FROM BRONZE.bronze_orders";

// An instant between two commits, as the warehouse's own clock has it, in AT.
Result<std::string> at_now(ContractRun& run) {
  const auto now = run.value("SELECT CAST(CURRENT_TIMESTAMP AS TIMESTAMP)");
  if (now.starts_with("<")) return Error(ErrorKind::kBadResponse, "no time of day: " + now);
  return fmt::format(" AT (TIMESTAMP => CAST('{}' AS TIMESTAMP))", now);
}

Status reads_the_past(ContractRun& run) {
  FALAJ_TRY(run.load(orders_batch(1, 10)));
  FALAJ_ASSIGN(const auto at, at_now(run));
  FALAJ_TRY(run.load(orders_batch(11, 10)));
  const auto old = run.session().query(kCount + at);
  if (!run.expect_unless(Quirk::kNoTimeTravel, old.ok(), "AT reads the rows of then")) return {};
  run.expect_equal(std::to_string(old->scalar_int()), "10", "rows of then");
  run.expect_value(kCount, "20");
  return {};
}

// Undoing a bad load in place, which keeps the table and its history. The old rows are read before
// anything is deleted.
Status restores_in_place(ContractRun& run) {
  FALAJ_TRY(run.load(orders_batch(1, 10)));
  FALAJ_ASSIGN(const auto at, at_now(run));
  FALAJ_TRY(run.load(orders_batch(11, 10)));
  auto& session = run.session();
  FALAJ_TRY(session.declare("old", orders_definition().columns));
  int64_t seen_after_delete = 0;
  const Status restored = run.in_transaction([&](Session& inside) -> Status {
    FALAJ_TRY(inside.fill("old", "SELECT * FROM BRONZE.bronze_orders" + at));
    FALAJ_TRY(inside.execute("DELETE FROM BRONZE.bronze_orders"));
    FALAJ_ASSIGN(const auto count, inside.query(kCount + at));
    seen_after_delete = count.scalar_int();
    FALAJ_TRY(inside.execute("INSERT INTO BRONZE.bronze_orders SELECT * FROM old"));
    return {};
  });
  if (!run.expect_unless(Quirk::kNoTimeTravel, restored.ok(), "the rows of then are put back"))
    return {};
  run.expect_unless(Quirk::kOwnDeletesHideHistory, seen_after_delete == 10,
                    "AT shows rows that the running transaction has deleted");
  run.expect_value(kCount, "10");
  return {};
}

Status maintenance_changes_nothing(ContractRun& run) {
  OpenMode mode;
  mode.commits_between_maintenance = 5;
  FALAJ_TRY(run.open(mode));
  for (int i = 0; i < 6; ++i) FALAJ_TRY(run.load(orders_batch(i * 20, i % 2 == 0 ? 20 : 3)));
  const std::string sql =
      "SELECT CAST(COUNT(*) AS VARCHAR) || ' ' || CAST(CAST(SUM(order_id) AS BIGINT) AS VARCHAR) "
      "FROM BRONZE.bronze_orders";
  const auto before = run.value(sql);
  FALAJ_TRY(run.warehouse().maintain());
  FALAJ_TRY(run.warehouse().maintain());
  run.expect_value(sql, before);
  run.expect_value(kCount, "69");
  return {};
}

}  // namespace

std::vector<ContractCase> history_cases() {
  return {
      {"time travel", "AT reads the rows of an earlier instant", reads_the_past},
      {"time travel", "a bad load is undone in place", restores_in_place},
      {"maintenance", "housekeeping changes no row", maintenance_changes_nothing},
  };
}

}  // namespace falaj::warehouse::contract
