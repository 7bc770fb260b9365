#include "run/reconcile.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "warehouse/books/row_cells.hpp"
#include "warehouse/books/sql_literal.hpp"

namespace falaj::run {
namespace {

// Yields store_id, stream, measure, expected text, actual text. One statement, each table read
// once: looking up a table's files costs more than counting what most stores have in them. What is
// summed is cast: a bare SUM of a column is one of doubles on the emulator of Snowflake, and a
// million orders do not add up to the last digit then.
constexpr const char* kMeasures = R"(
WITH bronze_orders AS (
  SELECT store_id, COUNT(DISTINCT order_id) AS n FROM BRONZE.bronze_orders GROUP BY store_id
), silver_orders AS (
  SELECT store_id, COUNT(*) AS n, CAST(SUM(CASE WHEN is_deleted THEN 0 ELSE 1 END) AS BIGINT) AS live,
         COALESCE(SUM(CAST(CASE WHEN NOT is_deleted THEN total_amount END AS DECIMAL(38,4))), 0) AS total
  FROM SILVER.silver_orders GROUP BY store_id
), gold_orders AS (
  SELECT store_id, COUNT(*) AS n, COALESCE(SUM(CAST(total_amount AS DECIMAL(38,4))), 0) AS total
  FROM GOLD.gold_fact_orders GROUP BY store_id
), daily AS (
  SELECT store_id, COALESCE(SUM(CAST(daily_revenue AS DECIMAL(38,4))), 0) AS total
  FROM GOLD.mv_daily_sales GROUP BY store_id
), silver_items AS (
  SELECT i.store_id, COUNT(*) AS n FROM SILVER.silver_order_items i
  JOIN SILVER.silver_orders o ON o.store_id = i.store_id AND o.order_id = i.order_id
  WHERE NOT o.is_deleted GROUP BY i.store_id
), gold_items AS (
  SELECT store_id, COUNT(*) AS n FROM GOLD.gold_fact_order_items GROUP BY store_id
), bronze_customers AS (
  SELECT store_id, COUNT(DISTINCT customer_id) AS n FROM BRONZE.bronze_customers GROUP BY store_id
), silver_customers AS (
  SELECT store_id, COUNT(*) AS n FROM SILVER.silver_customers GROUP BY store_id
), bronze_products AS (
  SELECT store_id, COUNT(DISTINCT product_id) AS n FROM BRONZE.bronze_products GROUP BY store_id
), silver_products AS (
  SELECT store_id, COUNT(*) AS n FROM SILVER.silver_products GROUP BY store_id
), kept_out AS (
  SELECT store_id, model, COUNT(DISTINCT row_key) AS n FROM SILVER.quarantine
  WHERE model IS NOT NULL AND resolved_at IS NULL GROUP BY store_id, model
)
SELECT store_id, stream, 'books of package ' || package_id,
       CAST(fetched AS VARCHAR), CAST(loaded + unchanged + quarantined AS VARCHAR)
FROM OPS.load_packages WHERE fetched <> loaded + unchanged + quarantined
UNION ALL
SELECT b.store_id, 'orders', 'orders known in bronze and in silver',
       CAST(b.n AS VARCHAR), CAST(COALESCE(s.n, 0) + COALESCE(k.n, 0) AS VARCHAR)
FROM bronze_orders b LEFT JOIN silver_orders s ON s.store_id = b.store_id
LEFT JOIN kept_out k ON k.store_id = b.store_id AND k.model = 'silver_orders'
UNION ALL
SELECT s.store_id, 'orders', 'live orders in silver and facts in gold',
       CAST(s.live AS VARCHAR), CAST(COALESCE(g.n, 0) AS VARCHAR)
FROM silver_orders s LEFT JOIN gold_orders g ON g.store_id = s.store_id
UNION ALL
SELECT s.store_id, 'orders', 'total amount in silver and in gold',
       CAST(s.total AS VARCHAR), CAST(COALESCE(g.total, 0) AS VARCHAR)
FROM silver_orders s LEFT JOIN gold_orders g ON g.store_id = s.store_id
UNION ALL
SELECT g.store_id, 'orders', 'total amount in gold and in daily sales',
       CAST(g.total AS VARCHAR), CAST(COALESCE(m.total, 0) AS VARCHAR)
FROM gold_orders g LEFT JOIN daily m ON m.store_id = g.store_id
UNION ALL
SELECT s.store_id, 'order_items', 'lines of live orders in silver and in gold',
       CAST(s.n AS VARCHAR), CAST(COALESCE(g.n, 0) AS VARCHAR)
FROM silver_items s LEFT JOIN gold_items g ON g.store_id = s.store_id
UNION ALL
SELECT b.store_id, 'customers', 'customers in bronze and in silver',
       CAST(b.n AS VARCHAR), CAST(COALESCE(s.n, 0) + COALESCE(k.n, 0) AS VARCHAR)
FROM bronze_customers b LEFT JOIN silver_customers s ON s.store_id = b.store_id
LEFT JOIN kept_out k ON k.store_id = b.store_id AND k.model = 'silver_customers'
UNION ALL
SELECT b.store_id, 'products', 'products in bronze and in silver',
       CAST(b.n AS VARCHAR), CAST(COALESCE(s.n, 0) + COALESCE(k.n, 0) AS VARCHAR)
FROM bronze_products b LEFT JOIN silver_products s ON s.store_id = b.store_id
LEFT JOIN kept_out k ON k.store_id = b.store_id AND k.model = 'silver_products'
)";

}  // namespace

std::string Reconciliation::to_text() const {
  return fmt::format("{}: {}: {} and {} (store {})", stream, measure, expected, actual, store_id);
}

Result<std::vector<Reconciliation>> reconcile(warehouse::Session& session) {
  std::vector<Reconciliation> results;
  FALAJ_ASSIGN(const auto table, session.query(kMeasures).while_doing("reconciling the layers"));
  for (const auto& row : table.rows) {
    Reconciliation result;
    result.store_id = warehouse::number(row[0]);
    result.stream = row[1].value_or("");
    result.measure = row[2].value_or("");
    result.expected = row[3].value_or("");
    result.actual = row[4].value_or("");
    results.push_back(std::move(result));
  }
  return results;
}

Status record_reconciliations(warehouse::Session& session, Clock& clock, const std::string& run_id,
                              const std::vector<Reconciliation>& results) {
  if (results.empty()) return {};
  constexpr int kAttempts = 5;
  std::string sql =
      "INSERT INTO OPS.reconciliations (run_id, store_id, stream, measure, expected, actual, "
      "matches, checked_at) VALUES ";
  auto now = to_iso8601(clock.now(), true);
  now.pop_back();  // the Z: columns are UTC without a zone
  for (size_t i = 0; i < results.size(); ++i) {
    const auto& result = results[i];
    sql += fmt::format(
        "{}({}, {}, {}, {}, CAST({} AS DECIMAL(18,4)), CAST({} AS DECIMAL(18,4)), {}, CAST({} AS "
        "TIMESTAMP))",
        i > 0 ? ", " : "", warehouse::text_literal(run_id), result.store_id,
        warehouse::text_literal(result.stream), warehouse::text_literal(result.measure),
        warehouse::text_literal(result.expected), warehouse::text_literal(result.actual),
        result.matches() ? "TRUE" : "FALSE", warehouse::text_literal(now));
  }
  return warehouse::in_transaction(session, clock, kAttempts,
                                   [&](warehouse::Session& inside) -> Status {
                                     FALAJ_TRY(inside.execute(sql));
                                     return {};
                                   });
}

}  // namespace falaj::run
