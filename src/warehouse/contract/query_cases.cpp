#include <fmt/format.h>

#include "warehouse/contract/case_groups.hpp"

namespace falaj::warehouse::contract {
namespace {

Status streams_results(ContractRun& run) {
  constexpr int64_t kRows = 20'000;
  FALAJ_TRY(run.load(orders_batch(1, kRows)));
  int64_t rows = 0;
  std::vector<Table::ColumnInfo> columns;
  FALAJ_TRY(run.session().query_each(
      "SELECT order_id, total_amount, is_draft FROM BRONZE.bronze_orders ORDER BY order_id",
      [&](const Table& header) { columns = header.columns; },
      [&](const auto& row) { return row[0] == std::to_string(++rows); }));
  run.expect_equal(std::to_string(rows), std::to_string(kRows), "rows in their order");
  columns.resize(3);
  run.expect(columns[0].is_number && !columns[0].is_decimal, "a BIGINT is a number");
  run.expect(columns[1].is_decimal, "money is a decimal");
  run.expect(columns[2].is_bool, "a BOOLEAN is one");
  run.expect_equal(columns[0].type, run.subject().integer_type(), "the name of BIGINT");
  rows = 0;
  FALAJ_TRY(run.session().query_each("SELECT order_id FROM BRONZE.bronze_orders", {},
                                     [&](const auto&) { return ++rows < 5; }));
  run.expect_equal(std::to_string(rows), "5", "rows until it was stopped");
  run.expect_value("SELECT COUNT(*) FROM BRONZE.bronze_orders", std::to_string(kRows));
  return {};
}

Status tells_errors_apart(ContractRun& run) {
  const auto check = [&](const std::string& sql, ErrorKind kind) {
    const auto result = run.session().query(sql);
    Status status;
    if (!result.ok()) status = result.error();
    if (run.expect_error(status, kind, sql)) {
      run.expect(status.error().to_text().find("SQL: ") != std::string::npos,
                 "the message quotes the SQL: " + status.error().to_text());
    }
  };
  check("SELEC", ErrorKind::kUsage);
  check("SELECT nope FROM BRONZE.bronze_orders", ErrorKind::kUsage);
  check("SELECT * FROM BRONZE.nowhere", ErrorKind::kUsage);
  check("SELECT * FROM NOWHERE.bronze_orders", ErrorKind::kUsage);
  check("SELECT CAST('x' AS BIGINT)", ErrorKind::kRowsRejected);
  run.expect_value("SELECT 1", "1");
  return {};
}

Status speaks_the_common_subset(ContractRun& run) {
  const std::pair<const char*, const char*> cases[] = {
      {"CAST(NULL AS timestamp_ntz) IS NULL", "true"},
      {"iff(1 = 1, 'a', 'b')", "a"},
      {"nvl(NULL, 3)", "3"},
      {"zeroifnull(NULL)", "0"},
      {"equal_null(NULL, NULL)", "true"},
      {"sha2('abc', 256)", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {"sha2('abc')", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {"CAST(dateadd('day', -3, DATE '2026-03-01') AS DATE)", "2026-02-26"},
      {"CAST(dateadd('month', 1, DATE '2026-01-31') AS DATE)", "2026-02-28"},
      {"dateadd('hour', 3, TIMESTAMP '2026-01-01 22:00:00')", "2026-01-02 01:00:00.000000"},
      {"DATEDIFF('day', DATE '2026-01-01', DATE '2026-02-01')", "31"},
      {"convert_timezone('UTC', 'Asia/Riyadh', TIMESTAMP '2026-01-01 22:00:00')",
       "2026-01-02 01:00:00.000000"},
      {"dayofweekiso(DATE '2026-11-23')", "1"},
      {"to_date('2026-11-23')", "2026-11-23"},
      {"date_from_parts(2026, 11, 23)", "2026-11-23"},
      {"'a' || NULL IS NULL", "true"},
      {"POSITION('c' IN 'abc')", "3"},
      {"(SELECT x FROM (VALUES (2), (NULL), (1)) t(x) ORDER BY x DESC LIMIT 1) IS NULL", "true"},
      {"(SELECT x FROM (VALUES (2), (NULL), (1)) t(x) ORDER BY x LIMIT 1)", "1"},
      {"(SELECT x FROM (VALUES (1, 'a'), (1, 'b')) t(n, x) QUALIFY ROW_NUMBER() OVER (PARTITION BY "
       "n ORDER BY x DESC NULLS LAST) = 1)",
       "b"},
  };
  for (const auto& [expression, expected] : cases) run.expect_sql(expression, expected);
  return {};
}

// The same numbers on every warehouse: facts that were keyed on one join with another's.
Status makes_the_same_keys(ContractRun& run) {
  const std::pair<const char*, const char*> cases[] = {
      {"surrogate_key('gold_fact_orders', 1305146709, 1)", "5889696763769909090"},
      {"surrogate_key('gold_dim_customers', 7, 12, '1900-01-01T00:00:00Z')", "5378018959121865850"},
      {"surrogate_key('gold_dim_payment_method', 'مدى')", "5526359472319744409"},
      {"surrogate_key('x', NULL)", "8826963501918341477"},
  };
  for (const auto& [expression, expected] : cases) {
    run.expect_value(fmt::format("SELECT {}", expression), expected);
  }
  run.expect_value("SELECT surrogate_key('x', '') = surrogate_key('x', NULL)", "false");
  return {};
}

}  // namespace

std::vector<ContractCase> query_cases() {
  return {
      {"results", "rows come in their order, typed, and may be left", streams_results},
      {"errors", "errors have kinds and quote the SQL", tells_errors_apart},
      {"sql", "the common subset of SQL means the same", speaks_the_common_subset},
      {"sql", "surrogate keys are the same numbers everywhere", makes_the_same_keys},
  };
}

}  // namespace falaj::warehouse::contract
