#include "operate/reconcile.hpp"

#include <fmt/format.h>

#include <cstdlib>

namespace falaj::operate {
namespace {

// Each query yields: store_id, stream, measure, expected text, actual text.
constexpr const char* kQueries[] = {
    R"(SELECT store_id, stream, 'books of package ' || package_id,
              CAST(fetched AS VARCHAR), CAST(loaded + unchanged + quarantined AS VARCHAR)
       FROM OPS.load_packages WHERE fetched <> loaded + unchanged + quarantined)",
    R"(SELECT b.store_id, 'orders', 'orders known in bronze and in silver',
              CAST(b.n AS VARCHAR), CAST(COALESCE(s.n, 0) AS VARCHAR)
       FROM (SELECT store_id, COUNT(DISTINCT order_id) AS n FROM BRONZE.bronze_orders GROUP BY store_id) b
       LEFT JOIN (SELECT store_id, COUNT(*) AS n FROM SILVER.silver_orders GROUP BY store_id) s
         ON s.store_id = b.store_id)",
    R"(SELECT s.store_id, 'orders', 'live orders in silver and facts in gold',
              CAST(s.n AS VARCHAR), CAST(COALESCE(g.n, 0) AS VARCHAR)
       FROM (SELECT store_id, COUNT(*) AS n FROM SILVER.silver_orders WHERE NOT is_deleted
             GROUP BY store_id) s
       LEFT JOIN (SELECT store_id, COUNT(*) AS n FROM GOLD.gold_fact_orders GROUP BY store_id) g
         ON g.store_id = s.store_id)",
    R"(SELECT s.store_id, 'orders', 'total amount in silver and in gold',
              CAST(s.n AS VARCHAR), CAST(COALESCE(g.n, 0) AS VARCHAR)
       FROM (SELECT store_id, CAST(COALESCE(SUM(total_amount), 0) AS DECIMAL(38,4)) AS n
             FROM SILVER.silver_orders WHERE NOT is_deleted GROUP BY store_id) s
       LEFT JOIN (SELECT store_id, CAST(COALESCE(SUM(total_amount), 0) AS DECIMAL(38,4)) AS n
                  FROM GOLD.gold_fact_orders GROUP BY store_id) g
         ON g.store_id = s.store_id)",
    R"(SELECT g.store_id, 'orders', 'total amount in gold and in daily sales',
              CAST(g.n AS VARCHAR), CAST(COALESCE(m.n, 0) AS VARCHAR)
       FROM (SELECT store_id, CAST(COALESCE(SUM(total_amount), 0) AS DECIMAL(38,4)) AS n
             FROM GOLD.gold_fact_orders GROUP BY store_id) g
       LEFT JOIN (SELECT store_id, CAST(COALESCE(SUM(daily_revenue), 0) AS DECIMAL(38,4)) AS n
                  FROM GOLD.mv_daily_sales GROUP BY store_id) m
         ON m.store_id = g.store_id)",
    R"(SELECT s.store_id, 'order_items', 'lines of live orders in silver and in gold',
              CAST(s.n AS VARCHAR), CAST(COALESCE(g.n, 0) AS VARCHAR)
       FROM (SELECT i.store_id, COUNT(*) AS n FROM SILVER.silver_order_items i
             JOIN SILVER.silver_orders o ON o.store_id = i.store_id AND o.order_id = i.order_id
             WHERE NOT o.is_deleted GROUP BY i.store_id) s
       LEFT JOIN (SELECT store_id, COUNT(*) AS n FROM GOLD.gold_fact_order_items GROUP BY store_id) g
         ON g.store_id = s.store_id)",
    R"(SELECT b.store_id, 'customers', 'customers in bronze and in silver',
              CAST(b.n AS VARCHAR), CAST(COALESCE(s.n, 0) AS VARCHAR)
       FROM (SELECT store_id, COUNT(DISTINCT customer_id) AS n FROM BRONZE.bronze_customers
             GROUP BY store_id) b
       LEFT JOIN (SELECT store_id, COUNT(*) AS n FROM SILVER.silver_customers GROUP BY store_id) s
         ON s.store_id = b.store_id)",
    R"(SELECT b.store_id, 'products', 'products in bronze and in silver',
              CAST(b.n AS VARCHAR), CAST(COALESCE(s.n, 0) AS VARCHAR)
       FROM (SELECT store_id, COUNT(DISTINCT product_id) AS n FROM BRONZE.bronze_products
             GROUP BY store_id) b
       LEFT JOIN (SELECT store_id, COUNT(*) AS n FROM SILVER.silver_products GROUP BY store_id) s
         ON s.store_id = b.store_id)",
};

std::string sql_text(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'') quoted += '\'';
    quoted += c;
  }
  return quoted + "'";
}

}  // namespace

std::string Reconciliation::to_text() const {
  return fmt::format("{}: {}: {} and {} (store {})", stream, measure, expected, actual, store_id);
}

Result<std::vector<Reconciliation>> reconcile(warehouse::Session& session) {
  std::vector<Reconciliation> results;
  for (const char* query : kQueries) {
    FALAJ_ASSIGN(const auto table, session.query(query).while_doing("reconciling the layers"));
    for (const auto& row : table.rows) {
      Reconciliation result;
      result.store_id = std::strtoll(row[0].value_or("0").c_str(), nullptr, 10);
      result.stream = row[1].value_or("");
      result.measure = row[2].value_or("");
      result.expected = row[3].value_or("");
      result.actual = row[4].value_or("");
      results.push_back(std::move(result));
    }
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
        i > 0 ? ", " : "", sql_text(run_id), result.store_id, sql_text(result.stream),
        sql_text(result.measure), sql_text(result.expected), sql_text(result.actual),
        result.matches() ? "TRUE" : "FALSE", sql_text(now));
  }
  return warehouse::in_transaction(session, clock, kAttempts,
                                   [&](warehouse::Session& inside) -> Status {
                                     FALAJ_TRY(inside.execute(sql));
                                     return {};
                                   });
}

}  // namespace falaj::operate
