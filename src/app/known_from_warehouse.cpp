#include "app/known_from_warehouse.hpp"

#include <fmt/format.h>

#include <cstdlib>

namespace falaj::app {
namespace {

// Packages of a run have ids above the run's own, since both are ULIDs of one generator.
constexpr const char* kOrders = R"(
SELECT o.order_id, COALESCE(o.list_key, 0),
       CASE WHEN o.has_full = 1 OR (o.has_details = 1 AND s.order_id IS NOT NULL) THEN 1 ELSE 0 END
FROM (SELECT order_id,
             MAX_BY(payload_key, CASE WHEN shape = 'summary' AND package_id < '{1}' THEN extracted_at END)
               AS list_key,
             MAX(CASE WHEN shape = 'full' THEN 1 ELSE 0 END) AS has_full,
             MAX(CASE WHEN shape = 'details' THEN 1 ELSE 0 END) AS has_details,
             MAX(extracted_at) AS seen_at
      FROM BRONZE.bronze_orders WHERE store_id = {0} GROUP BY order_id) o
LEFT JOIN (SELECT DISTINCT order_id FROM BRONZE.bronze_order_item_sets WHERE store_id = {0}) s
  ON s.order_id = o.order_id
LEFT JOIN (SELECT deletion_id, MAX(extracted_at) AS gone_at FROM BRONZE.bronze_deletions
           WHERE store_id = {0} AND entity = 'orders' GROUP BY deletion_id) d
  ON d.deletion_id = o.order_id
WHERE d.gone_at IS NULL OR d.gone_at < o.seen_at
ORDER BY o.order_id)";

constexpr const char* kEntities = R"(
SELECT e.id FROM (SELECT {1}_id AS id, MAX(extracted_at) AS seen_at FROM BRONZE.bronze_{1}s
                  WHERE store_id = {0} GROUP BY {1}_id) e
LEFT JOIN (SELECT deletion_id, MAX(extracted_at) AS gone_at FROM BRONZE.bronze_deletions
           WHERE store_id = {0} AND entity = '{1}s' GROUP BY deletion_id) d ON d.deletion_id = e.id
WHERE d.gone_at IS NULL OR d.gone_at < e.seen_at
ORDER BY e.id)";

using Cells = std::vector<std::optional<std::string>>;

int64_t number(const std::optional<std::string>& cell) {
  return cell ? std::strtoll(cell->c_str(), nullptr, 10) : 0;
}

Status read_ids(warehouse::Session& session, StoreId store, const char* entity,
                std::vector<int64_t>& ids) {
  return session.query_each(
      fmt::format(kEntities, store.value(), entity), [](const warehouse::Table&) {},
      [&](const Cells& cells) {
        ids.push_back(number(cells[0]));
        return true;
      });
}

}  // namespace

Result<extract::KnownStore> read_known_store(warehouse::Warehouse& warehouse, StoreId store,
                                             const RunId& run) {
  extract::KnownStore known;
  FALAJ_ASSIGN(auto session, warehouse.open_session());
  FALAJ_TRY(session->query_each(
      fmt::format(kOrders, store.value(), run.value()), [](const warehouse::Table&) {},
      [&](const Cells& cells) {
        known.orders.push_back({number(cells[0]), number(cells[1]), number(cells[2]) == 1});
        return true;
      }));
  FALAJ_TRY(read_ids(*session, store, "customer", known.customers));
  FALAJ_TRY(read_ids(*session, store, "product", known.products));
  return known;
}

}  // namespace falaj::app
