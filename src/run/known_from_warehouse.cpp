#include "run/known_from_warehouse.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>

#include "warehouse/books/row_cells.hpp"

namespace falaj::run {
namespace {

// When a row came, as a number: commit order, and in one commit the second. No clock decides between
// commits (docs/models.md, "Which payload wins").
constexpr const char* kMoment =
    "(load_seq * 4294967296 + DATEDIFF('second', CAST('2000-01-01 00:00:00' AS TIMESTAMP), "
    "extracted_at))";

// The store's time of change, where it can be one (src/transform/model_macros.cpp).
constexpr const char* kStamp =
    "CASE WHEN updated_at <= DATEADD('hour', 1, extracted_at) THEN updated_at END";

// An order is deep when its details and all lines of its newest set are there: one whose lines are
// in quarantine is asked for again. So is one of which an event came that is history by the store's own
// time of change (docs/models.md): models do not take it, but a store may have set an order back. Its
// list row does not count as known (key 0) when its newest payload is a webhook's and says something
// else of status or total: it may have come late.
// Yields: kind, id, list_key, is_deep, day, value; sorted by kind and id. One statement, since each
// costs the lake a look at its catalog. Packages of a run have ids above the run's own, and above those of
// earlier runs: all are ULIDs of generators that a home keeps in order.
constexpr const char* kKnown = R"(
WITH gone AS (SELECT entity, deletion_id, MAX({2}) AS gone_at FROM BRONZE.bronze_deletions
              WHERE store_id = {0} GROUP BY entity, deletion_id),
live AS (
  SELECT 'orders' AS kind, o.order_id AS id,
         CASE WHEN o.source = 'webhook' AND (o.list_status IS DISTINCT FROM o.status OR o.list_total IS DISTINCT FROM o.total) THEN 0
              ELSE COALESCE(o.list_key, 0) END AS list_key,
         o.seen_at,
         CASE WHEN o.has_details = 0 OR s.rejected > 0 OR s.rejected IS NULL THEN 0
              WHEN o.event_stamp < o.latest_stamp AND o.event_at > COALESCE(o.answered_at, 0) THEN 0
              ELSE 1 END AS is_deep,
         COALESCE(DATEDIFF('day', CAST('1970-01-01' AS DATE), CAST(DATEADD('hour', 3, o.created_at) AS DATE)), 0) AS day,
         CAST(COALESCE(o.total, 0) AS BIGINT) AS value
  FROM (SELECT order_id,
               MAX_BY(payload_key, CASE WHEN shape = 'summary' AND package_id < '{1}' THEN {2} END)
                 AS list_key,
               MAX_BY(status_slug, CASE WHEN shape = 'summary' THEN {2} END) AS list_status,
               MAX_BY(total_amount, CASE WHEN shape = 'summary' THEN {2} END) AS list_total,
               MAX_BY(source, {2}) AS source, MAX_BY(status_slug, {2}) AS status, MAX_BY(total_amount, {2}) AS total,
               MAX(CASE WHEN shape NOT IN ('summary', 'parts') THEN 1 ELSE 0 END) AS has_details,
               MAX(CASE WHEN shape NOT IN ('summary', 'parts') AND source <> 'webhook' THEN {2} END) AS answered_at,
               MAX(CASE WHEN source = 'webhook' THEN {2} END) AS event_at,
               MAX_BY({3}, CASE WHEN source = 'webhook' THEN {2} END) AS event_stamp,
               MAX({3}) AS latest_stamp,
               MAX({2}) AS seen_at, MAX(created_at) AS created_at
        FROM BRONZE.bronze_orders WHERE store_id = {0} GROUP BY order_id) o
  LEFT JOIN (SELECT order_id, COALESCE(MAX_BY(rejected_count, {2}), 0) AS rejected
             FROM BRONZE.bronze_order_item_sets WHERE store_id = {0} GROUP BY order_id) s
    ON s.order_id = o.order_id
  UNION ALL
  SELECT 'customers', customer_id, 0, MAX({2}), 0, 0, 0 FROM BRONZE.bronze_customers
  WHERE store_id = {0} GROUP BY customer_id
  UNION ALL
  SELECT 'products', product_id, 0, MAX({2}), 0, 0, 0 FROM BRONZE.bronze_products
  WHERE store_id = {0} GROUP BY product_id
)
SELECT l.kind, l.id, l.list_key, l.is_deep, l.day, l.value FROM live l
LEFT JOIN gone g ON g.entity = l.kind AND g.deletion_id = l.id
WHERE g.gone_at IS NULL OR g.gone_at < l.seen_at
ORDER BY l.kind, l.id)";

using Cells = std::vector<std::optional<std::string>>;

}  // namespace

