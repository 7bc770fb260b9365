#include <fmt/format.h>

#include "warehouse/contract/case_groups.hpp"

namespace falaj::warehouse::contract {
namespace {

constexpr const char* kCount = "SELECT COUNT(*) FROM BRONZE.bronze_orders";

constexpr const char* kMerge =
    "MERGE INTO BRONZE.bronze_orders t USING changes s ON t.order_id = s.order_id WHEN MATCHED "
    "THEN UPDATE SET raw_data = s.raw_data WHEN NOT MATCHED THEN INSERT (store_id, order_id, "
    "raw_data) VALUES (s.store_id, s.order_id, s.raw_data)";

Status merges(ContractRun& run) {
  FALAJ_TRY(run.load(orders_batch(1, 10)));
  FALAJ_TRY(run.session().stage("changes", orders_batch(8, 5, "new")));
  const auto merge = [](Session& session) -> Status {
    FALAJ_TRY(session.execute(kMerge));
    return {};
  };
  const Status merged = run.in_transaction(merge);
  run.expect_unless(Quirk::kNoMergeInTransaction, merged.ok(), "MERGE works in a transaction");
  if (!merged.ok()) FALAJ_TRY(merge(run.session()));
  run.expect_value(kCount, "12");
  run.expect_value(std::string(kCount) + " WHERE raw_data = 'new'", "5");
  run.expect_value("SELECT COUNT(DISTINCT order_id) FROM BRONZE.bronze_orders", "12");
  return {};
}

Status refuses_an_ambiguous_merge(ContractRun& run) {
  FALAJ_TRY(run.load(orders_batch(1, 1)));
  FALAJ_TRY(run.session().stage("changes", orders_batch(1, 1, "a")));
  FALAJ_TRY(run.session().stage("changes", orders_batch(1, 1, "b")));
  run.expect_unless(Quirk::kMergesDuplicatesSilently, !run.session().execute(kMerge).ok(),
                    "a MERGE that meets a row twice is refused");
  return {};
}

// The way of the models: what must be written is selected first, then rows go and come.
Status merges_by_delete_and_insert(ContractRun& run) {
  FALAJ_TRY(run.load(orders_batch(1, 10)));
  FALAJ_TRY(run.session().stage("changes", orders_batch(8, 5, "new")));
  int64_t deleted = -1;
  int64_t inserted = -1;
  const auto work = [&](Session& session) -> Status {
    FALAJ_ASSIGN(deleted, session.execute("DELETE FROM BRONZE.bronze_orders AS t USING (SELECT "
                                          "order_id FROM changes) AS d WHERE t.order_id = "
                                          "d.order_id"));
    FALAJ_ASSIGN(inserted, session.execute("INSERT INTO BRONZE.bronze_orders (store_id, order_id, "
                                           "raw_data) SELECT store_id, order_id, raw_data FROM "
                                           "changes"));
    return {};
  };
  FALAJ_TRY(run.in_transaction(work));
  run.expect_equal(std::to_string(deleted), "3", "rows that DELETE says it has touched");
  run.expect_equal(std::to_string(inserted), "5", "rows that INSERT says it has made");
  run.expect_value(kCount, "12");
  run.expect_value(std::string(kCount) + " WHERE raw_data = 'new'", "5");
  return {};
}

Status replaces(ContractRun& run) {
  FALAJ_TRY(run.load(orders_batch(1, 100)));
  FALAJ_ASSIGN(auto other, run.warehouse().open_session());
  const auto work = [&](Session& session) -> Status {
    FALAJ_TRY(session.execute("DELETE FROM BRONZE.bronze_orders"));
    FALAJ_TRY(run.insert(session, orders_batch(501, 5, "replaced")));
    run.expect_equal(run.value(*other, kCount), "100", "rows that others see meanwhile");
    return {};
  };
  FALAJ_TRY(run.in_transaction(work));
  run.expect_value(kCount, "5");
  run.expect_equal(run.value(*other, kCount), "5", "rows that others see afterwards");
  run.expect_value("SELECT MIN(order_id) FROM BRONZE.bronze_orders WHERE raw_data = 'replaced'",
                   "501");
  return {};
}

TableDefinition customers_definition() {
  using rows::ColumnType;
  TableDefinition table;
  table.schema = "GOLD";
  table.name = "gold_dim_customers";
  table.columns = {{{"customer_key", ColumnType::kBigInt, true},
                    {"customer_id", ColumnType::kBigInt, true},
                    {"city", ColumnType::kText},
                    {"effective_date", ColumnType::kTimestamp},
                    {"expiration_date", ColumnType::kTimestamp},
                    {"is_current", ColumnType::kBool}}};
  return table;
}

// Closes the versions of customers whose city differs and begins new ones, at `at`.
Status add_versions(Session& session, const std::string& at, const std::string& cities,
                    int64_t& closed) {
  FALAJ_TRY(session.fill(
      "work_write",
      fmt::format("SELECT n.customer_id, n.city, CASE WHEN o.customer_id IS NULL THEN 1 ELSE 0 END "
                  "AS is_new FROM (VALUES {}) AS n(customer_id, city) LEFT JOIN (SELECT "
                  "customer_id, city FROM GOLD.gold_dim_customers WHERE is_current) AS o ON "
                  "n.customer_id = o.customer_id WHERE o.customer_id IS NULL OR n.city IS DISTINCT "
                  "FROM o.city",
                  cities)));
  FALAJ_ASSIGN(closed,
               session.execute(fmt::format(
                   "UPDATE GOLD.gold_dim_customers AS t SET expiration_date = CAST('{}' AS "
                   "TIMESTAMP), is_current = FALSE FROM work_write AS w WHERE t.is_current AND "
                   "w.is_new = 0 AND t.customer_id = w.customer_id",
                   at)));
  FALAJ_TRY(session.execute(fmt::format(
      "INSERT INTO GOLD.gold_dim_customers (customer_key, customer_id, city, effective_date, "
      "expiration_date, is_current) SELECT surrogate_key('gold_dim_customers', w.customer_id, "
      "'{0}'), w.customer_id, w.city, CAST('{0}' AS TIMESTAMP), CAST('9999-12-31 00:00:00' AS "
      "TIMESTAMP), TRUE FROM work_write AS w",
      at)));
  return {};
}

Status keeps_versions(ContractRun& run) {
  using rows::ColumnType;
  FALAJ_TRY(run.warehouse().create_tables({customers_definition()}));
  FALAJ_TRY(run.session().declare("work_write", {{{"customer_id", ColumnType::kBigInt},
                                                  {"city", ColumnType::kText},
                                                  {"is_new", ColumnType::kBigInt}}}));
  const struct {
    const char* at;
    const char* cities;
    int64_t closes;
  } steps[] = {{"2026-01-01 00:00:00", "(1, 'Riyadh'), (2, 'Jeddah')", 0},
               {"2026-02-01 00:00:00", "(1, 'Riyadh'), (2, 'Dammam'), (3, NULL)", 1},
               {"2026-03-01 00:00:00", "(1, 'Riyadh'), (2, 'Dammam'), (3, NULL)", 0},
               {"2026-04-01 00:00:00", "(2, 'Jeddah'), (3, 'Abha')", 2}};
  for (const auto& step : steps) {
    int64_t closed = -1;
    const auto work = [&](Session& session) {
      return add_versions(session, step.at, step.cities, closed);
    };
    FALAJ_TRY(run.in_transaction(work));
    run.expect_equal(std::to_string(closed), std::to_string(step.closes),
                     std::string("versions closed at ") + step.at);
  }
  const std::string count = "SELECT COUNT(*) FROM GOLD.gold_dim_customers";
  run.expect_value(count, "6");
  run.expect_value(count + " WHERE is_current", "3");
  run.expect_value("SELECT COUNT(DISTINCT customer_key) FROM GOLD.gold_dim_customers", "6");
  const auto city_at = [&](const char* id, const char* at) {
    return fmt::format(
        "SELECT city FROM GOLD.gold_dim_customers WHERE customer_id = {} AND effective_date <= "
        "CAST('{}' AS TIMESTAMP) AND expiration_date > CAST('{}' AS TIMESTAMP)",
        id, at, at);
  };
  run.expect_value(city_at("2", "2026-01-31 23:59:59"), "Jeddah");
  run.expect_value(city_at("2", "2026-02-01 00:00:00"), "Dammam");
  run.expect_value(city_at("2", "2026-05-01 00:00:00"), "Jeddah");
  run.expect_value(city_at("3", "2026-03-15 00:00:00"), "<null>");
  run.expect_value(city_at("3", "2026-05-01 00:00:00"), "Abha");
  return {};
}

Status fills_tables_from_queries(ContractRun& run) {
  FALAJ_TRY(run.load(orders_batch(1, 20)));
  FALAJ_TRY(run.session().declare(
      "work", {{{"order_id", rows::ColumnType::kBigInt}, {"raw_data", rows::ColumnType::kText}}}));
  const auto work = [&](Session& session) -> Status {
    FALAJ_TRY(session.fill("work",
                           "SELECT order_id, raw_data FROM BRONZE.bronze_orders WHERE "
                           "order_id > 5"));
    run.expect_equal(run.value(session, "SELECT COUNT(*) FROM work"), "15", "rows of the first");
    FALAJ_TRY(session.drop_staged("work"));
    FALAJ_TRY(session.fill("work",
                           "SELECT order_id, raw_data FROM BRONZE.bronze_orders WHERE "
                           "order_id > 18"));
    run.expect_equal(run.value(session, "SELECT COUNT(*) FROM work"), "2", "rows of the second");
    return {};
  };
  FALAJ_TRY(run.in_transaction(work));
  run.expect_value(kCount, "20");
  return {};
}

}  // namespace

std::vector<ContractCase> write_cases() {
  return {
      {"merge", "MERGE updates what matches and inserts the rest", merges},
      {"merge", "a MERGE that meets a row twice is refused", refuses_an_ambiguous_merge},
      {"merge", "rows are replaced by DELETE and INSERT, which say how many they touched",
       merges_by_delete_and_insert},
      {"merge", "a work table is filled from a query, again and again in one transaction",
       fills_tables_from_queries},
      {"scd2", "versions begin where one ends, one of a key is current, keys tell them apart",
       keeps_versions},
      {"replace", "all rows are replaced at once, for others too", replaces},
  };
}

}  // namespace falaj::warehouse::contract
