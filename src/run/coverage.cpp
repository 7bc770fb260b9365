#include "run/coverage.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "warehouse/books/row_cells.hpp"

namespace falaj::run {
namespace {

// {0}: now as a timestamp.
constexpr const char* kKnown = R"(
INSERT INTO OPS.coverage (store_id, stream, depth, entity_count, oldest_day, newest_day, updated_at)
SELECT store_id, 'orders', detail_depth, COUNT(*), MIN(order_date), MAX(order_date), {0}
FROM SILVER.silver_orders WHERE NOT is_deleted GROUP BY store_id, detail_depth
UNION ALL
SELECT store_id, 'customers', 'full', COUNT(*), MIN(registration_date), MAX(registration_date), {0}
FROM SILVER.silver_customers WHERE NOT is_deleted GROUP BY store_id
UNION ALL
SELECT store_id, 'products', 'full', COUNT(*), NULL, NULL, {0}
FROM SILVER.silver_products WHERE NOT is_deleted GROUP BY store_id
)";

std::string timestamp_literal(UtcTime now) {
  auto text = to_iso8601(now, true);
  text.pop_back();  // the Z: columns are UTC without a zone
  return fmt::format("CAST('{}' AS TIMESTAMP)", text);
}

}  // namespace

Status write_coverage(warehouse::Session& session, UtcTime now,
                      const std::vector<Announced>& announced) {
  const auto literal = timestamp_literal(now);
  FALAJ_TRY(session.execute("DELETE FROM OPS.coverage"));
  FALAJ_TRY(session.execute(fmt::format(kKnown, literal)));
  std::string stores;
  for (const auto& list : announced) {
    if (list.stream != "orders" && list.stream != "customers" && list.stream != "products")
      continue;
    stores += fmt::format("{}({}, '{}', {})", stores.empty() ? "" : ", ", list.store_id,
                          list.stream, list.entities);
  }
  if (stores.empty()) return {};
  FALAJ_TRY(session.execute(fmt::format(
      "INSERT INTO OPS.coverage (store_id, stream, depth, entity_count, updated_at) "
      "SELECT a.store_id, a.stream, 'unknown', a.entities - COALESCE(k.entities, 0), {} "
      "FROM (VALUES {}) AS a (store_id, stream, entities) LEFT JOIN (SELECT store_id, stream, "
      "CAST(SUM(entity_count) AS BIGINT) AS entities FROM OPS.coverage GROUP BY store_id, stream) "
      "k "
      "ON k.store_id = a.store_id AND k.stream = a.stream "
      "WHERE a.entities > COALESCE(k.entities, 0)",
      literal, stores)));
  return {};
}

Result<std::vector<Coverage>> read_coverage(warehouse::Session& session) {
  FALAJ_ASSIGN(
      const auto table,
      session.query("SELECT store_id, stream, depth, entity_count, CAST(oldest_day AS VARCHAR), "
                    "CAST(newest_day AS VARCHAR), CAST(updated_at AS VARCHAR) FROM OPS.coverage "
                    "ORDER BY store_id, stream, CASE depth WHEN 'summary' THEN 2 WHEN 'details' "
                    "THEN 1 WHEN 'unknown' THEN 3 ELSE 0 END"));
  std::vector<Coverage> rows;
  for (const auto& row : table.rows) {
    rows.push_back({warehouse::number(row[0]), row[1].value_or(""), row[2].value_or(""),
                    warehouse::number(row[3]), row[4].value_or(""), row[5].value_or(""),
                    row[6].value_or("")});
  }
  return rows;
}

}  // namespace falaj::run