Result<extract::KnownStore> read_known_store(warehouse::Warehouse& warehouse, StoreId store,
                                             const RunId& run) {
  extract::KnownStore known;
  FALAJ_ASSIGN(auto session, warehouse.open_session());
  session->tag_statements({.task = "extract", .store = std::to_string(store.value())});
  FALAJ_TRY(session->query_each(
      fmt::format(kKnown, store.value(), run.value(), kMoment, kStamp),
      [](const warehouse::Table&) {},
      [&](const Cells& cells) {
        const int64_t id = warehouse::number(cells[1]);
        if (cells[0] == "orders") {
          const auto day = std::clamp<int64_t>(warehouse::number(cells[4]), 0, UINT16_MAX);
          known.orders.push_back({id, warehouse::number(cells[2]), warehouse::number(cells[3]) == 1,
                                  static_cast<uint16_t>(day),
                                  static_cast<float>(warehouse::number(cells[5]))});
        } else {
          (cells[0] == "customers" ? known.customers : known.products).push_back(id);
        }
        return true;
      }));
  return known;
}

Result<extract::IdsByStream> read_known_ids(warehouse::Warehouse& warehouse, StoreId store,
                                            const std::vector<extract::KnownIdsAsk>& asks) {
  // One statement, since each costs the lake a look at its catalog.
  std::string live;
  for (const auto& [stream, created] : asks) {
    live += fmt::format(
        "{}SELECT '{}' AS kind, {} AS id, MAX({}) AS seen_at FROM BRONZE.{} WHERE "
        "store_id = {} GROUP BY {}",
        live.empty() ? "" : " UNION ALL ", stream.name, stream.table.id_column, kMoment,
        stream.table.table, store.value(), stream.table.id_column);
    std::vector<std::string> conditions;
    if (!stream.settled_column.empty()) {
      conditions.push_back(fmt::format("COALESCE(MAX_BY({}, {}), '') NOT IN ('{}')",
                                       stream.settled_column, kMoment,
                                       fmt::join(stream.settled_values, "', '")));
    }
    if (created) {
      // Midnight in Riyadh is 21:00 of the day before in UTC.
      conditions.push_back(
          fmt::format("MAX({0}) >= CAST('{1} 21:00:00' AS TIMESTAMP) AND MAX({0}) < CAST('{2} "
                      "21:00:00' AS TIMESTAMP)",
                      extract::kCreatedColumn, extract::day_text(created->first - 1),
                      extract::day_text(created->last)));
    }
    if (!conditions.empty()) live += fmt::format(" HAVING {}", fmt::join(conditions, " AND "));
  }
  extract::IdsByStream ids;
  if (live.empty()) return ids;
  FALAJ_ASSIGN(auto session, warehouse.open_session());
  session->tag_statements({.task = "extract", .store = std::to_string(store.value())});
  FALAJ_TRY(session->query_each(
      fmt::format("SELECT l.kind, l.id FROM ({}) l LEFT JOIN (SELECT entity, deletion_id, "
                  "MAX({}) AS gone_at FROM BRONZE.bronze_deletions WHERE store_id = {} "
                  "GROUP BY entity, deletion_id) g ON g.entity = l.kind AND g.deletion_id = l.id "
                  "WHERE g.gone_at IS NULL OR g.gone_at < l.seen_at ORDER BY l.kind, l.id",
                  live, kMoment, store.value()),
      [](const warehouse::Table&) {},
      [&](const Cells& cells) {
        ids[cells[0].value_or("")].push_back(warehouse::number(cells[1]));
        return true;
      }));
  return ids;
}

}  // namespace falaj::run
