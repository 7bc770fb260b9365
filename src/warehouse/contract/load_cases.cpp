#include <fmt/format.h>

#include "warehouse/contract/case_groups.hpp"

namespace falaj::warehouse::contract {
namespace {

constexpr const char* kCount = "SELECT COUNT(*) FROM BRONZE.bronze_orders";

Status keeps_rows(ContractRun& run) {
  FALAJ_TRY(run.load(orders_batch(1, 5000)));
  run.expect_value(kCount, "5000");
  run.expect_value("SELECT CAST(SUM(total_amount) AS DECIMAL(18,4)) FROM bronze.BRONZE_ORDERS",
                   "12502500.0000");
  FALAJ_TRY(run.open());
  run.expect_value(kCount, "5000");
  run.expect_value(
      fmt::format("SELECT COUNT(*) FROM {}.BRONZE.bronze_orders", run.warehouse().database_name()),
      "5000");
  return {};
}

Status adds_up_batches(ContractRun& run) {
  auto& session = run.session();
  FALAJ_TRY(session.stage("part", orders_batch(1, 3000)));
  FALAJ_TRY(session.stage("part", orders_batch(3001, 10)));
  run.expect_value("SELECT COUNT(*) FROM part", "3010");
  run.expect_value("SELECT COUNT(DISTINCT order_id) FROM part WHERE raw_data IS NOT NULL", "3010");
  FALAJ_TRY(session.drop_staged("part"));
  run.expect(!session.query("SELECT COUNT(*) FROM part").ok(), "what was dropped is gone");
  FALAJ_TRY(session.stage("part", orders_batch(1, 2)));
  run.expect_value("SELECT COUNT(*) FROM part", "2");
  FALAJ_ASSIGN(auto other, run.warehouse().open_session());
  run.expect(!other->query("SELECT COUNT(*) FROM part").ok(), "staged rows are of one session");
  FALAJ_TRY(other->stage("part", orders_batch(1, 4)));
  run.expect_value("SELECT COUNT(*) FROM part", "2");
  return {};
}

Status loads_an_empty_batch(ContractRun& run) {
  FALAJ_TRY(run.load(orders_batch(1, 0)));
  run.expect_value(kCount, "0");
  FALAJ_TRY(run.load(orders_batch(1, 1)));
  run.expect_value(kCount, "1");
  return {};
}

// What the loader does: the package's id is committed with its rows, and asked for before.
Status load_package(ContractRun& run, const std::string& package, Batch batch) {
  return run.in_transaction([&](Session& session) -> Status {
    FALAJ_ASSIGN(const auto known,
                 session.query(fmt::format(
                     "SELECT COUNT(*) FROM OPS.load_packages WHERE package_id = '{}'", package)));
    if (known.scalar_int() > 0) return {};
    FALAJ_TRY(run.insert(session, batch));
    FALAJ_TRY(session.execute(fmt::format("INSERT INTO OPS.load_packages VALUES ('{}', {})",
                                          package, batch->row_count())));
    return {};
  });
}

Status loads_a_package_once(ContractRun& run) {
  for (int attempt = 0; attempt < 3; ++attempt) {
    FALAJ_TRY(load_package(run, "P1", orders_batch(1, 100)));
    FALAJ_TRY(run.open());  // another process
  }
  FALAJ_TRY(load_package(run, "P2", orders_batch(101, 50)));
  run.expect_value(kCount, "150");
  run.expect_value("SELECT COUNT(DISTINCT order_id) FROM BRONZE.bronze_orders", "150");
  run.expect_value("SELECT CAST(SUM(loaded) AS BIGINT) FROM OPS.load_packages", "150");
  return {};
}

Status reloads_in_place(ContractRun& run) {
  FALAJ_TRY(run.load(orders_batch(1, 200, "first")));
  const auto work = [&](Session& session) -> Status {
    FALAJ_TRY(
        session.execute("DELETE FROM BRONZE.bronze_orders WHERE order_id BETWEEN 51 AND 100"));
    return run.insert(session, orders_batch(51, 50, "again"));
  };
  FALAJ_TRY(run.in_transaction(work));
  run.expect_value(kCount, "200");
  run.expect_value("SELECT COUNT(*) FROM BRONZE.bronze_orders WHERE raw_data = 'again'", "50");
  run.expect_value("SELECT COUNT(DISTINCT order_id) FROM BRONZE.bronze_orders", "200");
  return {};
}

Status refuses_null_where_required(ContractRun& run) {
  auto batch = orders_batch(1, 1);
  batch->set_number(0, 1);
  batch->finish_row();  // no order_id
  const Status refused = run.load(batch);
  run.expect(!refused.ok(), "NULL in a required column is refused");
  if (!refused.ok()) {
    const bool is_of_rows = refused.error().kind() == ErrorKind::kRowsRejected;
    run.expect_unless(Quirk::kNullRefusedAsUnavailable, is_of_rows,
                      "the refusal says that rows are wrong: " + refused.error().to_text());
  }
  run.expect_value(kCount, "0");
  FALAJ_TRY(run.load(orders_batch(1, 1)).while_doing("loading after a refusal"));
  run.expect_value(kCount, "1");
  return {};
}

// Columns of staged rows are found by name, whatever their order in the statement.
Status copies_columns_by_name(ContractRun& run) {
  FALAJ_TRY(run.session().stage("part", orders_batch(5, 1, "text")));
  const auto work = [](Session& session) -> Status {
    FALAJ_TRY(session.execute(
        "INSERT INTO BRONZE.bronze_orders (raw_data, order_id, store_id) SELECT raw_data, "
        "order_id + 1, store_id FROM part"));
    return {};
  };
  FALAJ_TRY(run.in_transaction(work));
  run.expect_value("SELECT raw_data FROM BRONZE.bronze_orders WHERE order_id = 6 AND store_id = 7",
                   "text");
  run.expect_value("SELECT total_amount FROM BRONZE.bronze_orders", "<null>");
  return {};
}

Status appends_with_constants(ContractRun& run) {
  const auto work = [&](Session& session) -> Status {
    FALAJ_TRY(session.append("BRONZE.bronze_orders", {{"raw_data", "'from ' || 'SQL'"}},
                             {orders_batch(1, 300), orders_batch(301, 20)}));
    FALAJ_TRY(session.append("BRONZE.bronze_orders", {}, {orders_batch(1000, 1, "its own")}));
    FALAJ_TRY(session.execute("INSERT INTO OPS.load_packages VALUES ('P1', 321)"));
    return {};
  };
  FALAJ_TRY(run.in_transaction(work));
  run.expect_value(kCount, "321");
  run.expect_value(std::string(kCount) + " WHERE raw_data = 'from SQL' AND order_id <= 320", "320");
  run.expect_value("SELECT raw_data FROM BRONZE.bronze_orders WHERE order_id = 1000", "its own");
  FALAJ_TRY(run.session().begin());
  FALAJ_TRY(run.session().append("BRONZE.bronze_orders", {}, {orders_batch(2000, 5)}));
  run.expect_value(kCount, "326");
  FALAJ_TRY(run.session().rollback());
  run.expect_value(kCount, "321");
  return {};
}

}  // namespace

std::vector<ContractCase> load_cases() {
  return {
      {"load", "rows that are loaded are there after a reopen", keeps_rows},
      {"load", "batches staged under one name add up, for one session, until they are dropped",
       adds_up_batches},
      {"load", "an empty batch loads nothing", loads_an_empty_batch},
      {"load", "columns are found by their names", copies_columns_by_name},
      {"load", "rows are appended in a transaction, some columns from SQL", appends_with_constants},
      {"load", "NULL in a required column is refused and nothing of it stays",
       refuses_null_where_required},
      {"reload", "a package whose id is in the books is not loaded again", loads_a_package_once},
      {"reload", "rows deleted and loaded again in one transaction are there once",
       reloads_in_place},
  };
}

}  // namespace falaj::warehouse::contract
